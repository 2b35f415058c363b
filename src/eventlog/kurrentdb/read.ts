/** Reads of a stream and of the log's end. All ask the leader, so that what was appended is there. */
import { setTimeout as delay } from 'node:timers/promises';
import {
  BACKWARDS,
  END,
  type Filter,
  START as FROM_START,
  type RecordedEvent as KurrentDbEvent,
  type ReadAllOptions,
  type ReadStreamOptions,
  type ResolvedEvent,
  StreamNotFoundError,
  UnavailableError,
} from '@kurrent/kurrentdb-client';
import { EventLogUnavailable, type RecordedEvent } from '../event-log.ts';
import type { Clients } from './clients.ts';
import { accessDenied, inTime, isAccessDenied, NoAnswer } from './errors.ts';
import { comparePlaces, type LogPlace, START } from './position.ts';
import { toRecordedEvent } from './recorded-event.ts';

export type ReadTimes = {
  /** So long KurrentDB may take for the next events. */
  readonly tryMs: number;
  /** So long it is tried again, while another leader is found. */
  readonly patienceMs: number;
};

/** Events in one call: what is asked for has its end, and the next call its own time. */
const PAGE = 1_000;
const AGAIN_MS = 100;

/** @throws EventLogUnavailable */
export async function readStream(
  clients: Clients,
  stream: string,
  fromVersion: number,
  times: ReadTimes,
): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (let from = fromVersion; ; ) {
    const page = await patiently(times, () =>
      streamPage(clients, stream, { fromRevision: BigInt(from), maxCount: PAGE }, times.tryMs),
    );
    for (const event of page) {
      // Nothing here ever truncates a stream or lets it expire: somebody else has.
      if (Number(event.revision) !== from)
        throw new EventLogUnavailable(
          `stream ${stream} lacks its events from ${from} to ${event.revision}: it was truncated in KurrentDB`,
        );
      from++;
      events.push(toRecordedEvent(event, event.position ?? START));
    }
    if (page.length < PAGE) return events;
  }
}

/** The stream as it is stored; what it lacks is not complained of. @throws EventLogUnavailable */
export async function readWhole(
  clients: Clients,
  stream: string,
  times: ReadTimes,
): Promise<KurrentDbEvent[]> {
  const events: KurrentDbEvent[] = [];
  for (let from = 0n; ; ) {
    const options = { fromRevision: from, maxCount: PAGE };
    const page = await patiently(times, () => streamPage(clients, stream, options, times.tryMs));
    events.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return events;
    from = last.revision + 1n;
  }
}

/** The stream's newest events, the newest first; without patience. */
export function lastEvents(
  clients: Clients,
  stream: string,
  maxCount: number,
  tryMs: number,
): Promise<KurrentDbEvent[]> {
  return streamPage(clients, stream, { direction: BACKWARDS, fromRevision: END, maxCount }, tryMs);
}

/** @throws EventLogUnavailable */
export async function hasStream(clients: Clients, stream: string, times: ReadTimes): Promise<boolean> {
  const first = await patiently(times, () =>
    streamPage(clients, stream, { fromRevision: 0n, maxCount: 1 }, times.tryMs),
  );
  return first.length > 0;
}

/** Where the newest event is; `START` when there is none. @throws EventLogUnavailable */
export async function readHead(clients: Clients, times: ReadTimes): Promise<LogPlace> {
  const [last] = await patiently(times, () =>
    readEvents(
      clients,
      (client) =>
        client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1, requiresLeader: true }),
      times.tryMs,
    ),
  );
  return last?.position ?? START;
}

/** A part of the whole log, as the server filters it. */
export type PartOfLog = {
  /** Null: the start of the log, or its end. */
  readonly place: LogPlace | null;
  readonly filter: Filter;
  readonly maxCount: number;
};

/** What the log has behind a place, in its order. @throws EventLogUnavailable */
export async function readBehind(
  clients: Clients,
  { place, filter, maxCount }: PartOfLog,
  times: ReadTimes,
): Promise<KurrentDbEvent[]> {
  // One more, since the event at the place itself comes too.
  const options: ReadAllOptions = {
    fromPosition: place ?? FROM_START,
    maxCount: maxCount + 1,
    filter,
    requiresLeader: true,
  };
  const events = await patiently(times, () =>
    readEvents(clients, (client) => client.readAll(options), times.tryMs),
  );
  const isBehind = ({ position }: KurrentDbEvent) =>
    place === null || position === undefined || comparePlaces(position, place) > 0;
  return events.filter(isBehind).slice(0, maxCount);
}

/** What the log has before a place, the newest first. @throws EventLogUnavailable */
export async function readBefore(
  clients: Clients,
  { place, filter, maxCount }: PartOfLog,
  times: ReadTimes,
): Promise<KurrentDbEvent[]> {
  const options: ReadAllOptions = {
    direction: BACKWARDS,
    fromPosition: place ?? END,
    maxCount: maxCount + 1,
    filter,
    requiresLeader: true,
  };
  const events = await patiently(times, () =>
    readEvents(clients, (client) => client.readAll(options), times.tryMs),
  );
  const isBefore = ({ position }: KurrentDbEvent) =>
    place === null || position === undefined || comparePlaces(position, place) < 0;
  return events.filter(isBefore).slice(0, maxCount);
}

function streamPage(
  clients: Clients,
  stream: string,
  options: ReadStreamOptions,
  tryMs: number,
): Promise<KurrentDbEvent[]> {
  return readEvents(
    clients,
    (client) => client.readStream(stream, { ...options, requiresLeader: true }),
    tryMs,
  );
}

/** Every event of one call. A stream that does not exist has none. */
export async function readEvents(
  clients: Clients,
  read: (client: ReturnType<Clients['of']>) => AsyncIterableIterator<ResolvedEvent>,
  tryMs: number,
): Promise<KurrentDbEvent[]> {
  const client = clients.of('read');
  try {
    return await inTime(async (isAlive) => {
      const events: KurrentDbEvent[] = [];
      for await (const { event } of read(client)) {
        isAlive();
        if (event !== undefined) events.push(event);
      }
      return events;
    }, tryMs);
  } catch (error) {
    if (error instanceof StreamNotFoundError) return [];
    // Once the native library has failed to connect it never does again.
    if (error instanceof UnavailableError || error instanceof NoAnswer) clients.drop('read', client);
    throw error;
  }
}

/** @throws EventLogUnavailable */
export async function patiently<Result>(
  { patienceMs }: Pick<ReadTimes, 'patienceMs'>,
  read: () => Promise<Result>,
): Promise<Result> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (isAccessDenied(error)) throw accessDenied(error);
      if (performance.now() > giveUpAt)
        throw new EventLogUnavailable('KurrentDB could not be read', { cause: error });
      await delay(AGAIN_MS);
    }
  }
}
