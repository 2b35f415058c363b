import type { Erasure } from './contract.ts';
import { type Patience, patiently } from './patiently.ts';

export type FollowErasureOptions = {
  readonly patience: Patience;
  /** Milliseconds between two looks; default 1,000. */
  readonly everyMs?: number;
  /** Ends the following with the signal's reason; the erasure goes on. */
  readonly signal?: AbortSignal;
};

const EVERY_MS = 1_000;

/**
 * Yields how far an erasure is, first as it was given, until it is finished. `sessionsLeft` is 0 after seconds: then all
 * that was there is gone. It is finished when nothing new can have come either, about a minute after it was asked for.
 * @throws ApiError when the server cannot be reached for longer than patience lasts
 */
export async function* followErasure(
  look: (id: string) => Promise<Erasure>,
  begun: Erasure,
  { patience, everyMs = EVERY_MS, signal }: FollowErasureOptions,
): AsyncGenerator<Erasure, void, void> {
  let erasure = begun;
  for (;;) {
    yield erasure;
    const { id } = erasure;
    if (id === null || erasure.finishedAt !== null) return;
    await patience.sleep(everyMs);
    if (signal?.aborted) throw signal.reason;
    erasure = await patiently(() => look(id), patience);
  }
}
