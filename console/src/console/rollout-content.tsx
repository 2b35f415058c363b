/** The rollout in each of its states: on its way, not ours to see, away, there. */
import { useEffect, useRef } from 'react';
import { useAnnounce } from '../shared/announce.tsx';
import type { HistoryItem, RolloutAnswer } from './api-types.ts';
import { Loading } from './loading.tsx';
import { type ConsoleParts, useLive } from './page-parts.ts';
import { Refused } from './refused.tsx';
import { RolloutPage } from './rollout-page.tsx';
import { SigningIn, useWantsToken } from './signing-in.tsx';
import { words } from './words.ts';

export type RolloutContentProps = Pick<ConsoleParts, 'flag' | 'live' | 'signIn'>;

export function RolloutContent({ flag, live, signIn }: RolloutContentProps) {
  const { link, rollout, experiment } = useLive(live);
  useFollowing(live);
  useTitle(flag, rollout);
  useTelling(rollout);

  const isRefused = link.phase === 'refused';
  const wantsToken = useWantsToken(signIn, link.phase === 'refused' ? link.error : null);
  const isShown = !isRefused && wantsToken === null;
  return (
    <>
      {isRefused && wantsToken !== 'asked' && (
        <Refused error={link.error} flag={flag} onAgain={() => live.again()} />
      )}
      {wantsToken !== null && <SigningIn signIn={signIn} onSignedIn={() => live.again()} />}
      {isShown && rollout === null && <Loading link={link} onAgain={() => live.again()} />}
      {isShown && rollout !== null && link.phase === 'away' && (
        <p className="banner warning stale">{words.live.lost}</p>
      )}
      {isShown && rollout !== null && (
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
