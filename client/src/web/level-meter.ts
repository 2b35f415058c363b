/**
 * How loud the microphone is, ten levels a second, from an AnalyserNode.
 *
 * Counted by the audio's own clock, not by a timer: each look takes what came into the analyser since the look before,
 * so that levels stay in place however late a timer comes. An analyser remembers 32,768 samples (0.68 s at 48 kHz); a
 * second one hears the same so much later. Together that bridges the one timer a second that a tab in the background
 * gets, and the second between two pieces of the MediaRecorder, which no browser holds back (`look` is called for each).
 * What was forgotten makes fewer levels than the time would have: `spans.ts` then gives none.
 *
 * The context has the rate of the device: at 16 kHz its levels were 35 ms late in Chromium 156, at 48 kHz 10 ms.
 */
import { createLoudness, loudnessOf } from './loudness.ts';

export type LevelMeter = {
  /** `interrupted` on iOS while a call has the audio. */
  readonly context: AudioContext;
  /** When it hears: some 50–100 ms after it was made; at the latest after half a second, if it is not let. */
  readonly ready: Promise<void>;
  /** Counts from now on. */
  run(): void;
  hold(): void;
  look(): void;
  /** The levels since the last time. */
  take(): number[];
  /** dBFS of this moment: the last 2,048 samples, 43 ms at 48 kHz. */
  current(): number;
  close(): void;
};

/** The most that an AnalyserNode remembers (Web Audio API, 1.8.2). */
const WINDOW = 32_768;
const MOMENT = 2_048;
const LOOK_MS = 100;
/** A context that was made before anybody clicked stands still. */
const READY_MS = 500;

/** @param onLevel called with each level, while it runs */
export function createLevelMeter(stream: MediaStream, onLevel: (level: number) => void): LevelMeter {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(stream);
  const analyser = (fftSize: number) => Object.assign(context.createAnalyser(), { fftSize });
  const recent = analyser(WINDOW);
  const older = analyser(WINDOW);
  const momentary = analyser(MOMENT);
  const delay = context.createDelay(1);
  delay.delayTime.value = WINDOW / context.sampleRate;
  source.connect(recent);
  source.connect(momentary);
  source.connect(delay).connect(older);

  const loudness = createLoudness(context.sampleRate);
  const memory = new Float32Array(2 * WINDOW);
  const moment = new Float32Array(MOMENT);
  let levels: number[] = [];
  let counting = false;
  let takenTo = 0;
  const position = () => Math.round(context.currentTime * context.sampleRate);

  function look(): void {
    if (!counting) return;
    const now = position();
    const fresh = Math.min(memory.length, now - takenTo);
    takenTo = now;
    if (fresh <= 0) return;
    recent.getFloatTimeDomainData(memory.subarray(WINDOW));
    if (fresh > WINDOW) older.getFloatTimeDomainData(memory.subarray(0, WINDOW));
    const heard = loudness.add(memory.subarray(memory.length - fresh));
    levels.push(...heard);
    for (const level of heard) onLevel(level);
  }

  const timer = setInterval(look, LOOK_MS);

  return {
    context,
    ready: running(context),
    look,
    run() {
      counting = true;
      takenTo = position();
    },
    hold() {
      look();
      counting = false;
    },
    take() {
      look();
      const taken = levels;
      levels = [];
      return taken;
    },
    current() {
      momentary.getFloatTimeDomainData(moment);
      const sum = moment.reduce((before, sample) => before + sample * sample, 0);
      return loudnessOf(sum, moment.length);
    },
    close() {
      counting = false;
      clearInterval(timer);
      source.disconnect();
      context.close().catch(() => undefined);
    },
  };
}

function running(context: AudioContext): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, READY_MS);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    context.resume().then(done, done);
  });
}
