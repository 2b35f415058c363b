/** Buffers as the microphone gives them → 16-bit samples of one channel and one rate, whatever it changes to on the way. */
import type { PcmBuffer } from './expo-modules.ts';
import { isDigitalSilence, monoOf, toInt16 } from './pcm-samples.ts';
import { createResampler, type Resampler } from './resample.ts';

export interface PcmIntake {
  /** How much sound it was, and whether it was nothing but zeros. */
  push(buffer: PcmBuffer): { readonly milliseconds: number; readonly silent: boolean };
  /** Gives what the resampler still holds. */
  end(): void;
}

export function createPcmIntake(sampleRate: number, take: (samples: Int16Array) => void): PcmIntake {
  let current: { readonly rate: number; readonly resampler: Resampler } | null = null;

  function end(): void {
    const rest = current?.resampler.end();
    current = null;
    if (rest !== undefined && rest.length > 0) take(toInt16(rest));
  }

  return {
    push(buffer) {
      const rate = Math.round(buffer.sampleRate);
      const sound = monoOf(buffer);
      if (sound.length === 0 || !(rate > 0)) return { milliseconds: 0, silent: false };
      if (current !== null && current.rate !== rate) end();
      current ??= { rate, resampler: createResampler(rate, sampleRate) };
      const samples = toInt16(current.resampler.push(sound));
      if (samples.length > 0) take(samples);
      return { milliseconds: (sound.length * 1000) / rate, silent: isDigitalSilence(sound) };
    },
    end,
  };
}
