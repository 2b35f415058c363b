/** What was said against what was read. Words of one recording are numbered, so each of them is known. */

export type WordCount = {
  /** Said, and not read. */
  readonly lost: number;
  /** Read more often than said. */
  readonly doubled: number;
  /** Read before a word that was said earlier. */
  readonly reordered: number;
  /** Read, and never said. */
  readonly foreign: number;
};

export const NO_WORD_WRONG: WordCount = { lost: 0, doubled: 0, reordered: 0, foreign: 0 };

/** @param said each word once */
export function countWords(said: readonly string[], read: readonly string[]): WordCount {
  const place = new Map(said.map((word, index) => [word, index]));
  const seen = new Set<string>();
  let [doubled, reordered, foreign, furthest] = [0, 0, 0, -1];
  for (const word of read) {
    const at = place.get(word);
    if (at === undefined) foreign++;
    else if (seen.has(word)) doubled++;
    else {
      if (at < furthest) reordered++;
      furthest = Math.max(furthest, at);
      seen.add(word);
    }
  }
  return { lost: said.length - seen.size, doubled, reordered, foreign };
}

/**
 * Of a recording that was cut off: the first `kept` words are safe on the device, so they must be read; of the rest, which
 * were being written at that moment, any beginning may be.
 */
export function countCutOff(said: readonly string[], kept: number, read: readonly string[]): WordCount {
  const last = Math.max(kept, ...read.map((word) => said.indexOf(word) + 1));
  return countWords(said.slice(0, last), read);
}

export function sumOf(counts: readonly WordCount[]): WordCount {
  return counts.reduce(
    (sum, each) => ({
      lost: sum.lost + each.lost,
      doubled: sum.doubled + each.doubled,
      reordered: sum.reordered + each.reordered,
      foreign: sum.foreign + each.foreign,
    }),
    NO_WORD_WRONG,
  );
}

export function isRight({ lost, doubled, reordered, foreign }: WordCount): boolean {
  return lost + doubled + reordered + foreign === 0;
}
