/**
 * An Ai that asks again, in parallel, for a transcription that takes longer than 95 % of the recent ones did
 * (slow-call.ts). The first good answer is taken and the other call aborted; when both fail, the first error stands.
 *
 *   first ──answers──▶ taken                       (most calls)
 *     └──slow, and asked again──▶ either answers ──▶ taken, the other aborted
 *                                 one fails ──▶ the other is waited for
 *
 * Only transcriptions: a window is what somebody waits for, and costs a fraction of a cent; a chat call is longer, dearer
 * and mostly done while the speaker goes on. Bounded: at most `maxShare` of all calls, and none while `isCalm` says no. A
 * call that begins when it is not calm would be measured with its wait for a place: it is neither measured nor asked again.
 * What is known of times is in memory: after a crash nothing is asked twice until twenty calls are known again.
 */
import type { Ai, Answered, Transcription } from './ai.ts';
import { slowAfterMs, type TimedCall, withCall } from './slow-call.ts';

/** `won`: the second answer was taken; `lost`: the first; `failed`: neither came, or the caller gave up. */
export const HEDGE_OUTCOMES = ['won', 'lost', 'failed'] as const;
export type HedgeOutcome = (typeof HEDGE_OUTCOMES)[number];

export type Hedging = {
  /** Of the calls, at most this share is asked twice; 0–1. */
  readonly maxShare: number;
};

export type HedgingOptions = Hedging & {
  /** The provider is well, and a call would go out at once. */
  readonly isCalm: () => boolean;
  /** Milliseconds, of a clock that need not be the day's. */
  readonly now: () => number;
  readonly onHedge: (outcome: HedgeOutcome) => void;
};

/** Saved up for at most so many, so that a calm day does not end in a burst. */
const MOST_SAVED = 3;

export function hedgedAi(ai: Ai, { maxShare, isCalm, now, onHedge }: HedgingOptions): Ai {
  let known: readonly TimedCall[] = [];
  let saved = 0;

  const transcribe: Ai['transcribe'] = (audio, options) => {
    saved = Math.min(MOST_SAVED, saved + maxShare);
    const { durationMs } = audio;
    if (durationMs === undefined || !isCalm()) return ai.transcribe(audio, options);
    const seconds = durationMs / 1000;
    const slowMs = slowAfterMs(known, seconds);

    const { promise, resolve, reject } = Promise.withResolvers<Answered<Transcription>>();
    const running = new Map<'first' | 'second', AbortController>();
    let wasHedged = false;
    let isSettled = false;
    let firstError: { readonly error: unknown } | undefined;

    const settle = (outcome: HedgeOutcome, end: () => void) => {
      isSettled = true;
      clearTimeout(timer);
      for (const loser of running.values()) loser.abort(new Error('the other call answered first'));
      if (wasHedged) onHedge(outcome);
      end();
    };
    const ask = async (which: 'first' | 'second') => {
      const own = new AbortController();
      running.set(which, own);
      const started = now();
      // A call that was given up counts with the time it had: it was slow already, and the tail stays in what is known.
      const measure = () => {
        known = withCall(known, { seconds, milliseconds: now() - started });
      };
      try {
        const signal = AbortSignal.any([options.signal, own.signal]);
        const answer = await ai.transcribe(audio, { ...options, signal });
        measure();
        running.delete(which);
        if (!isSettled) settle(which === 'first' ? 'lost' : 'won', () => resolve(answer));
      } catch (error) {
        if (own.signal.aborted) measure();
        running.delete(which);
        firstError ??= { error };
        const { error: told } = firstError;
        if (!isSettled && running.size === 0) settle('failed', () => reject(told));
      }
    };
    const askAgain = () => {
      if (isSettled || saved < 1 || !isCalm()) return;
      saved -= 1;
      wasHedged = true;
      void ask('second');
    };

    const timer = slowMs === null ? undefined : setTimeout(askAgain, slowMs);
    void ask('first');
    return promise;
  };

  return { ...ai, transcribe };
}
