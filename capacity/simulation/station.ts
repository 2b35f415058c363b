/**
 * A part that serves so many at once; the rest waits, the more urgent first and among these who came first. Never idle
 * while somebody waits. What it tells of itself are integrals over time, an hour at a time.
 *
 *   enter ──a place is free──▶ begins ──leave──▶ gone
 *     └──none is──▶ waits ──another leaves──▶ begins
 */
import type { Timeline } from './timeline.ts';

/** The lower goes first. */
export type Urgency = 0 | 1 | 2;

export type Watched = {
  /** Places taken × seconds, and waiting × seconds. */
  busySeconds: number;
  queueSeconds: number;
  longestQueue: number;
  entered: number;
  /** How many began, and for how long these had waited. */
  begun: number;
  waitedSeconds: number;
};

type Waiting = { readonly since: number; readonly begin: () => void };

/** Of statistics. */
const HOUR = 3_600;

export class Station {
  readonly servers: number;
  readonly #timeline: Timeline;
  readonly #queues = [new Queue<Waiting>(), new Queue<Waiting>(), new Queue<Waiting>()] as const;
  readonly #hours = new Map<number, Watched>();
  /** The hour that it is, which ends then. */
  #hour: Watched;
  #hourEnds: number;
  #busy = 0;
  #waiting = 0;
  #accountedTo: number;

  /** @param servers at least 1; infinity: nobody ever waits */
  constructor(timeline: Timeline, servers: number) {
    if (!(servers >= 1)) throw new RangeError('a station has a place at least');
    this.#timeline = timeline;
    this.servers = servers;
    this.#accountedTo = timeline.now;
    this.#hour = nothing();
    this.#hourEnds = this.#beginHour();
  }

  /** `begin` is called when there is a place, which is kept until `leave`. */
  enter(urgency: Urgency, begin: () => void): void {
    this.#account();
    this.#hour.entered += 1;
    if (this.#busy < this.servers) {
      this.#begin({ since: this.#timeline.now, begin });
      return;
    }
    this.#queues[urgency].push({ since: this.#timeline.now, begin });
    this.#waiting += 1;
    this.#hour.longestQueue = Math.max(this.#hour.longestQueue, this.#waiting);
  }

  leave(): void {
    this.#account();
    this.#busy -= 1;
    if (this.#waiting === 0) return;
    const next = this.#queues.find(({ size }) => size > 0)?.shift();
    if (next === undefined) return;
    this.#waiting -= 1;
    this.#begin(next);
  }

  /** Enters, takes so long, leaves, and is `done`. */
  serve(seconds: number, urgency: Urgency, done: () => void): void {
    this.enter(urgency, () =>
      this.#timeline.after(seconds, () => {
        this.leave();
        done();
      }),
    );
  }

  /** Of all hours, or of one of them, counted from second 0. */
  watched(hour?: number): Watched {
    this.#account();
    if (hour !== undefined) return this.#hours.get(hour) ?? nothing();
    return [...this.#hours.values()].reduce(together, nothing());
  }

  #begin({ since, begin }: Waiting): void {
    this.#busy += 1;
    this.#hour.begun += 1;
    this.#hour.waitedSeconds += this.#timeline.now - since;
    begin();
  }

  /** Up to now, a piece to each hour. */
  #account(): void {
    const { now } = this.#timeline;
    while (this.#hourEnds <= now) {
      this.#add(this.#hourEnds);
      this.#hourEnds = this.#beginHour();
    }
    if (this.#accountedTo < now) this.#add(now);
  }

  #add(to: number): void {
    this.#hour.busySeconds += this.#busy * (to - this.#accountedTo);
    this.#hour.queueSeconds += this.#waiting * (to - this.#accountedTo);
    this.#accountedTo = to;
  }

  /** Its end. */
  #beginHour(): number {
    const hour = Math.floor(this.#accountedTo / HOUR);
    this.#hour = { ...nothing(), longestQueue: this.#waiting };
    this.#hours.set(hour, this.#hour);
    return (hour + 1) * HOUR;
  }
}

function nothing(): Watched {
  return { busySeconds: 0, queueSeconds: 0, longestQueue: 0, entered: 0, begun: 0, waitedSeconds: 0 };
}

function together(sum: Watched, more: Watched): Watched {
  return {
    busySeconds: sum.busySeconds + more.busySeconds,
    queueSeconds: sum.queueSeconds + more.queueSeconds,
    longestQueue: Math.max(sum.longestQueue, more.longestQueue),
    entered: sum.entered + more.entered,
    begun: sum.begun + more.begun,
    waitedSeconds: sum.waitedSeconds + more.waitedSeconds,
  };
}

/** First in, first out, each in constant time: what was taken is dropped a thousand at a time. */
class Queue<T> {
  #items: (T | undefined)[] = [];
  #first = 0;

  get size(): number {
    return this.#items.length - this.#first;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    const item = this.#items[this.#first];
    this.#items[this.#first++] = undefined;
    if (this.#first >= 1_000) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }
}
