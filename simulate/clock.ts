import { setTimeout as delay } from 'node:timers/promises';

export type Clock = {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Ends at once when `signal` is aborted; it does not reject. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    delay(Math.max(0, milliseconds), undefined, signal === undefined ? {} : { signal }).catch(
      () => undefined,
    ),
};
