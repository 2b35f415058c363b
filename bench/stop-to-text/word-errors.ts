/** How what was heard differs from what was said, word by word. */

export type WordErrors = {
  readonly lost: number;
  /** Heard again beside itself. */
  readonly doubled: number;
  /** Another in its place, or one that nobody said. */
  readonly wrong: number;
};

export const NO_ERRORS: WordErrors = { lost: 0, doubled: 0, wrong: 0 };

/** By the cheapest way from one to the other (Levenshtein). */
export function wordErrors(said: readonly string[], heard: readonly string[]): WordErrors {
  if (said.length === heard.length && said.every((word, index) => word === heard[index])) return NO_ERRORS;
  const width = heard.length + 1;
  const cost = new Uint32Array((said.length + 1) * width);
  const at = (i: number, j: number) => cost[i * width + j] ?? 0;
  for (let i = 0; i <= said.length; i += 1)
    for (let j = 0; j <= heard.length; j += 1) {
      const same = i > 0 && j > 0 && said[i - 1] === heard[j - 1] ? 0 : 1;
      cost[i * width + j] =
        i === 0 ? j : j === 0 ? i : Math.min(at(i - 1, j - 1) + same, at(i - 1, j) + 1, at(i, j - 1) + 1);
    }
  let [lost, doubled, wrong] = [0, 0, 0];
  for (let [i, j] = [said.length, heard.length]; i > 0 || j > 0; ) {
    const same = i > 0 && j > 0 && said[i - 1] === heard[j - 1];
    if (i > 0 && j > 0 && at(i, j) === at(i - 1, j - 1) + (same ? 0 : 1)) {
      if (!same) wrong += 1;
      i -= 1;
      j -= 1;
    } else if (i > 0 && at(i, j) === at(i - 1, j) + 1) {
      lost += 1;
      i -= 1;
    } else {
      const word = heard[j - 1];
      if (word === heard[j - 2] || word === heard[j]) doubled += 1;
      else wrong += 1;
      j -= 1;
    }
  }
  return { lost, doubled, wrong };
}

export function sum(some: readonly WordErrors[]): WordErrors {
  return some.reduce(
    (all, { lost, doubled, wrong }) => ({
      lost: all.lost + lost,
      doubled: all.doubled + doubled,
      wrong: all.wrong + wrong,
    }),
    NO_ERRORS,
  );
}

export function isRight({ lost, doubled, wrong }: WordErrors): boolean {
  return lost + doubled + wrong === 0;
}
