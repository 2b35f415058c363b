/**
 * What the KurrentDB adapter adds to the client that it stands on: both do the same, by turns, against the same double of
 * the server (test/doubles/kurrentdb), which is a process of its own. The ratio is ours; the times are the double's.
 */
import { randomUUID } from 'node:crypto';
import {
  jsonEvent,
  KurrentDBClient,
  type RecordedEvent as KurrentDbEvent,
  NO_STREAM,
  streamNameFilter,
} from '@kurrent/kurrentdb-client';
import type { EventLog, NewEvent } from '../src/eventlog/event-log.ts';
import { openKurrentDb } from '../src/eventlog/kurrentdb/kurrentdb-event-log.ts';
import { startKillableKurrentDb } from '../test/support/kurrentdb.ts';
import { milliseconds, spread, verdict } from './support/eventlog-figures.ts';
import { fortyEvents, SMALL_EVENT } from './support/eventlog-session.ts';
import type { BenchTable } from './table.ts';

const GOAL = 1.1;
/** Many and short: what the machine does besides falls to both sides alike. */
const REPETITIONS = 31;
const WRITERS = 32;
const APPENDS = 1_000;
const ONE_BY_ONE = 200;
const READS = 40;
/** Enough that the beginning does not weigh: some 20 ms, to ask where the end is and to gather the first batch. */
const FOLLOWED_STREAMS = 500;

type Sides = { readonly raw: () => Promise<number>; readonly ours: () => Promise<number> };

function onError(error: unknown): void {
  process.stderr.write(`bench: ${String(error)}\n`);
}

export async function benchKurrentDb(): Promise<BenchTable[]> {
  const double = await startKillableKurrentDb();
  const { log } = openKurrentDb({ url: double.url, onError });
  const client = KurrentDBClient.connectionString(`${double.url}&discoveryInterval=50`);
  try {
    const session = fortyEvents(randomUUID());
    const streams = Array.from({ length: FOLLOWED_STREAMS }, () => `followed-${randomUUID()}`);
    for (const stream of streams) await log.append(stream, 'none', session);
    const read = streams.slice(0, READS);
    const rows = [
      await measured(`${APPENDS} appends, ${WRITERS} writers`, appends(client, log, APPENDS, WRITERS)),
      await measured(`${ONE_BY_ONE} appends, one after the other`, appends(client, log, ONE_BY_ONE, 1)),
      await measured(`${READS} sessions of ${session.length} events read`, reads(client, log, read)),
      await measured(
        `${(streams.length * session.length).toLocaleString('en')} events followed from the first`,
        follows(client, log, streams.length * session.length),
      ),
    ];
    return [
      {
        title: 'What the adapter adds to the client',
        intro: `The same work by the raw client (as its documentation has it) and through the adapter, by turns, ${REPETITIONS} times each, against the same double of the server: medians, and the ratio of each pair, median (least–most).`,
        columns: ['what', 'raw client', 'adapter', 'ratio', 'goal', ''],
        rows,
      },
    ];
  } finally {
    await client.dispose();
    await log.close();
    await double.remove();
  }
}

async function measured(what: string, { raw, ours }: Sides): Promise<string[]> {
  const [rawTimes, ourTimes, ratios]: [number[], number[], number[]] = [[], [], []];
  for (let warmUp = 0; warmUp < 3; warmUp++) {
    await raw();
    await ours();
  }
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    // Who goes first changes, so that what one leaves behind does not always fall to the same.
    const first = repetition % 2 === 0 ? await raw() : await ours();
    const second = repetition % 2 === 0 ? await ours() : await raw();
    const [theirs, our] = repetition % 2 === 0 ? [first, second] : [second, first];
    rawTimes.push(theirs);
    ourTimes.push(our);
    ratios.push(our / theirs);
  }
  const ratio = spread(ratios);
  return [
    what,
    milliseconds(spread(rawTimes).median),
    milliseconds(spread(ourTimes).median),
    `${ratio.median.toFixed(2)} × (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})`,
    `${GOAL.toFixed(2)} ×`,
    verdict(ratio.median <= GOAL),
  ];
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function appends(client: KurrentDBClient, log: EventLog, count: number, writers: number): Sides {
  const { type, data, metadata }: NewEvent = SMALL_EVENT;
  const all = (append: (stream: string) => Promise<unknown>) =>
    timed(async () => {
      let left = count;
      const write = async () => {
        while (left-- > 0) await append(`appended-${randomUUID()}`);
      };
      await Promise.all(Array.from({ length: writers }, write));
    });
  return {
    raw: () =>
      all((stream) =>
        client.appendToStream(stream, jsonEvent({ type, data, metadata: { ...metadata } }), {
          streamState: NO_STREAM,
          requiresLeader: true,
        }),
      ),
    ours: () => all((stream) => log.append(stream, 'none', [SMALL_EVENT])),
  };
}

function reads(client: KurrentDBClient, log: EventLog, streams: readonly string[]): Sides {
  return {
    raw: () =>
      timed(async () => {
        for (const stream of streams) {
          const events: (KurrentDbEvent | undefined)[] = [];
          for await (const { event } of client.readStream(stream, { requiresLeader: true }))
            events.push(event);
          if (events.length === 0) throw new Error('nothing was read');
        }
      }),
    ours: () =>
      timed(async () => {
        for (const stream of streams)
          if ((await log.read(stream)).length === 0) throw new Error('nothing was read');
      }),
  };
}

function follows(client: KurrentDBClient, log: EventLog, count: number): Sides {
  return {
    raw: () =>
      timed(async () => {
        const filter = streamNameFilter({ prefixes: ['followed-'] });
        let events = 0;
        for await (const { event } of client.subscribeToAll({ filter, requiresLeader: true }))
          if (event !== undefined && ++events === count) return;
      }),
    ours: () =>
      timed(async () => {
        const enough = new AbortController();
        const filter = { streamPrefix: 'followed-' };
        let events = 0;
        for await (const batch of log.subscribe({ from: 'start', filter, signal: enough.signal })) {
          events += batch.events.length;
          if (events === count) return;
        }
      }),
  };
}
