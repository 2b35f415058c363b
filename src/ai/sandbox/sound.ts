/** Sound as the sandbox provider works on it: mono, 16 kHz, enough for tones and for speech. */
import { createResampler } from './resample.ts';

export const SOUND_RATE = 16_000;
/** Longer is refused: 25 MB of a thin coder would be days, and a second here is 64 kB. */
export const MAX_SOUND_SECONDS = 2 * 3600;

export class SoundTooLong extends Error {}

/** Gathers sound that comes in pieces at any rate. @throws SoundTooLong from `add` */
export class SoundBuilder {
  readonly #resampler: ReturnType<typeof createResampler>;
  readonly #pieces: Float32Array[] = [];
  #length = 0;
  #drop: number;

  /** @param rate of what will be added, @param dropSeconds are left out at the beginning */
  constructor(rate: number, dropSeconds = 0) {
    this.#resampler = createResampler(rate, SOUND_RATE);
    this.#drop = Math.round(dropSeconds * SOUND_RATE);
  }

  add(samples: Float32Array): void {
    this.#take(this.#resampler.push(samples));
  }

  finish(): Float32Array {
    this.#take(this.#resampler.flush());
    const whole = new Float32Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  #take(samples: Float32Array): void {
    const dropped = Math.min(this.#drop, samples.length);
    this.#drop -= dropped;
    const kept = samples.subarray(dropped);
    if (kept.length === 0) return;
    this.#length += kept.length;
    if (this.#length > MAX_SOUND_SECONDS * SOUND_RATE) {
      throw new SoundTooLong(`the sound is longer than ${MAX_SOUND_SECONDS} seconds`);
    }
    this.#pieces.push(kept);
  }
}
