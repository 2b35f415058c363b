/**
 * One MediaRecorder from its start to its stop. It gives a piece about every second; the pieces of a take joined are a
 * file, of which the first has the header. Short pieces cost nothing, and their events come on time also in a tab in the
 * background, where timers don't: whoever listens can look at the clock.
 */
export type Take = {
  /** When it is certain that sound is being recorded: the `start` event. It has the sound from `openTake` on. */
  readonly started: Promise<void>;
  pause(): void;
  resume(): void;
  /** Resolves after the last piece. Twice is once; also when it has ended by itself. */
  stop(): Promise<void>;
};

export type TakeListener = {
  onPiece(piece: Blob): void;
  /** It has ended without being asked: the microphone is gone, or the encoder failed. The last piece was given. */
  onEnd(): void;
};

export type TakeSettings = { readonly mimeType: string; readonly audioBitsPerSecond: number };
export type OpenTake = (listener: TakeListener) => Take;

export const PIECE_MS = 1_000;
/** After so long without the event that is due, it goes on with what there is. */
const OVERDUE_MS = 2_000;

/** @throws DOMException as MediaRecorder and its `start` do */
export function openTake(stream: MediaStream, settings: TakeSettings, listener: TakeListener): Take {
  const recorder = new MediaRecorder(stream, settings);
  let asked = false;
  const stopped = new Promise<void>((resolve) => {
    recorder.addEventListener('stop', () => {
      resolve();
      if (!asked) listener.onEnd();
    });
  });
  const started = eventOf(recorder, 'start');
  recorder.addEventListener('dataavailable', ({ data }) => listener.onPiece(data));
  recorder.start(PIECE_MS);
  return {
    started,
    pause() {
      if (recorder.state !== 'recording') return;
      recorder.pause();
      // What was said before the pause is not to wait for its end.
      recorder.requestData();
    },
    resume() {
      if (recorder.state === 'paused') recorder.resume();
    },
    stop() {
      asked = true;
      // "inactive" also when it ended by itself: its `stop` event is on its way, or was here.
      if (recorder.state !== 'inactive') recorder.stop();
      return within(stopped);
    },
  };
}

function eventOf(recorder: MediaRecorder, name: 'start'): Promise<void> {
  return within(
    new Promise<void>((resolve) => recorder.addEventListener(name, () => resolve(), { once: true })),
  );
}

function within(event: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, OVERDUE_MS);
    event.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
