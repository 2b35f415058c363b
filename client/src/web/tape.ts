/** How captures are made of what the microphone gives: `stream-tape.ts`, `segment-tape.ts`. */
export type Tape = {
  /** When it is certain that sound is being recorded. */
  readonly started: Promise<void>;
  pause(): void;
  /** Records again; false when it cannot, because the microphone is gone. @throws what MediaRecorder does */
  resume(): boolean;
  /** Resolves when the last capture was handed over. */
  stop(): Promise<void>;
};
