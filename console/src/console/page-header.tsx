import { Anchor, Button, NativeSelect, VisuallyHidden } from '@mantine/core';
import { useState, useSyncExternalStore } from 'react';
import { useAnnounce } from '../shared/announce.tsx';
import { Mark } from '../shared/icons.tsx';
import { SchemeChoice } from '../shared/scheme-choice.tsx';
import type { RolloutAnswer } from './api-types.ts';
import { type ConsoleSignIn, ROLES, type Role } from './console-sign-in.ts';
import type { LiveRollout } from './live-rollout.ts';
import { type ConsoleParts, useLive } from './page-parts.ts';
import { words } from './words.ts';

export function PageHeader({ flag, live, signIn }: ConsoleParts) {
  const { rollout } = useLive(live);
  return (
    <header className="page-header">
      <div className="brand">
        <Mark />
        <div>
          <p className="product">{words.product}</p>
          <h1>
            {words.flag} <span className="flag">{flag}</span>
          </h1>
        </div>
      </div>
      <div className="settings">
        <LiveDot live={live} />
        <RoleMenu live={live} signIn={signIn} />
        <SchemeChoice texts={words.scheme} />
      </div>
      <Links links={rollout?.links ?? null} />
    </header>
  );
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
