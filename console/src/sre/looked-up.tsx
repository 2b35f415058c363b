/** What is asked for again and again, in each of its states: on its way, not ours to see, not there, away, there. */
import { Button, Skeleton } from '@mantine/core';
import type { ApiError } from '@thankly/voice-client';
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from 'react';
import type { ConsoleSignIn } from '../console/console-sign-in.ts';
import { clockText } from '../console/figures.ts';
import { SigningIn, useWantsToken } from '../console/signing-in.tsx';
import { words as frame } from '../console/words.ts';
import type { Polled } from './polled.ts';
import { words } from './words.ts';

export type LookedUpProps<T> = {
  readonly source: Pick<Polled<T>, 'state' | 'subscribe' | 'follow' | 'again'>;
  readonly signIn: ConsoleSignIn;
  /** Instead of the server's words, when what is looked for is not there. */
  readonly missing?: ReactNode;
  readonly children: (value: T) => ReactNode;
};

export function LookedUp<T>({ source, signIn, missing, children }: LookedUpProps<T>) {
  const state = useSyncExternalStore(source.subscribe, () => source.state);
  useEffect(() => source.follow(), [source]);
  useAgainAsAnother(signIn, source.again);
  const { phase, value, error, seenAt } = state;
  const wantsToken = useWantsToken(signIn, phase === 'refused' ? error : null);
  if (wantsToken !== null || (phase === 'refused' && error !== null)) {
    const isMissing = error?.status === 404 || error?.code === 'validation_failed';
    return (
      <>
        {wantsToken !== 'asked' && error !== null && (
          <NotShown error={error} signIn={signIn} onAgain={source.again}>
            {isMissing && missing}
          </NotShown>
        )}
        {wantsToken !== null && <SigningIn signIn={signIn} onSignedIn={source.again} />}
      </>
    );
  }
  if (value === null) return <OnItsWay error={error} onAgain={source.again} />;
  return (
    <>
      {phase === 'away' && <p className="banner warning stale">{words.away(seenAt)}</p>}
      {children(value)}
      <p className="freshness small quiet">
        {seenAt !== null && words.asOf(clockText(seenAt))}
        <Button variant="default" size="compact-xs" onClick={source.again}>
          {words.refresh}
        </Button>
      </p>
    </>
  );
}

/** What one role saw is not another's. */
function useAgainAsAnother(signIn: ConsoleSignIn, again: () => void): void {
  const role = useSyncExternalStore(signIn.subscribe, () => signIn.role);
  const before = useRef(role);
  useEffect(() => {
    const isAnother = before.current !== null && role !== null && before.current !== role;
    before.current = role;
    if (isAnother) again();
  }, [role, again]);
}

type NotShownProps = {
  readonly error: ApiError;
  readonly signIn: ConsoleSignIn;
  readonly onAgain: () => void;
  readonly children: ReactNode;
};

function NotShown({ error, signIn, onAgain, children }: NotShownProps) {
  const { state } = signIn;
  const isForbidden = error.status === 403;
  const mayBecome = isForbidden && state.phase === 'signed-in' && state.as === 'demo';
  if (children) return children;
  return (
    <section className="card refused" role="alert" aria-labelledby="refused">
      <h2 id="refused">{isForbidden ? frame.refused.forbidden : words.refused}</h2>
      <p>{isForbidden ? words.forbidden : error.message}</p>
      <div className="buttons">
        {mayBecome && (
          <Button onClick={() => void signIn.lookAs('sre').catch(onAgain)}>{words.lookAsSre}</Button>
        )}
        <Button variant="default" onClick={onAgain}>
          {frame.failed.again}
        </Button>
      </div>
    </section>
  );
}

function OnItsWay({ error, onAgain }: { readonly error: ApiError | null; readonly onAgain: () => void }) {
  if (error === null) {
    return (
      <div role="status" className="loading">
        <span className="hidden">{words.loading}</span>
        {[120, 320].map((height) => (
          <Skeleton key={height} height={height} radius="lg" aria-hidden="true" />
        ))}
      </div>
    );
  }
  return (
    <section className="card refused" role="alert" aria-labelledby="away">
      <h2 id="away">{frame.failed.title}</h2>
      <p>
        {error.message} {frame.failed.text}
      </p>
      <div className="buttons">
        <Button variant="default" onClick={onAgain}>
          {frame.failed.again}
        </Button>
      </div>
    </section>
  );
}
