/** Of the words that were said, the share that stands in a text, in their order: the longest common subsequence. */
export function heardShare(said: readonly string[], text: string): number {
  const heard = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  let row = new Array<number>(heard.length + 1).fill(0);
  for (const word of said) {
    const next = [0];
    for (const [index, other] of heard.entries()) {
      const best = word === other ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0);
      next.push(best);
    }
    row = next;
  }
  return said.length === 0 ? 1 : (row.at(-1) ?? 0) / said.length;
}
