import type { Captures } from './captures.ts';
import type { Spans } from './spans.ts';
import { type OpenTake, PIECE_MS } from './take.ts';
import type { Tape } from './tape.ts';

/** Mode `stream`: one take; a capture is what it gave in some seconds. A pause ends a capture, so that it is kept. */
export function recordStream(
  open: OpenTake,
  spans: Spans,
  captures: Captures,
  { chunkMs, onEnd }: { readonly chunkMs: number; readonly onEnd: () => void },
): Tape {
  let pieces: Blob[] = [];
  let paused = false;
  let ended = false;

  function hand(): void {
    const blob = new Blob(pieces);
    // MediaRecorder may give nothing for a while: the time stays open, and goes with the bytes that come.
    if (blob.size === 0) return;
    pieces = [];
    captures.give(blob, spans.cut());
  }

  const take = open({
    onPiece(piece) {
      pieces.push(piece);
      if (paused || spans.openMs() >= chunkMs - PIECE_MS / 2) hand();
    },
    onEnd() {
      ended = true;
      hand();
      onEnd();
    },
  });

  return {
    started: take.started,
    pause() {
      paused = true;
      take.pause();
    },
    resume() {
      paused = false;
      take.resume();
      return !ended;
    },
    async stop() {
      await take.stop();
      hand();
    },
  };
}
