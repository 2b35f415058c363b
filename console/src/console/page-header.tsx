import { Anchor, Button, NativeSelect, VisuallyHidden } from '@mantine/core';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useAnnounce } from '../shared/announce.tsx';
import { Mark } from '../shared/icons.tsx';
import { SchemeChoice } from '../shared/scheme-choice.tsx';
import { ALL_SESSIONS } from '../sre/session-filters.ts';
import type { RolloutAnswer } from './api-types.ts';
import { type ConsoleSignIn, ROLES, type Role } from './console-sign-in.ts';
import { Link } from './link.tsx';
import type { LiveRollout } from './live-rollout.ts';
import { type ConsoleParts, useLive } from './page-parts.ts';
import { addresses, type Route } from './route.ts';
import { words } from './words.ts';

export type PageHeaderProps = { readonly parts: ConsoleParts; readonly route: Route };

export function PageHeader({ parts, route }: PageHeaderProps) {
  const { flag, live, signIn } = parts;
  const links = useLinks(parts, route);
  return (
    <header className="page-header">
      <div className="brand">
        <Mark />
        <div>
          <p className="product">{words.product}</p>
          <h1>
            {route.page === 'rollout' ? (
              <>
                {words.flag} <span className="flag">{flag}</span>
              </>
            ) : (
              words.pages[route.page]
            )}
          </h1>
        </div>
      </div>
      <div className="settings">
        {route.page === 'rollout' && <LiveDot live={live} />}
        <RoleMenu live={live} signIn={signIn} />
        <SchemeChoice texts={words.scheme} />
      </div>
      <div className="ways">
        <Pages flag={flag} route={route} signIn={signIn} />
        <Links links={links} />
      </div>
    </header>
  );
}

/** What the role may see. */
function Pages({ flag, route, signIn }: Pick<ConsoleParts, 'flag' | 'signIn'> & { readonly route: Route }) {
  const role = useSyncExternalStore(signIn.subscribe, () => signIn.role);
  const pages: readonly (readonly [
    'rollout' | 'sessions' | 'dead-letters' | 'consumers' | 'provider',
    string,
  ])[] =
    role === 'sre'
      ? [
          ['rollout', addresses.rollout(flag)],
          ['sessions', addresses.sessions(ALL_SESSIONS)],
          ['dead-letters', addresses.deadLetters],
          ['consumers', addresses.consumers],
          ['provider', addresses.provider],
        ]
      : [['rollout', addresses.rollout(flag)]];
  // One that leads to where one is leads nowhere.
  if (role === null || role === 'user' || (pages.length === 1 && route.page === 'rollout')) return null;
  const here = route.page === 'session' ? 'sessions' : route.page;
  return (
    <nav className="pages" aria-label={words.pages.label}>
      {pages.map(([page, href]) => (
        <Link key={page} href={href} current={page === here && 'page'}>
          {words.pages[page]}
        </Link>
      ))}
    </nav>
  );
}

/** The rollout's own links; on other pages they are asked for once, and are left out when they cannot be had. */
function useLinks({ live, sre, signIn }: ConsoleParts, route: Route): RolloutAnswer['links'] | null {
  const { rollout } = useLive(live);
  const role = useSyncExternalStore(signIn.subscribe, () => signIn.role);
  const [asked, setAsked] = useState<RolloutAnswer['links'] | null>(null);
  const isMissing = rollout === null && asked === null && route.page !== 'rollout' && role === 'sre';
  useEffect(() => {
    if (isMissing) sre.links().then(setAsked, () => undefined);
  }, [isMissing, sre]);
  return rollout?.links ?? asked;
}

function LiveDot({ live }: { readonly live: LiveRollout }) {
  const { link, seenAt } = useLive(live);
  if (link.phase === 'refused') return null;
  const text = link.phase === 'away' ? words.live.away(seenAt) : words.live[link.phase];
  return (
    <span className="live">
      <span className="live-dot" data-phase={link.phase} aria-hidden="true" />
      <span role="status">{text}</span>
      {link.phase === 'away' && (
        <Button variant="default" size="compact-xs" onClick={() => live.again()}>
          {words.live.again}
        </Button>
      )}
    </span>
  );
}

/** Where tokens are given for development one can see what others see. */
function RoleMenu({ live, signIn }: { readonly live: LiveRollout; readonly signIn: ConsoleSignIn }) {
  const announce = useAnnounce();
  const state = useSyncExternalStore(signIn.subscribe, () => signIn.state);
  const role = useSyncExternalStore(signIn.subscribe, () => signIn.role);
  const [wanted, setWanted] = useState<Role | null>(null);
  if (state.phase !== 'signed-in' || role === null) return null;
  if (state.as === 'token') return <span className="quiet small">{words.role.names[role]}</span>;

  async function lookAs(next: Role): Promise<void> {
    setWanted(next);
    try {
      await signIn.lookAs(next);
      live.again();
    } catch {
      announce(words.role.failed);
    } finally {
      setWanted(null);
    }
  }

  return (
    <NativeSelect
      size="xs"
      className="role"
      aria-label={words.role.label}
      disabled={wanted !== null}
      value={wanted ?? role}
      onChange={(event) => void lookAs(event.currentTarget.value as Role)}
      data={ROLES.map((value) => ({ value, label: words.role.names[value] }))}
    />
  );
}

function Links({ links }: { readonly links: RolloutAnswer['links'] | null }) {
  const { recorder, unleash, dashboard, api } = words.links;
  return (
    <nav className="links small" aria-label={words.links.label}>
      <Anchor href="/" inherit>
        {recorder}
      </Anchor>
      {typeof links?.unleash === 'string' && <Elsewhere href={links.unleash} name={unleash} />}
      {typeof links?.dashboard === 'string' && <Elsewhere href={links.dashboard} name={dashboard} />}
      <Anchor href="/docs" inherit>
        {api}
      </Anchor>
    </nav>
  );
}

function Elsewhere({ href, name }: { readonly href: string; readonly name: string }) {
  return (
    <Anchor href={href} target="_blank" rel="noreferrer" inherit>
      {name}
      <span aria-hidden="true"> ↗</span>
      <VisuallyHidden> {words.links.elsewhere}</VisuallyHidden>
    </Anchor>
  );
}
