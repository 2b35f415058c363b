/**
 * Notices that a microphone was taken away, which `expo-audio` doesn't report.
 *
 *   well → interrupted   no buffer for 1.5 s (iOS stops its engine for a call), or 1.5 s of nothing but zeros (Android
 *                        feeds them while a call, or the privacy switch, has the microphone)
 *   interrupted → well   a buffer with sound in it
 *
 * Where no buffer comes, `reopen` is called every two seconds. A watch that wakes late has slept with the app: buffers
 * may lie in the queue behind it, so it starts to count anew instead of calling them missing.
 */
import type { Clock } from '../upload/ports.ts';

export interface MicrophoneWatch {
  start(): void;
  stop(): void;
  /** For each buffer. */
  heard(sound: { readonly milliseconds: number; readonly silent: boolean }): void;
  readonly interrupted: boolean;
}

const LOOK_MS = 500;
const MISSING_MS = 1_500;
const REOPEN_MS = 2_000;

export function createMicrophoneWatch(
  clock: Clock,
  onInterrupted: (interrupted: boolean) => void,
  reopen: () => void,
): MicrophoneWatch {
  let interrupted = false;
  let heardAt = 0;
  let silentMs = 0;
  let reopenedAt = 0;
  let cancelLook: (() => void) | null = null;

  const isMissing = () => clock.now() - heardAt >= MISSING_MS;

  function set(next: boolean): void {
    if (next === interrupted) return;
    interrupted = next;
    onInterrupted(next);
  }

  function lookLater(): void {
    const due = clock.now() + LOOK_MS;
    cancelLook = clock.after(LOOK_MS, () => {
      if (clock.now() - due >= LOOK_MS) heardAt = clock.now();
      set(isMissing() || silentMs >= MISSING_MS);
      if (isMissing() && clock.now() - reopenedAt >= REOPEN_MS) {
        reopenedAt = clock.now();
        reopen();
      }
      lookLater();
    });
  }

  return {
    get interrupted() {
      return interrupted;
    },
    start() {
      cancelLook?.();
      heardAt = reopenedAt = clock.now();
      silentMs = 0;
      lookLater();
    },
    stop() {
      cancelLook?.();
      cancelLook = null;
      set(false);
    },
    heard({ milliseconds, silent }) {
      heardAt = clock.now();
      silentMs = silent ? silentMs + milliseconds : 0;
      if (cancelLook !== null) set(silentMs >= MISSING_MS);
    },
  };
}
