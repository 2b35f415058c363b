/**
 * The log's order, what is left of it and its streams, from KurrentDB. It has no list of streams and counts no events, so
 * streams are found by their first events, and how much is left is told by the bytes of its transaction log.
 */
import {
  eventTypeFilter,
  type Filter,
  type RecordedEvent as KurrentDbEvent,
} from '@kurrent/kurrentdb-client';
import type { EventFilter, Position } from '../event-log.ts';
import type { LogIndex } from '../log-index.ts';
import type { Clients } from './clients.ts';
import { exactly, matches, serverFilter } from './filter.ts';
import { decodePosition, encodePosition, isBefore, isOwn, type LogPlace, START } from './position.ts';
import { hasStream, type ReadTimes, readBehind, readHead } from './read.ts';
import { recordedAtMs } from './recorded-event.ts';

/** Counting ends here: it bounds the cost of a consumer that is far behind. */
const MOST_COUNTED = 10_000;
/** About so many bytes of the transaction log are one event of a recording: 600 of its own, and what is around them. */
const EVENT_BYTES = 800;
const PAGE = 1_000;
const AT_ONCE = 16;

export function kurrentDbLogIndex(clients: Clients, times: ReadTimes): LogIndex {
  const behind = (place: LogPlace | null, filter: Filter, maxCount: number) =>
    readBehind(clients, { place, filter, maxCount }, times);

  return {
    start: encodePosition(START),
    isOwn,
    isBefore,
    async lag(position, filter) {
      const events = await behind(placeOf(position), serverFilter(filter), MOST_COUNTED);
      const wanted = events.filter((event) => isWanted(filter, event));
      const [oldest] = wanted;
      if (oldest === undefined) return { events: 0, seconds: 0 };
      return { events: wanted.length, seconds: Math.max(0, (Date.now() - recordedAtMs(oldest)) / 1000) };
    },
    async read(position) {
      const end = await readHead(clients, times);
      const events = ({ commit }: LogPlace) => Math.floor(Number(commit) / EVENT_BYTES);
      return { done: events(placeOf(position) ?? START), total: events(end) };
    },
    async *streams({ prefix, firstType }, { pageSize, since }) {
      const filter = eventTypeFilter({ regex: exactly([firstType]) });
      let page: string[] = [];
      for (let place: LogPlace | null = null; ; ) {
        const events: KurrentDbEvent[] = await behind(place, filter, PAGE);
        for (const event of events) {
          const { streamId, revision } = event;
          if (revision !== 0n || !streamId.startsWith(prefix)) continue;
          if (since !== undefined && recordedAtMs(event) < Math.floor(Date.parse(since) / 1000) * 1000)
            continue;
          page.push(streamId);
          if (page.length < pageSize) continue;
          yield page;
          page = [];
        }
        if (events.length < PAGE) break;
        place = events.at(-1)?.position ?? null;
      }
      if (page.length > 0) yield page;
    },
    async existing(streams) {
      const found = new Set<string>();
      const left = streams.values();
      const look = async () => {
        for (const stream of left) if (await hasStream(clients, stream, times)) found.add(stream);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, look));
      return found;
    },
  };
}

function placeOf(position: Position | null): LogPlace | null {
  return position === null ? null : decodePosition(position);
}

function isWanted(filter: EventFilter, { streamId, type }: KurrentDbEvent): boolean {
  return matches(filter, { stream: streamId, type });
}
