/**
 * The event log on KurrentDB (EventStoreDB's name today), through its own client. `append.ts` tells how an append is
 * brought to an end, `subscription.ts` how the log is followed, `clients.ts` what the connections are. docs/kurrentdb.md
 * is for who runs it.
 *
 * Nothing here deletes or truncates: no stream has `$maxCount`, `$maxAge` or `$tb`, and none is deleted.
 */
import { type EventLog, EventLogUnavailable } from '../event-log.ts';
import type { LogIndex } from '../log-index.ts';
import { prepareAppend } from '../prepare-append.ts';
import { append } from './append.ts';
import { createClients } from './clients.ts';
import { InTurn } from './in-turn.ts';
import { kurrentDbLogIndex } from './log-index.ts';
import { encodePosition } from './position.ts';
import { readHead, readStream } from './read.ts';
import { subscription } from './subscription.ts';

const WAITING = { most: 10_000, mostBytes: 64 * 1024 * 1024 };
/** An election takes a second or two; a try that takes longer than `tryMs` is lost. */
const APPEND = { tryMs: 5_000, patienceMs: 10_000 };
const READ = { tryMs: 5_000, patienceMs: 5_000 };

export type KurrentDbOptions = {
  /** `kurrentdb://…`, see docs/kurrentdb.md. Holds the password: not for logs. */
  readonly url: string;
  /** Told of what it recovers from by itself: a subscription lost. */
  readonly onError: (error: unknown) => void;
  /** In milliseconds, for tests; each has a default. */
  readonly times?: {
    readonly append?: { readonly tryMs: number; readonly patienceMs: number };
    readonly read?: { readonly tryMs: number; readonly patienceMs: number };
  };
};

/**
 * The log, and what is asked of it besides; both are over when the log is closed. Connects when it is first used.
 * @throws EventStoreUrlInvalid
 */
export function openKurrentDb({ url, onError, times = {} }: KurrentDbOptions): {
  readonly log: EventLog;
  readonly index: LogIndex;
} {
  const { append: appendTimes = APPEND, read: readTimes = READ } = times;
  const clients = createClients(url);
  clients.of('append'); // so that a URL, or a file that it names, fails now
  const inTurn = new InTurn(WAITING);
  const closed = new AbortController();

  const log: EventLog = {
    async append(stream, expected, events) {
      const { bytes, events: prepared } = prepareAppend(stream, expected, events);
      if (closed.signal.aborted) throw new EventLogUnavailable('the event log is closed');
      return inTurn.run(stream, bytes, () =>
        append(clients, { stream, expected, events, prepared }, appendTimes),
      );
    },
    read: (stream, fromVersion = 0) => readStream(clients, stream, fromVersion, readTimes),
    subscribe(options) {
      const signal = AbortSignal.any([options.signal, closed.signal]);
      return subscription({ ...options, signal }, { clients, times: readTimes, onError });
    },
    async head() {
      return encodePosition(await readHead(clients, readTimes));
    },
    async close() {
      closed.abort();
      await inTurn.drained();
      await clients.close();
    },
  };
  return { log, index: kurrentDbLogIndex(clients, readTimes) };
}
