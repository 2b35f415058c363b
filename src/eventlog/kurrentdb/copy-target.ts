/** KurrentDB as the log that another one is copied into: events keep their ids, versions and times. */
import type { RecordedEvent as KurrentDbEvent } from '@kurrent/kurrentdb-client';
import type { CopiedEvent, CopyTarget, PlacedEvent } from '../log-copy.ts';
import { prepareAppend } from '../prepare-append.ts';
import { append } from './append.ts';
import { createClients } from './clients.ts';
import { serverFilter } from './filter.ts';
import { withOrigin } from './origin.ts';
import { decodePosition, encodePosition, isBefore, type LogPlace, START } from './position.ts';
import { readBefore, readBehind, readWhole } from './read.ts';
import { toRecordedEvent } from './recorded-event.ts';

/** Longer than for a person who waits: an election, a restart, a scan over what is not ours. */
const TIMES = { tryMs: 15_000, patienceMs: 30_000 };
const PAGE = 500;

export type CopyTargetOptions = {
  /** `kurrentdb://…`. Holds the password: not for logs. */
  readonly url: string;
  /** In milliseconds, for tests. */
  readonly times?: { readonly tryMs: number; readonly patienceMs: number };
};

/** Connects when it is first used. @throws EventStoreUrlInvalid */
export function kurrentDbCopyTarget({ url, times = TIMES }: CopyTargetOptions): CopyTarget {
  const clients = createClients(url);
  clients.of('append'); // so that a URL, or a file that it names, fails now
  /** Everybody's, but for what KurrentDB keeps for itself. */
  const filter = serverFilter({});

  return {
    start: encodePosition(START),
    async append(events) {
      const [first] = events;
      if (first === undefined) return;
      const { stream } = first;
      const expected = first.version === 0 ? 'none' : first.version - 1;
      const sent = events.map(({ type, data, metadata, recordedAt }) => ({
        type,
        data,
        metadata: withOrigin(metadata, recordedAt),
      }));
      const { events: prepared } = prepareAppend(stream, expected, sent);
      const ids = events.map(({ id }) => id);
      await append(clients, { stream, expected, events: sent, prepared, ids }, times);
    },
    async newest() {
      const [event] = await readBefore(clients, { place: null, filter, maxCount: 1 }, times);
      return event === undefined ? null : toPlaced(event);
    },
    async *forwards(after) {
      let place: LogPlace | null = after === null ? null : decodePosition(after);
      for (;;) {
        const events = await readBehind(clients, { place, filter, maxCount: PAGE }, times);
        if (events.length > 0) yield events.map(toPlaced);
        if (events.length < PAGE) return;
        place = events.at(-1)?.position ?? null;
      }
    },
    async *backwards() {
      let place: LogPlace | null = null;
      for (;;) {
        const events: KurrentDbEvent[] = await readBefore(clients, { place, filter, maxCount: PAGE }, times);
        if (events.length > 0) yield events.map(toPlaced);
        if (events.length < PAGE) return;
        place = events.at(-1)?.position ?? null;
      }
    },
    read: async (stream) => (await readWhole(clients, stream, times)).map(toCopied),
    isBefore,
    close: () => clients.close(),
  };
}

function toPlaced(event: KurrentDbEvent): PlacedEvent {
  return { ...toRecordedEvent(event, event.position ?? START), id: event.id };
}

function toCopied(event: KurrentDbEvent): CopiedEvent {
  const { position: _, ...copied } = toPlaced(event);
  return copied;
}
