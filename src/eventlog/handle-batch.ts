/**
 * What a leading consumer does with a batch, and with a stream that fails.
 *
 *   batch ──handled as a whole──▶ one transaction
 *     └──fails──▶ each event by itself ──fails, the event's fault──▶ again after a wait ──after the last──▶ stream parked
 *                                      └──fails, the store or the log is away──▶ again, as long as it takes
 *
 *   stream followed ──parked──▶ passed over ──requeued──▶ replaying (from the failed event to the last one passed over)
 *                                   ▲──────────fails again──────────┘└──all handled──▶ followed
 *
 * How far a stream was passed over, and how far it was replayed, is written in the transactions that do it: after a
 * crash in any state it goes on there, and every event is handled in its stream's order, its writes committed once.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumerDefinition } from './consumer-definition.ts';
import { type Commit, type ConsumerStore, type Lead, LeadLost, type ToReplay } from './consumer-store.ts';
import {
  type EventBatch,
  type EventLog,
  EventLogUnavailable,
  type Position,
  type RecordedEvent,
} from './event-log.ts';

type BatchHandlerOptions = {
  readonly definition: ConsumerDefinition;
  readonly log: EventLog;
  readonly store: ConsumerStore;
  readonly lead: Lead;
  readonly onError: (error: unknown, what: string) => void;
  readonly retryDelaysMs: readonly number[];
  /** Ends waiting for the next try; the event then counts as not handled. */
  readonly signal: AbortSignal;
};

/** Between tries while the store or the log is away. */
const AWAY_MS = 250;
const MAX_MESSAGE = 500;

export class BatchHandler {
  readonly #options: BatchHandlerOptions;
  readonly #parked: Set<string>;
  /** How far the log was read past the checkpoint with nothing to write. */
  #unsaved: Position | null = null;

  private constructor(options: BatchHandlerOptions, parked: readonly ToReplay[]) {
    this.#options = options;
    this.#parked = new Set(parked.map(({ stream }) => stream));
  }

  static async create(options: BatchHandlerOptions): Promise<BatchHandler> {
    return new BatchHandler(options, await options.lead.parkedStreams());
  }

  async handle({ events, position }: EventBatch): Promise<void> {
    if (events.length === 0) {
      this.#unsaved = position; // a write for each event that is not for us would be many
      return;
    }
    const wanted = events.filter(({ stream }) => !this.#parked.has(stream));
    const passedOver = events.filter(({ stream }) => this.#parked.has(stream));
    try {
      await this.#commit(wanted, { position, passedOver });
    } catch (error) {
      if (error instanceof LeadLost) throw error;
      for (const event of events) await this.#handleOne(event, { position: event.position });
      this.#unsaved = position;
    }
  }

  /** Replays what was requeued, and writes down how far the log was read. */
  async tidy(): Promise<void> {
    if (this.#parked.size > 0) {
      for (const stream of await this.#options.lead.parkedStreams()) {
        if (stream.requeued) await this.#replay(stream);
      }
    }
    await this.saveCheckpoint();
  }

  async saveCheckpoint(): Promise<void> {
    if (this.#unsaved !== null) await this.#commit([], { position: this.#unsaved });
  }

  async #commit(events: readonly RecordedEvent[], commit: Commit): Promise<void> {
    const { definition, lead } = this.#options;
    const write = events.length === 0 ? {} : { write: await definition.handle(events) };
    await lead.commit({ ...commit, ...write });
    if (commit.position !== undefined) this.#unsaved = null;
    if (events.length > 0) await this.#tellCommitted(events);
  }

  async #tellCommitted(events: readonly RecordedEvent[]): Promise<void> {
    const { definition, onError } = this.#options;
    try {
      await definition.committed?.(events);
    } catch (error) {
      onError(error, `consumer ${definition.name} after its writes`);
    }
  }

  /** Handles one event, or parks its stream. Rejects when the lead is lost or we are stopped. */
  async #handleOne(event: RecordedEvent, commit: Commit): Promise<void> {
    if (this.#parked.has(event.stream)) return this.#commit([], { ...commit, passedOver: [event] });
    const { definition, onError, retryDelaysMs, signal } = this.#options;
    for (let failures = 0; ; ) {
      try {
        return await this.#commit([event], commit);
      } catch (error) {
        if (error instanceof LeadLost) throw error;
        const what = `consumer ${definition.name} at ${event.stream} ${event.type} ${event.version}`;
        onError(error, what);
        const wait = this.#isAway(error) ? AWAY_MS : retryDelaysMs[failures++];
        if (wait === undefined) {
          await this.#park(event, error, commit);
          return onError(error, `${what}: the stream is parked`);
        }
        await delay(wait, undefined, { signal });
      }
    }
  }

  #isAway(error: unknown): boolean {
    return error instanceof EventLogUnavailable || this.#options.store.isTransient(error);
  }

  async #park(event: RecordedEvent, error: unknown, { position }: Commit): Promise<void> {
    const { stream, version, type: eventType } = event;
    const errorCode = error instanceof Error && 'code' in error ? String(error.code) : 'handler_failed';
    const errorMessage = (error instanceof Error ? error.message : String(error)).slice(0, MAX_MESSAGE);
    await this.#commit([], {
      ...(position === undefined ? {} : { position }),
      park: { stream, version, eventType, errorCode, errorMessage },
    });
    this.#parked.add(stream);
  }

  async #replay({ stream, version, lastVersion }: ToReplay): Promise<void> {
    const { definition, log } = this.#options;
    const { types } = definition.filter;
    const events = await log.read(stream, version);
    this.#parked.delete(stream);
    for (const event of events) {
      if (event.version > lastVersion) break; // not passed over: the subscription brings it
      if (types !== undefined && !types.includes(event.type)) continue;
      await this.#handleOne(event, { replayed: event });
      if (this.#parked.has(stream)) return;
    }
    await this.#commit([], { unpark: stream });
  }
}
