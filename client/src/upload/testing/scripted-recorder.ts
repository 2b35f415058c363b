/** A DOUBLE of a microphone: it gives what the test tells it to. */
import type { ActiveRecorder, Recorder, RecorderError, RecorderListener, RecordingFormat } from '../ports.ts';

export type ScriptedRecorder = Recorder & {
  /** Five seconds of sound with these bytes. */
  say(text: string): void;
  level(dBFS: number, elapsedMs: number): void;
  trouble: RecorderListener['onTrouble'];
  /** Given when it is stopped, before `stop` resolves. */
  lastWords: string;
  /** How the next start fails. */
  refusal: RecorderError | null;
  readonly stopped: boolean;
};

export function scriptedRecorder(format: Partial<RecordingFormat> = {}): ScriptedRecorder {
  let listener: RecorderListener | null = null;
  let saidMs = 0;
  let stopped = false;
  const give = (text: string, milliseconds: number) => {
    const bytes = new TextEncoder().encode(text);
    listener?.onCapture({ bytes, startMs: saidMs, endMs: saidMs + milliseconds, levels: [-20, -21] });
    saidMs += milliseconds;
  };
  const active: ActiveRecorder = {
    format: { mimeType: 'audio/webm', mode: 'stream', seconds: 5, ...format },
    pause: () => undefined,
    resume: () => undefined,
    stop: async () => {
      if (!stopped && recorder.lastWords !== '') give(recorder.lastWords, 1_000);
      stopped = true;
      return { durationMs: saidMs };
    },
    cancel: () => {
      stopped = true;
    },
  };
  const recorder: ScriptedRecorder = {
    lastWords: '',
    refusal: null,
    get stopped() {
      return stopped;
    },
    say: (text) => give(text, 5_000),
    level: (dBFS, elapsedMs) => listener?.onLevel(dBFS, elapsedMs),
    trouble: (trouble) => listener?.onTrouble(trouble),
    start: async (_options, given) => {
      if (recorder.refusal !== null) throw recorder.refusal;
      listener = given;
      saidMs = 0;
      stopped = false;
      return active;
    },
  };
  return recorder;
}
