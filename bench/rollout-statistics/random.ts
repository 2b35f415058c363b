/** Numbers drawn from a seed: the same seed gives the same tables. */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export type Random = {
  /** In [0, 1). */
  readonly uniform: () => number;
  readonly normal: () => number;
  readonly exponential: () => number;
  /** Both parameters above 0. */
  readonly beta: (a: number, b: number) => number;
};

export function randomFrom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const uniform = () => (generator.next() >>> 0) / 4_294_967_296;
  // Seeds that are close begin alike.
  for (let i = 0; i < 64; i++) uniform();
  const exponential = () => -Math.log1p(-uniform());
  const normal = () => Math.sqrt(2 * exponential()) * Math.cos(2 * Math.PI * uniform());
  const beta = (x: number, y: number) => {
    const [one, other] = [gamma(x, uniform, normal), gamma(y, uniform, normal)];
    return one + other === 0 ? 0 : one / (one + other);
  };
  return { uniform, normal, exponential, beta };
}

/** Marsaglia & Tsang 2000; below 1 by raising the shape. */
function gamma(shape: number, uniform: () => number, normal: () => number): number {
  if (shape < 1) return gamma(shape + 1, uniform, normal) * (1 - uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log1p(-uniform()) < x ** 2 / 2 + d * (1 - v + Math.log(v))) return d * v;
  }
}
