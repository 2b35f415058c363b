/** How many chunked sessions a z-test needs that is looked at once: one-sided α = 0.05, power 80 %, 19 single a chunked. */
import type { Rates } from './watcher.ts';

const Z_ALPHA = 1.6449;
const Z_POWER = 0.8416;
const SINGLE_A_CHUNKED = 19;

export function chunkedSessionsNeeded({ chunked, single }: Rates): number {
  const pooled = (chunked + SINGLE_A_CHUNKED * single) / (1 + SINGLE_A_CHUNKED);
  const under0 = Math.sqrt(pooled * (1 - pooled) * (1 + 1 / SINGLE_A_CHUNKED));
  const under1 = Math.sqrt(chunked * (1 - chunked) + (single * (1 - single)) / SINGLE_A_CHUNKED);
  return Math.ceil(((Z_ALPHA * under0 + Z_POWER * under1) / (chunked - single)) ** 2);
}
