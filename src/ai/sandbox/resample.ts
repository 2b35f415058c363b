/**
 * Another sampling rate: a windowed-sinc low-pass (Hann, 16 zero crossings a side) evaluated at the new instants. Takes
 * its input in pieces, because an hour at 48 kHz is 700 MB of samples and the same hour at 8 kHz a sixth of that.
 */
const ZERO_CROSSINGS = 16;
/** The filter is tabulated at no more than this many positions between two samples. */
const MAX_PHASES = 512;

export type Resampler = {
  /** What can be told from the input so far. */
  push(samples: Float32Array): Float32Array;
  /** The rest; the input is taken to be silent after its end. */
  flush(): Float32Array;
};

/** All at once. @param from, to samples a second */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const resampler = createResampler(from, to);
  const head = resampler.push(samples);
  const tail = resampler.flush();
  const whole = new Float32Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}

export function createResampler(from: number, to: number): Resampler {
  if (from === to) return { push: (samples) => samples, flush: () => new Float32Array() };
  const step = from / to;
  // Below both Nyquist limits, with room for the filter's slope.
  const cutoff = Math.min(1, to / from) * 0.92;
  const radius = Math.ceil(ZERO_CROSSINGS / cutoff);
  const phases = phaseTable(Math.min(to / greatestCommonDivisor(from, to), MAX_PHASES), cutoff, radius);
  /** The input from `heldFrom` on; what lies before is not needed any more. Silence before the beginning. */
  let held = new Float32Array(radius);
  let heldFrom = -radius;
  let next = 0;

  const render = (until: number, end: number): Float32Array => {
    const out = new Float32Array(Math.max(0, until - next));
    for (let n = 0; n < out.length; n++) {
      const position = (next + n) * step;
      const centre = Math.floor(position);
      const nearest = Math.round((position - centre) * phases.length);
      // The nearest tabulated phase may be the next whole sample.
      const taps = phases[nearest % phases.length] ?? EMPTY;
      const start = (nearest === phases.length ? centre + 1 : centre) - radius - heldFrom;
      const stop = Math.min(taps.length, end - start);
      let sum = 0;
      for (let k = 0; k < stop; k++) sum += (held[start + k] ?? 0) * (taps[k] ?? 0);
      out[n] = sum;
    }
    next += out.length;
    return out;
  };

  return {
    push(samples) {
      const grown = new Float32Array(held.length + samples.length);
      grown.set(held);
      grown.set(samples, held.length);
      held = grown;
      const end = heldFrom + held.length;
      // The last output whose filter (and one sample of rounding) lies within what is there.
      const until = Math.floor((end - radius - 2) / step) + 1;
      const out = render(until, held.length);
      const drop = Math.max(0, Math.min(held.length, Math.floor(next * step) - radius - heldFrom));
      held = held.slice(drop);
      heldFrom += drop;
      return out;
    },
    flush() {
      return render(Math.floor((heldFrom + held.length) / step), held.length);
    },
  };
}

const EMPTY = new Float32Array();

/** The filter's taps at each fractional position (rates are whole numbers: few positions occur). */
function phaseTable(count: number, cutoff: number, radius: number): Float32Array[] {
  return Array.from({ length: count }, (_, phase) => {
    const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, i) => {
      const x = i - radius - phase / count;
      const window = 0.5 + 0.5 * Math.cos(Math.PI * Math.max(-1, Math.min(1, x / (radius + 1))));
      return sinc(cutoff * x) * cutoff * window;
    });
    const gain = kernel.reduce((sum, tap) => sum + tap, 0);
    return kernel.map((tap) => tap / gain);
  });
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
