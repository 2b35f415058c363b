import type { Capture } from '../upload/ports.ts';
import type { Span } from './spans.ts';

export type Captures = {
  /** Reads the bytes and gives the capture, after those before it. */
  give(blob: Blob, span: Span): void;
  /** Resolves when all that was given so far has been passed on. */
  drained(): Promise<void>;
  /** Passes on nothing more. */
  discard(): void;
};

/** Blobs are read one after the other: two reads under way may end in either order, and captures have to come in theirs. */
export function createCaptures(onCapture: (capture: Capture) => void): Captures {
  let queue = Promise.resolve();
  let discarded = false;
  return {
    give(blob, span) {
      queue = queue.then(async () => {
        if (discarded) return;
        // A read that fails twice leaves a gap that the spans on either side show.
        const read = () => blob.arrayBuffer();
        const buffer = await read().catch(() => read().catch(() => null));
        if (buffer !== null && !discarded) onCapture({ bytes: new Uint8Array(buffer), ...span });
      });
    },
    drained: () => queue,
    discard() {
      discarded = true;
    },
  };
}
