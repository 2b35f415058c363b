/** A table of figures as the docs show it: what was measured, each row with its goal beside it, misses included. */
export type BenchTable = {
  readonly title: string;
  /** How it was measured, in a sentence or two. */
  readonly intro: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
};
