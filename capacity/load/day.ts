/** How recordings are spread over a day, and when each begins. Pure. */
import type { Random } from '../../simulate/random.ts';

const DAY_SECONDS = 86_400;
const HOURS = 24;

export type DayCurve = {
  /** The rate at this second of the day, of the day's mean. */
  at(second: number): number;
  readonly peak: number;
};

/**
 * One smooth peak a day: von Mises' density, exp(κ cos θ) ÷ I₀(κ), of which κ is chosen so that the busiest moment has
 * `peakFactor` times the mean rate.
 * @throws RangeError when the factor is under 1, or over 10
 */
export function dayCurve(peakFactor: number, peakHour: number): DayCurve {
  if (!(peakFactor >= 1 && peakFactor <= 10)) throw new RangeError('the peak is 1 to 10 times the mean');
  const kappa = concentrationOf(peakFactor);
  const mean = besselI0(kappa);
  return {
    at: (second) =>
      Math.exp(kappa * Math.cos((2 * Math.PI * (second / DAY_SECONDS - peakHour / HOURS)) % (2 * Math.PI))) /
      mean,
    peak: peakFactor,
  };
}

/** By halving: exp(κ) ÷ I₀(κ) grows with κ. */
function concentrationOf(peakFactor: number): number {
  // A peak of ten times the mean has κ = 16.
  let [low, high] = [0, 50];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (Math.exp(middle) / besselI0(middle) < peakFactor) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** I₀ as its power series (Abramowitz and Stegun 9.6.12); its terms are positive, so nothing is lost by cancelling. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-16; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/**
 * Seconds at which recordings begin, in order: a Poisson process whose rate follows the curve, made by thinning (Lewis and
 * Shedler 1979): candidates at the highest rate, each kept with the chance that the rate there is of it.
 * @param perDay on average
 */
export function* arrivals(
  perDay: number,
  curve: DayCurve,
  { from, to }: { readonly from: number; readonly to: number },
  random: Random,
): Generator<number> {
  const highest = (perDay / DAY_SECONDS) * curve.peak;
  for (let at = from; ; ) {
    at -= Math.log(1 - random()) / highest;
    if (!(at < to)) return;
    if (random() * curve.peak < curve.at(at)) yield at;
  }
}

/** The same all the time. */
export const EVEN: DayCurve = { at: () => 1, peak: 1 };
