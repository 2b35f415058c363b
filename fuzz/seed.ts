/** The seed of one run, or one case, of many: far apart for neighbours (Knuth's multiplicative hash). */
export function seedOf(seed: number, run: number): number {
  return (seed + Math.imul(run + 1, 0x9e3779b1)) | 0;
}
