import type { WavPcm } from './wav-pcm.ts';

/** A pause between words; shorter silences are inside of them. */
const PAUSE_MS = 200;
const STEP_MS = 20;

type ReadSample = (view: DataView, at: number) => number;

const READERS: Readonly<Record<string, ReadSample>> = {
  pcm_u8: (view, at) => (view.getUint8(at) - 128) / 128,
  pcm_s16le: (view, at) => view.getInt16(at, true) / 2 ** 15,
  pcm_s24le: (view, at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 2 ** 23,
  pcm_s32le: (view, at) => view.getInt32(at, true) / 2 ** 31,
  pcm_f32le: (view, at) => view.getFloat32(at, true),
  pcm_f64le: (view, at) => view.getFloat64(at, true),
};

/**
 * The frame in the middle of the quietest 200 ms between two frames (by energy of the first channel); of equally quiet
 * ones the nearest to `even`. `even`, put between the bounds, when the format's levels are not known (A-law, µ-law).
 */
export function quietestFrame(pcm: WavPcm, earliest: number, latest: number, even: number): number {
  const read = READERS[pcm.codec];
  const fallback = Math.min(latest, Math.max(earliest, even));
  const step = Math.max(1, Math.round((pcm.sampleRate * STEP_MS) / 1000));
  const pause = PAUSE_MS / STEP_MS;
  // Steps lie on one grid; the pause around a cut may reach beyond the bounds, the cut itself may not.
  const firstStep = Math.max(0, Math.floor(earliest / step) - pause / 2);
  const lastStep = Math.min(Math.floor(pcm.frames / step), Math.ceil(latest / step) + pause / 2);
  if (read === undefined || lastStep - firstStep < pause) return fallback;
  const energies = stepEnergies(pcm, read, firstStep, lastStep, step);
  let best = fallback;
  let bestEnergy = Number.POSITIVE_INFINITY;
  for (let i = 0; i + pause <= energies.length; i += 1) {
    const middle = (firstStep + i + pause / 2) * step;
    if (middle < earliest || middle > latest) continue;
    const energy = energies.slice(i, i + pause).reduce((sum, each) => sum + each, 0);
    if (energy < bestEnergy || (energy === bestEnergy && Math.abs(middle - even) < Math.abs(best - even))) {
      best = middle;
      bestEnergy = energy;
    }
  }
  return best;
}

function stepEnergies(
  { frameBytes, slice }: WavPcm,
  read: ReadSample,
  firstStep: number,
  lastStep: number,
  step: number,
): number[] {
  const samples = slice(firstStep * step, lastStep * step);
  const view = new DataView(samples.buffer, samples.byteOffset, samples.byteLength);
  return Array.from({ length: lastStep - firstStep }, (_, i) => {
    let energy = 0;
    for (let frame = i * step; frame < (i + 1) * step; frame += 1)
      energy += read(view, frame * frameBytes) ** 2;
    return energy;
  });
}
