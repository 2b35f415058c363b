/** The console page: who looks, whether the server is there, and then the rollout. */
import { Anchor } from '@mantine/core';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { Announcer, useAnnounce } from '../shared/announce.tsx';
import { TokenForm } from '../shared/token-form.tsx';
import type { HistoryItem, RolloutAnswer } from './api-types.ts';
import { Loading } from './loading.tsx';
import { PageHeader } from './page-header.tsx';
import { type ConsoleParts, useLive } from './page-parts.ts';
import { Refused } from './refused.tsx';
import { RolloutPage } from './rollout-page.tsx';
import { words } from './words.ts';

export function App({ parts }: { readonly parts: ConsoleParts }) {
  return (
    <Announcer>
      <a className="skip" href="#rollout">
        {words.skip}
      </a>
      <PageHeader {...parts} />
      <main className="page console" id="rollout" tabIndex={-1}>
        <Content {...parts} />
      </main>
      <footer className="page-footer quiet small">
        <span>{words.product}</span>
        <Anchor href="/docs" inherit>
          {words.links.api}
        </Anchor>
      </footer>
    </Announcer>
  );
}

function Content({ flag, live, signIn }: ConsoleParts) {
  const { link, rollout, experiment } = useLive(live);
  const signedIn = useSyncExternalStore(signIn.subscribe, () => signIn.state);
  useFollowing(live);
  useTitle(flag, rollout);
  useTelling(rollout);

  const isRefused = link.phase === 'refused';
  // A token of the wrong role is changed for another in the same way.
  const wantsToken =
    signedIn.phase === 'asked' ||
    (signedIn.phase === 'signed-in' && signedIn.as === 'token' && isRefused && link.error.status === 403);
  return (
    <>
      {isRefused && signedIn.phase !== 'asked' && (
        <Refused error={link.error} flag={flag} onAgain={() => live.again()} />
      )}
      {wantsToken && (
        <div className="signing-in">
          <TokenForm
            texts={words.signIn}
            rejected={signedIn.phase === 'asked' && signedIn.rejected}
            onToken={(token) => {
              signIn.give(token);
              live.again();
            }}
          />
        </div>
      )}
      {!isRefused && !wantsToken && rollout === null && <Loading link={link} onAgain={() => live.again()} />}
      {!isRefused && !wantsToken && rollout !== null && link.phase === 'away' && (
        <p className="banner warning stale">{words.live.lost}</p>
      )}
      {!isRefused && !wantsToken && rollout !== null && (
        <RolloutPage rollout={rollout} experiment={experiment} live={live} signIn={signIn} />
      )}
    </>
  );
}

/** Connected while the page is there; at once again when the device is back from a tunnel or from sleep. */
function useFollowing(live: ConsoleParts['live']): void {
  useEffect(() => live.follow(), [live]);
  useEffect(() => {
    const again = () => {
      if (document.visibilityState === 'visible' && live.state.link.phase === 'away') live.again();
    };
    window.addEventListener('online', again);
    document.addEventListener('visibilitychange', again);
    return () => {
      window.removeEventListener('online', again);
      document.removeEventListener('visibilitychange', again);
    };
  }, [live]);
}

/** A tab that is open all day says where the rollout is. */
function useTitle(flag: string, rollout: RolloutAnswer | null): void {
  const title = rollout === null ? `${flag} · ${words.product}` : words.titleOf(rollout.percent, flag);
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** What happens is said to who cannot see it change. */
function useTelling(rollout: RolloutAnswer | null): void {
  const announce = useAnnounce();
  const told = useRef<HistoryItem | null>(null);
  const newest = rollout?.history[0] ?? null;
  useEffect(() => {
    const before = told.current;
    told.current = newest;
    if (newest === null || before === null) return;
    if (newest.at !== before.at || newest.type !== before.type) announce(newest.text);
  }, [newest, announce]);
}
