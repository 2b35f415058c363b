/**
 * Samples at another rate, as a stream: the output is the same however the input is cut into buffers. A windowed sinc
 * (Blackman, ten zero crossings a side), one row of weights for each phase of the ratio. 44.1 kHz → 16 kHz takes some
 * 60 multiplications a sample, about a million a second.
 */

/** A side. More make the band's edge steeper and the delay longer (10 at 16 kHz: 0.6 ms). */
const ZERO_CROSSINGS = 10;
/** Of the lower Nyquist frequency; what is between here and there is the filter's slope. */
const BAND = 0.92;

export interface Resampler {
  push(samples: Float32Array): Float32Array;
  /** What the last samples given still make, as if silence followed. */
  end(): Float32Array;
}

export function createResampler(fromRate: number, toRate: number): Resampler {
  if (fromRate === toRate) return { push: (samples) => samples, end: () => new Float32Array(0) };
  const divisor = greatestCommonDivisor(fromRate, toRate);
  /** Output sample n stands at input n × step / phases. */
  const step = fromRate / divisor;
  const phases = toRate / divisor;
  const cutoff = BAND * Math.min(1, toRate / fromRate);
  const reach = Math.ceil(ZERO_CROSSINGS / cutoff);
  const rows = new Map<number, Float32Array>();

  /** Input from `first` on; before its beginning there is silence. */
  let input = new Float32Array(reach);
  let first = -reach;
  let given = 0;
  let made = 0;

  function rowOf(phase: number): Float32Array {
    const known = rows.get(phase);
    if (known !== undefined) return known;
    const row = weights(phase / phases, cutoff, reach);
    rows.set(phase, row);
    return row;
  }

  function append(samples: Float32Array): void {
    const keepFrom = Math.max(0, Math.floor((made * step) / phases) - reach + 1 - first);
    const kept = input.subarray(keepFrom);
    const longer = new Float32Array(kept.length + samples.length);
    longer.set(kept);
    longer.set(samples, kept.length);
    input = longer;
    first += keepFrom;
  }

  /** All output up to `until` of it that the input reaches. */
  function make(until: number): Float32Array {
    const there = first + input.length;
    const output: number[] = [];
    for (; made < until; made++) {
      const at = Math.floor((made * step) / phases);
      if (at + reach >= there) break;
      const row = rowOf((made * step) % phases);
      const from = at - reach + 1 - first;
      let sum = 0;
      for (let tap = 0; tap < row.length; tap++) sum += (row[tap] ?? 0) * (input[from + tap] ?? 0);
      output.push(sum);
    }
    return Float32Array.from(output);
  }

  return {
    push(samples) {
      given += samples.length;
      append(samples);
      return make(Number.POSITIVE_INFINITY);
    },
    end() {
      append(new Float32Array(reach + 1));
      return make(Math.ceil((given * phases) / step));
    },
  };
}

/** Of input samples −reach + 1 … reach around a place between two of them, scaled so that a constant stays as it is. */
function weights(fraction: number, cutoff: number, reach: number): Float32Array {
  const row = Float32Array.from({ length: 2 * reach }, (_, tap) => {
    const distance = tap - reach + 1 - fraction;
    const x = Math.PI * cutoff * distance;
    const across = distance / reach;
    if (Math.abs(across) >= 1) return 0;
    const window = 0.42 + 0.5 * Math.cos(Math.PI * across) + 0.08 * Math.cos(2 * Math.PI * across);
    return (x === 0 ? 1 : Math.sin(x) / x) * window;
  });
  const sum = row.reduce((total, weight) => total + weight, 0);
  return row.map((weight) => weight / sum);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
