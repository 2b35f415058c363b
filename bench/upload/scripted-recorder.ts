/** A recorder that plays a recording in real time instead of listening to a microphone. */
import type { Clock, Recorder } from '../../client/src/upload/ports.ts';
import { type BenchRecording, CHUNK_SECONDS } from './long-recording.ts';

const LEVEL_MS = 100;

export function scriptedRecorder({ mimeType, chunks, durationMs }: BenchRecording, clock: Clock): Recorder {
  return {
    async start(_options, listener) {
      const startedAt = clock.now();
      const cancels = new Set<() => void>();
      const at = (milliseconds: number, callback: () => void) => {
        const cancel = clock.after(Math.max(0, startedAt + milliseconds - clock.now()), () => {
          cancels.delete(cancel);
          callback();
        });
        cancels.add(cancel);
      };
      const cancelAll = () => {
        for (const cancel of cancels) cancel();
        cancels.clear();
      };
      let given = 0;
      const give = (until: number) => {
        for (const chunk of chunks.slice(given, until)) listener.onCapture(chunk);
        given = Math.max(given, until);
      };
      // The last one comes with `stop`, as from a browser.
      for (const [index, { endMs }] of chunks.slice(0, -1).entries()) at(endMs, () => give(index + 1));
      const level = (elapsedMs: number) => {
        const { levels = [], startMs = 0 } = chunks[Math.floor(elapsedMs / (CHUNK_SECONDS * 1000))] ?? {};
        listener.onLevel(levels[Math.floor((elapsedMs - startMs) / LEVEL_MS)] ?? -100, elapsedMs);
        if (elapsedMs + LEVEL_MS < durationMs) at(elapsedMs + LEVEL_MS, () => level(elapsedMs + LEVEL_MS));
      };
      at(LEVEL_MS, () => level(LEVEL_MS));
      return {
        format: { mimeType, mode: 'stream', seconds: CHUNK_SECONDS },
        pause: () => {
          throw new Error('this recorder plays to its end');
        },
        resume: () => undefined,
        async stop() {
          cancelAll();
          give(chunks.length);
          return { durationMs };
        },
        cancel: cancelAll,
      };
    },
  };
}
