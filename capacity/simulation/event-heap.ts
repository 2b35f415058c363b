/**
 * What is to happen when: a binary heap by time, and of one time in the order of asking. Three arrays side by side: an
 * object an entry would be made and thrown away millions of times.
 */
type Happening = () => void;

export class EventHeap {
  readonly #times: number[] = [];
  readonly #orders: number[] = [];
  readonly #happenings: Happening[] = [];
  #asked = 0;

  get size(): number {
    return this.#times.length;
  }

  /** Infinity when there is none. */
  get nextTime(): number {
    return this.#times[0] ?? Number.POSITIVE_INFINITY;
  }

  push(time: number, happening: Happening): void {
    this.#times.push(time);
    this.#orders.push(0);
    this.#happenings.push(happening);
    this.#rise(this.#times.length - 1, time, this.#asked++, happening);
  }

  /** Undefined when there is none. */
  pop(): Happening | undefined {
    const first = this.#happenings[0];
    const time = this.#times.pop();
    const order = this.#orders.pop();
    const happening = this.#happenings.pop();
    if (time === undefined || order === undefined || happening === undefined) return undefined;
    if (this.#times.length > 0) this.#sink(time, order, happening);
    return first;
  }

  /** Into the hole at `hole`, or further up. */
  #rise(hole: number, time: number, order: number, happening: Happening): void {
    let at = hole;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.#times[parent] as number;
      // Who comes last has the highest order: at the same time it stays below.
      if (above <= time) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, time, order, happening);
  }

  /** Into the hole at the top, or further down. */
  #sink(time: number, order: number, happening: Happening): void {
    const size = this.#times.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (
        child + 1 < size &&
        this.#isBefore(child + 1, this.#times[child] as number, this.#orders[child] as number)
      )
        child += 1;
      if (!this.#isBefore(child, time, order)) break;
      this.#move(child, at);
      at = child;
    }
    this.#put(at, time, order, happening);
  }

  #isBefore(at: number, time: number, order: number): boolean {
    const own = this.#times[at] as number;
    return own < time || (own === time && (this.#orders[at] as number) < order);
  }

  #put(at: number, time: number, order: number, happening: Happening): void {
    this.#times[at] = time;
    this.#orders[at] = order;
    this.#happenings[at] = happening;
  }

  #move(from: number, to: number): void {
    this.#put(
      to,
      this.#times[from] as number,
      this.#orders[from] as number,
      this.#happenings[from] as Happening,
    );
  }
}
