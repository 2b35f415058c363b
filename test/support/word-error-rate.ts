/** Words of `reference` that are not heard, put in or heard as others (Levenshtein), as a share of its words. */
export function wordErrorRate(reference: readonly string[], heard: readonly string[]): number {
  let row = heard.map((_, i) => i + 1);
  row.unshift(0);
  for (const [i, word] of reference.entries()) {
    const next = [i + 1];
    for (const [j, other] of heard.entries())
      next.push(
        Math.min((row[j] ?? 0) + (word === other ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1),
      );
    row = next;
  }
  return (row.at(-1) ?? 0) / reference.length;
}
