/**
 * One turn at a time for each key; what arrives during a turn waits and has the next one together.
 *
 *   free ──enter──▶ turn ──done, nobody waits──▶ free
 *                    └──done, some wait──▶ turn (with all of them, up to the bound)
 *
 * For writers of one session on one node: three steps that end at once load, fold and append once instead of meeting
 * at the log and trying again. Writers of other nodes still meet there. A crash loses what waited; nobody was answered.
 */
type Waiting<Work, Result> = {
  readonly work: Work;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
};

/** Does all the work of a turn; one result, or the error to reject with, for each, in order. */
export type Turn<Work, Result> = (
  key: string,
  works: readonly Work[],
) => Promise<readonly PromiseSettledResult<Result>[]>;

export class Lanes<Work, Result> {
  readonly #turn: Turn<Work, Result>;
  readonly #most: number;
  readonly #lanes = new Map<string, Waiting<Work, Result>[]>();

  /** @param most works in one turn. */
  constructor(turn: Turn<Work, Result>, most: number) {
    this.#turn = turn;
    this.#most = most;
  }

  enter(key: string, work: Work): Promise<Result> {
    return new Promise((resolve, reject) => {
      const waiting = { work, resolve, reject };
      const lane = this.#lanes.get(key);
      if (lane !== undefined) {
        lane.push(waiting);
        return;
      }
      this.#lanes.set(key, [waiting]);
      void this.#run(key);
    });
  }

  async #run(key: string): Promise<void> {
    for (;;) {
      const turn = this.#lanes.get(key)?.splice(0, this.#most) ?? [];
      if (turn.length === 0) break;
      await this.#take(key, turn);
    }
    this.#lanes.delete(key);
  }

  async #take(key: string, turn: readonly Waiting<Work, Result>[]): Promise<void> {
    try {
      const results = await this.#turn(
        key,
        turn.map(({ work }) => work),
      );
      for (const [index, { resolve, reject }] of turn.entries()) {
        const result = results[index];
        if (result?.status === 'fulfilled') resolve(result.value);
        else reject(result?.reason);
      }
    } catch (error) {
      for (const { reject } of turn) reject(error);
    }
  }
}
