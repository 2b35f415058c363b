/** Simulated time: it stands still while something happens, and jumps to the next that is to happen. */
import { EventHeap } from './event-heap.ts';

export class Timeline {
  readonly #heap = new EventHeap();
  #now: number;

  /** @param start seconds */
  constructor(start = 0) {
    this.#now = start;
  }

  /** Seconds. */
  get now(): number {
    return this.#now;
  }

  /** @throws RangeError when it lies in the past */
  at(time: number, happening: () => void): void {
    if (!(time >= this.#now)) throw new RangeError(`${time} s has passed: it is ${this.#now} s`);
    this.#heap.push(time, happening);
  }

  after(seconds: number, happening: () => void): void {
    this.at(this.#now + seconds, happening);
  }

  /** Until nothing is to happen any more; or, with `end`, up to then. */
  run(end = Number.POSITIVE_INFINITY): void {
    while (this.#heap.size > 0 && this.#heap.nextTime <= end) {
      this.#now = this.#heap.nextTime;
      this.#heap.pop()?.();
    }
    if (end < Number.POSITIVE_INFINITY) this.#now = Math.max(this.#now, end);
  }
}
