/**
 * Where an e-value stands on a guardrail's meter. The scale is of logarithms (twice the evidence is always the same step)
 * and the same for each guardrail: 0 is no evidence (1 to 1, or less), `LINE` is where it speaks.
 */

/** Of the meter's length; what is beyond is for those that have spoken. */
export const LINE = 0.8;

/** @returns 0–1 */
export function meterPosition(eValue: number, threshold: number): number {
  if (!(eValue > 1)) return 0;
  return Math.min(1, (Math.log(eValue) / Math.log(threshold)) * LINE);
}
