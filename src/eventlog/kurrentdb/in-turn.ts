/**
 * Appends to one stream wait for each other, so that their order stands also when one of them has to be tried again;
 * those to different streams do not. What waits or is under way is bounded, in appends and in bytes.
 */
import { EventLogUnavailable } from '../event-log.ts';

export type InTurnBounds = { readonly most: number; readonly mostBytes: number };

export class InTurn {
  readonly #bounds: InTurnBounds;
  readonly #last = new Map<string, Promise<unknown>>();
  #count = 0;
  #bytes = 0;
  #idle: (() => void)[] = [];

  constructor(bounds: InTurnBounds) {
    this.#bounds = bounds;
  }

  /** Runs it when all that came before it for this stream is done. @throws EventLogUnavailable when too much waits */
  async run<Result>(stream: string, bytes: number, work: () => Promise<Result>): Promise<Result> {
    const { most, mostBytes } = this.#bounds;
    if (this.#count >= most || this.#bytes + bytes > mostBytes)
      throw new EventLogUnavailable('too many appends are waiting');
    this.#count++;
    this.#bytes += bytes;
    const before = this.#last.get(stream);
    const mine = before === undefined ? work() : before.then(work, work);
    this.#last.set(stream, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(stream) === mine) this.#last.delete(stream);
      this.#count--;
      this.#bytes -= bytes;
      if (this.#count === 0) for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  /** Resolves when nothing waits or is under way. */
  drained(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }
}
