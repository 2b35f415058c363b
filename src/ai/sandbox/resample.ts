/** Another sampling rate: a windowed-sinc low-pass (Hann, 16 zero crossings a side) evaluated at the new instants. */
const ZERO_CROSSINGS = 16;

export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const length = Math.floor((samples.length * to) / from);
  const out = new Float32Array(length);
  const step = from / to;
  // Below both Nyquist limits, with room for the filter's slope.
  const cutoff = Math.min(1, to / from) * 0.92;
  const radius = Math.ceil(ZERO_CROSSINGS / cutoff);
  const phases = phaseTable(from, to, cutoff, radius);
  for (let n = 0; n < length; n++) {
    const position = n * step;
    const centre = Math.floor(position);
    const taps = phases.taps[Math.round((position - centre) * phases.count) % phases.count] ?? phases.taps[0];
    // Rounding up to the next whole sample.
    const base = Math.round((position - centre) * phases.count) === phases.count ? centre + 1 : centre;
    let sum = 0;
    for (let k = -radius; k <= radius; k++) sum += (samples[base + k] ?? 0) * (taps?.[k + radius] ?? 0);
    out[n] = sum;
  }
  return out;
}

/** The filter at each fractional position that occurs (rates are whole numbers: there are few). */
function phaseTable(
  from: number,
  to: number,
  cutoff: number,
  radius: number,
): { count: number; taps: Float32Array[] } {
  const count = Math.min(to / greatestCommonDivisor(from, to), 512);
  const taps = Array.from({ length: count }, (_, phase) => {
    const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, i) => {
      const x = i - radius - phase / count;
      const window = 0.5 + 0.5 * Math.cos(Math.PI * Math.max(-1, Math.min(1, x / (radius + 1))));
      return sinc(cutoff * x) * cutoff * window;
    });
    const gain = kernel.reduce((sum, tap) => sum + tap, 0);
    return kernel.map((tap) => tap / gain);
  });
  return { count, taps };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
