/** What was found, each kind of fault once, with the first time that it was seen. */
export type Fault = {
  /** What is wrong, without ids and numbers: the same fault has the same name. */
  readonly what: string;
  /** The first request or file that showed it. */
  readonly example: string;
  /** Gives it again. */
  readonly again: string;
  readonly times: number;
};

export class Findings {
  readonly #faults = new Map<string, Fault>();

  add(what: string, example: string, again: string): void {
    const known = this.#faults.get(what);
    this.#faults.set(
      what,
      known === undefined ? { what, example, again, times: 1 } : { ...known, times: known.times + 1 },
    );
  }

  get faults(): readonly Fault[] {
    return [...this.#faults.values()];
  }
}
