/**
 * Following the log in commit order.
 *
 *   connecting ──where the end is, and subscribed──▶ catching up ──told so──▶ live
 *   catching up, live ──events come──▶ gathered into a batch ──taken──▶ the same again
 *   any ──connection lost, another leader, nothing confirmed in time──▶ resting ──▶ connecting, from the same place
 *   connecting, for the first time ──the place is behind the log's end──▶ ended: `InvalidPosition`; later: resting
 *
 * It keeps nothing but its place, which the reader gets with each batch; after a crash the reader says where to go on.
 * What has come and was not taken yet is bounded: some tens of events in the client, one batch here; then KurrentDB waits.
 *
 * How far it is while nothing matches, KurrentDB tells now and then by checkpoints; when it has caught up, everything up
 * to the end that was asked for before is behind it too.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type AllStreamSubscription, START as FROM_START } from '@kurrent/kurrentdb-client';
import {
  type EventBatch,
  type EventFilter,
  InvalidPosition,
  type RecordedEvent,
  type SubscribeOptions,
} from '../event-log.ts';
import type { Clients } from './clients.ts';
import { isInvalidPosition, NoAnswer } from './errors.ts';
import { matches, serverFilter } from './filter.ts';
import { comparePlaces, decodePosition, encodePosition, type LogPlace, START } from './position.ts';
import { type ReadTimes, readHead } from './read.ts';
import { toRecordedEvent, weigh } from './recorded-event.ts';

const BATCH_SIZE = 1_000;
const BATCH_BYTES = 8 * 1024 * 1024;
/** Events that the client holds before it lets KurrentDB wait. */
const HELD = 32;
/** While more is on its way, a batch waits so long to become bigger. */
const GATHER_MS = 10;
const CONFIRM_MS = 10_000;
const REST_MS = [100, 250, 500, 1_000] as const;

export type SubscriptionParts = {
  readonly clients: Clients;
  readonly times: ReadTimes;
  readonly onError: (error: unknown) => void;
};

export async function* subscription(
  options: SubscribeOptions,
  { clients, times, onError }: SubscriptionParts,
): AsyncGenerator<EventBatch> {
  const { from, signal } = options;
  let place: LogPlace | null = from === 'start' || from === 'end' ? null : decodePosition(from);
  let hasBegun = from !== 'end';
  let hasYielded = false;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const end = await readHead(clients, times);
      if (signal.aborted) return;
      if (!hasBegun) place = end;
      hasBegun = true;
      // A log that was put back to an earlier day, or another one: what it appends from now on would be passed over.
      if (place !== null && comparePlaces(place, end) > 0) throw new InvalidPosition();
      for await (const batch of followFrom(place, end, options, clients)) {
        failures = 0;
        hasYielded = true;
        place = decodePosition(batch.position);
        yield batch;
      }
    } catch (error) {
      if (signal.aborted) return;
      // Later than at the first step it may be a new leader that is not as far yet as the one before.
      if (!hasYielded && isInvalidPosition(error)) throw new InvalidPosition();
      onError(error);
      await delay(REST_MS[failures++] ?? REST_MS[3], undefined, { signal }).catch(() => undefined);
    }
  }
}

/** One subscription's life: ends on abort, throws when it is lost. */
async function* followFrom(
  place: LogPlace | null,
  end: LogPlace,
  { filter = {}, signal, batchSize = BATCH_SIZE }: SubscribeOptions,
  clients: Clients,
): AsyncGenerator<EventBatch> {
  let reached = place;
  let told: LogPlace | null = null; // by KurrentDB, of what it has looked at
  let isLive = false;
  let failure: Error | null = null;
  let isOver = false;
  let woken = Promise.withResolvers<void>();
  const wake = () => woken.resolve();
  const tell = (position: LogPlace) => {
    told = position;
    wake();
  };
  const over = () => {
    isOver = true;
    wake();
  };
  const subscribed = clients.of('follow').subscribeToAll(
    {
      fromPosition: place ?? FROM_START,
      filter: serverFilter(filter, (_subscription, position) => tell(position)),
      requiresLeader: true,
    },
    { highWaterMark: HELD },
  );
  const unconfirmed = setTimeout(() => subscribed.destroy(new NoAnswer(CONFIRM_MS)), CONFIRM_MS);
  subscribed
    .on('confirmation', () => clearTimeout(unconfirmed))
    .on('readable', wake)
    .on('caughtUp', () => {
      isLive = true;
      if (told === null || comparePlaces(told, end) < 0) tell(end);
    })
    .on('error', (error: Error) => {
      failure = error;
      wake();
    })
    .on('close', over)
    .on('end', over);
  signal.addEventListener('abort', wake);
  const batch = new Gathering(filter, batchSize);
  // One a batch: KurrentDB's events come one by one, and a timer for each would cost more than taking it.
  let gathering: NodeJS.Timeout | undefined;
  let isRipe = false;
  const ripen = () => {
    isRipe = true;
    wake();
  };
  try {
    while (!signal.aborted) {
      const isDrained = batch.take(subscribed);
      // All that came before it has been taken, so it is behind us.
      if (isDrained && told !== null) batch.reach(told);
      const hasMore =
        isDrained && !batch.isFull && !isOver && failure === null && (!isLive || batch.cameFast);
      if (batch.isWorthTaking(reached) && (isRipe || !hasMore)) {
        clearTimeout(gathering);
        gathering = undefined;
        isRipe = false;
        const taken = batch.empty();
        reached = decodePosition(taken.position);
        yield taken;
        continue;
      }
      if (failure !== null) throw failure;
      if (isOver) throw new Error('KurrentDB ended the subscription');
      if (batch.hasEvents) gathering ??= setTimeout(ripen, GATHER_MS);
      await woken.promise;
      woken = Promise.withResolvers();
    }
  } finally {
    clearTimeout(unconfirmed);
    clearTimeout(gathering);
    signal.removeEventListener('abort', wake);
    subscribed.on('error', () => undefined);
    void subscribed.unsubscribe().catch(() => undefined);
  }
}

/** A batch while it comes together. */
class Gathering {
  readonly #filter: EventFilter;
  readonly #most: number;
  #events: RecordedEvent[] = [];
  #bytes = 0;
  #place: LogPlace | null = null;
  #cameAtOnce = 0;

  constructor(filter: EventFilter, most: number) {
    this.#filter = filter;
    this.#most = most;
  }

  get hasEvents(): boolean {
    return this.#events.length > 0;
  }

  get isFull(): boolean {
    return this.#events.length >= this.#most || this.#bytes >= BATCH_BYTES;
  }

  /** The client held as many as it may: more is waiting behind. */
  get cameFast(): boolean {
    return this.#cameAtOnce >= HELD;
  }

  /** Takes what is there; true when nothing is left. */
  take(subscribed: AllStreamSubscription): boolean {
    this.#cameAtOnce = 0;
    while (!this.isFull) {
      const resolved = subscribed.read();
      if (resolved === null) return true;
      this.#cameAtOnce++;
      const { event } = resolved;
      if (event === undefined) continue;
      this.#place = event.position;
      if (!event.isJson || !matches(this.#filter, { stream: event.streamId, type: event.type })) continue;
      this.#events.push(toRecordedEvent(event, event.position));
      this.#bytes += weigh(event.data);
    }
    return false;
  }

  reach(place: LogPlace): void {
    if (this.#place === null || comparePlaces(this.#place, place) < 0) this.#place = place;
  }

  /** It has events, or is further than `reached`. */
  isWorthTaking(reached: LogPlace | null): boolean {
    if (this.hasEvents) return true;
    return this.#place !== null && (reached === null || comparePlaces(reached, this.#place) < 0);
  }

  empty(): EventBatch {
    const events = this.#events;
    const position = encodePosition(this.#place ?? START);
    this.#events = [];
    this.#bytes = 0;
    return { events, position };
  }
}
