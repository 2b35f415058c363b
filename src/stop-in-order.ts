/** Stops what was started, last started first, and by a given moment whatever hangs. */
import { setTimeout as delay } from 'node:timers/promises';

export type Part = {
  /** For the log: `the worker`. */
  readonly name: string;
  stop(): Promise<unknown>;
};

export type StopOptions = {
  /** Milliseconds, for all of them. */
  readonly withinMs: number;
  /** For one of them. */
  readonly eachMs: number;
  /** It failed, or took longer than it may; the others are stopped all the same. */
  readonly onTrouble: (name: string, error: unknown) => void;
};

/**
 * Resolves in time, to whether all ended in order. When the time is over the rest are still told to stop, and not waited for.
 */
export async function stopInOrder(
  parts: readonly Part[],
  { withinMs, eachMs, onTrouble }: StopOptions,
): Promise<boolean> {
  const over = performance.now() + withinMs;
  let inOrder = true;
  for (const { name, stop } of parts.toReversed()) {
    const left = Math.max(0, Math.min(eachMs, over - performance.now()));
    await endsWithin(stop, left).catch((error) => {
      inOrder = false;
      onTrouble(name, error);
    });
  }
  return inOrder;
}

/** @throws what it throws, or that it took longer */
async function endsWithin(stop: Part['stop'], milliseconds: number): Promise<void> {
  const ended = new AbortController();
  const late = delay(milliseconds, undefined, { signal: ended.signal }).then(() => {
    throw new Error(`it has not ended within ${Math.round(milliseconds)} ms`);
  });
  const stopping = (async () => stop())();
  try {
    await Promise.race([stopping, late]);
  } finally {
    ended.abort();
    late.catch(() => undefined);
    stopping.catch(() => undefined); // what comes of it later is nobody's
  }
}
