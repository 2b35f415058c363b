/**
 * E-values: evidence against “nothing is wrong”, as a number that may be looked at after every event. While nothing is
 * wrong, the chance that it *ever* reaches 1/α is at most α (Ville 1939). They are kept as logarithms: 10⁶ users overflow.
 */

/** Whether the evidence suffices at `alpha`. Once it has, the decision stands, also when the evidence later falls. */
export function decides(logEValue: number, alpha: number): boolean {
  return logEValue >= -Math.log(alpha);
}

/** log Σ exp(xᵢ); −∞ of nothing. */
export function logSumExp(logs: readonly number[]): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const log of logs) if (log > most) most = log;
  if (most === Number.NEGATIVE_INFINITY) return most;
  let sum = 0;
  for (const log of logs) sum += Math.exp(log - most);
  return most + Math.log(sum);
}
