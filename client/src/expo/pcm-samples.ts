/** Buffers of the microphone as mono numbers, and numbers as 16-bit samples and their bytes. */
import type { PcmBuffer } from './expo-modules.ts';

/** Float32, interleaved, as one channel: their mean. A number that is none is silence. */
export function monoOf({ data, channels }: PcmBuffer): Float32Array {
  // What is not a whole frame cannot be told: a buffer never has it.
  const samples = new Float32Array(data, 0, Math.floor(data.byteLength / 4));
  if (channels <= 1) return samples.map(finite);
  return Float32Array.from({ length: Math.floor(samples.length / channels) }, (_, frame) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++)
      sum += finite(samples[frame * channels + channel] ?? 0);
    return sum / channels;
  });
}

function finite(sample: number): number {
  return Number.isFinite(sample) ? sample : 0;
}

/** −1 … 1 as −32768 … 32767; what is louder is cut off. */
export function toInt16(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (sample) =>
    Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768))),
  );
}

/** As WAV and the disk have them. */
export function littleEndian(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < samples.length; i++) view.setInt16(i * 2, samples[i] ?? 0, true);
  return bytes;
}

/** A microphone always hears something: nothing but zeros is what a system gives that has taken it away. */
export function isDigitalSilence(samples: Float32Array): boolean {
  return samples.every((sample) => sample === 0);
}
