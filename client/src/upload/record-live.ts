/**
 * The microphone's side of a recording: captures in order to the upload, level and time to the meter, trouble to whoever
 * renders it. Where the microphone is lost, or nothing more can be written, the recording ends with what there is.
 */
import { type Hearing, hear, NOTHING_HEARD_YET } from './hear-silence.ts';
import type { ActiveRecorder, Capture, Recorder, RecorderOptions, RecorderTrouble } from './ports.ts';
import type { Meter } from './recording-state.ts';
import type { Live } from './view-recording.ts';

export type LiveParts = {
  readonly onCapture: (capture: Capture) => void;
  readonly onMeter: (meter: Meter) => void;
  readonly onLive: () => void;
  /** There will be no more sound. */
  readonly onLost: () => void;
};

export interface LiveRecording {
  readonly recorder: ActiveRecorder;
  readonly live: Live;
  pause(): void;
  resume(): void;
  finishing(): void;
}

/** @throws RecorderError */
export async function recordLive(
  recorder: Recorder,
  options: RecorderOptions,
  { onCapture, onMeter, onLive, onLost }: LiveParts,
): Promise<LiveRecording> {
  let phase: Live['phase'] = 'recording';
  let trouble: RecorderTrouble | null = null;
  let hearing: Hearing = NOTHING_HEARD_YET;
  let elapsedMs = 0;
  const set = (next: Live['phase']) => {
    if (phase === 'finishing' || phase === next) return;
    phase = next;
    onLive();
  };
  const active = await recorder.start(options, {
    onCapture,
    onLevel(level, elapsed) {
      elapsedMs = elapsed;
      const { silent } = hearing;
      hearing = hear(hearing, level, elapsed);
      onMeter({ level, elapsedMs });
      if (hearing.silent !== silent) onLive();
    },
    onTrouble(next) {
      if (trouble === next) return;
      trouble = next;
      onLive();
      if (next === 'microphone-lost') onLost();
    },
  });
  return {
    recorder: active,
    get live(): Live {
      return { phase, trouble: trouble ?? (hearing.silent ? 'silent' : null), elapsedMs };
    },
    pause() {
      active.pause();
      set('paused');
    },
    resume() {
      active.resume();
      set('recording');
    },
    finishing() {
      set('finishing');
    },
  };
}
