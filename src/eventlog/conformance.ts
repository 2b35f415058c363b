/**
 * What every event log has to do, whatever it stands on; each adapter's test runs it. One file over 300 lines, because
 * it is one list: the contract of `event-log.ts`, sentence by sentence.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type EventBatch,
  type EventLog,
  type ExpectedVersion,
  InvalidAppend,
  InvalidPosition,
  type JsonObject,
  MAX_APPEND_BYTES,
  type NewEvent,
  type Position,
  type RecordedEvent,
  type SubscribeOptions,
  WrongExpectedVersion,
} from './event-log.ts';

export type LogUnderTest = {
  readonly log: EventLog;
  /** Another instance on the same storage, as another node would have it; the suite closes it. */
  second(): EventLog;
  /** After the suite has closed the logs. */
  dispose(): Promise<void>;
};

const DEADLINE_MS = 20_000;
const metadata = { correlationId: 'c1', causationId: 'c0', traceparent: '00-ab-cd-01', actor: 'system:test' };

export function eventLogConformance(name: string, makeLog: () => Promise<LogUnderTest>): void {
  describe(`${name} is an event log`, () => {
    let under: LogUnderTest;
    let log: EventLog;
    let other: EventLog;
    beforeAll(async () => {
      under = await makeLog();
      log = under.log;
      other = under.second();
    }, 90_000);
    afterAll(async () => {
      await Promise.all([log?.close(), other?.close()]);
      await under?.dispose();
    });

    describe('append', () => {
      it('numbers a stream’s events from 0, with no hole, and answers with the last version', async () => {
        const stream = aStream();
        expect(await log.append(stream, 'none', [event('A'), event('B')])).toEqual({ version: 1 });
        expect(await log.append(stream, 1, [event('C')])).toEqual({ version: 2 });
        expect(await log.append(stream, 'any', [event('D')])).toEqual({ version: 3 });
        const read = await log.read(stream);
        expect(read.map(({ type, version }) => [type, version])).toEqual([
          ['A', 0],
          ['B', 1],
          ['C', 2],
          ['D', 3],
        ]);
      });

      it('makes a stream with “any” as well', async () => {
        expect(await log.append(aStream(), 'any', [event('A')])).toEqual({ version: 0 });
      });

      it.each<[string, ExpectedVersion]>([
        ['none, and it exists', 'none'],
        ['a version before its last', 0],
        ['a version it does not have yet', 2],
      ])('refuses when the stream was expected at %s, and writes nothing', async (_what, expected) => {
        const stream = aStream();
        await log.append(stream, 'none', [event('A'), event('B')]);
        const refused = log.append(stream, expected, [event('C'), event('D')]);
        await expect(refused).rejects.toThrow(WrongExpectedVersion);
        await expect(refused).rejects.toMatchObject({ stream, expected, actual: 1 });
        expect(await log.read(stream)).toHaveLength(2);
      });

      it('refuses a version of a stream that does not exist', async () => {
        await expect(log.append(aStream(), 0, [event('A')])).rejects.toMatchObject({ actual: -1 });
      });

      it('lets exactly one of many writers have a version, on several nodes', async () => {
        const stream = aStream();
        await log.append(stream, 'none', [event('Start')]);
        for (let version = 0; version < 5; version++) {
          const tries = await Promise.allSettled(
            Array.from({ length: 20 }, (_, writer) =>
              (writer % 2 === 0 ? log : other).append(stream, version, [event('Won', { writer })]),
            ),
          );
          expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
          for (const tried of tries)
            if (tried.status === 'rejected') expect(tried.reason).toBeInstanceOf(WrongExpectedVersion);
        }
        expect((await log.read(stream)).map(({ version }) => version)).toEqual([0, 1, 2, 3, 4, 5]);
      });

      it('lands all appends with “any” that meet at one stream, on several nodes, each whole', async () => {
        const stream = aStream();
        const versions = await Promise.all(
          Array.from({ length: 60 }, (_, writer) =>
            (writer % 2 === 0 ? log : other).append(stream, 'any', [
              event('First', { writer }),
              event('Second', { writer }),
            ]),
          ),
        );
        const read = await log.read(stream);
        expect(read.map(({ version }) => version)).toEqual(Array.from({ length: 120 }, (_, index) => index));
        for (let index = 0; index < 120; index += 2)
          expect(read[index]?.data.writer).toBe(read[index + 1]?.data.writer);
        expect(versions.map(({ version }) => version).sort((a, b) => a - b)).toEqual(
          Array.from({ length: 60 }, (_, index) => index * 2 + 1),
        );
      });

      it('keeps the order in which one writer appended to a stream without waiting', async () => {
        const stream = aStream();
        await Promise.all(
          Array.from({ length: 30 }, (_, number) => log.append(stream, 'any', [event('A', { number })])),
        );
        expect((await log.read(stream)).map(({ data }) => data.number)).toEqual(
          Array.from({ length: 30 }, (_, number) => number),
        );
      });

      it('fails nobody else when one of many appends at once is refused', async () => {
        const taken = aStream();
        await log.append(taken, 'none', [event('A')]);
        const streams = Array.from({ length: 30 }, aStream);
        const appends = streams.map((stream) => log.append(stream, 'none', [event('A')]));
        const refused = log.append(taken, 'none', [event('A')]);
        await expect(refused).rejects.toThrow(WrongExpectedVersion);
        expect(await Promise.all(appends)).toHaveLength(30);
      });

      it('gives back what it was given', async () => {
        const stream = `${aStream()} ünï/😀`;
        const data = {
          unicode: 'grüße 👋🏽 日本語 \u2028 \u0000 \ud800',
          quote: '"\\/\b\f\n\r\t',
          numbers: [0, -0.5, 1e-7, 1e300, 9007199254740991],
          nested: { list: [null, true, false, {}, [], ''] },
          'key with "quotes"': 1,
        };
        await log.append(stream, 'none', [{ type: 'Type ü', data: { ...data, left: undefined }, metadata }]);
        const [read] = await log.read(stream);
        expect(read).toMatchObject({ stream, version: 0, type: 'Type ü', metadata });
        expect(read?.data).toEqual(data);
        expect(Math.abs(Date.parse(read?.recordedAt ?? '') - Date.now())).toBeLessThan(60_000);
        expect(read?.recordedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/);
      });

      it('takes big events, and many of them at once', async () => {
        const stream = aStream();
        const text = 'x'.repeat(MAX_APPEND_BYTES - 500);
        const type = `Big-${stream}`; // another run's are not counted
        await log.append(stream, 'none', [event(type, { text })]);
        expect((await log.read(stream))[0]?.data.text).toHaveLength(text.length);
        const streams = Array.from({ length: 20 }, aStream);
        await Promise.all(streams.map((each) => log.append(each, 'none', [event(type, { text })])));
        const ends = await Promise.all(streams.map((each) => log.read(each)));
        expect(ends.every(([read]) => read?.data.text === text)).toBe(true);
        const sizes: number[] = [];
        const filter = { types: [type] };
        await follow(log, { from: 'start', filter }, 21, ({ events }) => sizes.push(events.length));
        // A page is bounded in bytes too: not all twenty megabytes are held at once.
        expect(Math.max(...sizes)).toBeLessThan(20);
      });

      it.each<[string, string, ExpectedVersion, NewEvent[]]>([
        ['no events', 'stream', 'any', []],
        ['a stream without a name', '', 'any', [event('A')]],
        ['a name with U+0000', 'a\0', 'any', [event('A')]],
        ['a name that is kept for the log’s own streams', '$a', 'any', [event('A')]],
        [
          'more bytes than it may hold',
          'stream',
          'any',
          [event('A', { text: 'x'.repeat(MAX_APPEND_BYTES) })],
        ],
      ])('refuses %s', async (_what, stream, expected, events) => {
        await expect(log.append(stream, expected, events)).rejects.toThrow(InvalidAppend);
      });
    });

    describe('read', () => {
      it('gives nothing of a stream that does not exist', async () => {
        expect(await log.read(aStream())).toEqual([]);
      });

      it('gives a stream from a version on', async () => {
        const stream = aStream();
        await log.append(stream, 'none', [event('A'), event('B'), event('C')]);
        expect((await log.read(stream, 1)).map(({ type }) => type)).toEqual(['B', 'C']);
        expect(await log.read(stream, 3)).toEqual([]);
      });

      it('shows an append as soon as it was answered, on every node', async () => {
        for (let round = 0; round < 20; round++) {
          const stream = aStream();
          await log.append(stream, 'none', [event('A')]);
          expect(await other.read(stream)).toHaveLength(1);
        }
      });
    });

    describe('subscribe', () => {
      it('begins with the first event, in the order of each stream, and says how far it is', async () => {
        const prefix = `${aStream()}/`;
        await log.append(`${prefix}1`, 'none', [event('A'), event('B')]);
        await log.append(`${prefix}2`, 'none', [event('C')]);
        await log.append(`${prefix}1`, 1, [event('D')]);
        const { events } = await follow(log, { from: 'start', filter: { streamPrefix: prefix } }, 4);
        expect(events.map(({ type }) => type)).toEqual(['A', 'B', 'C', 'D']);
      });

      it('gives the same events as reading the stream does', async () => {
        const stream = aStream();
        await log.append(stream, 'none', [event('A', { n: 1 }), event('B', { n: 2 })]);
        const { events } = await follow(log, { from: 'start', filter: { streamPrefix: stream } }, 2);
        expect(events).toEqual(await log.read(stream));
      });

      it('goes on behind a position: of a batch, and of an event in the middle of one', async () => {
        const prefix = `${aStream()}/`;
        const filter = { streamPrefix: prefix };
        for (const type of ['A', 'B', 'C', 'D']) await log.append(prefix + type, 'none', [event(type)]);
        const all = await follow(log, { from: 'start', filter }, 4);
        const second = all.events[1];
        if (second === undefined) throw new Error('no second event');
        const rest = await follow(other, { from: second.position, filter }, 2);
        expect(rest.events.map(({ type }) => type)).toEqual(['C', 'D']);
        await log.append(`${prefix}E`, 'none', [event('E')]);
        const news = await follow(other, { from: all.position, filter }, 1);
        expect(news.events.map(({ type }) => type)).toEqual(['E']);
      });

      it('begins at the end: only what commits from then on', async () => {
        const prefix = `${aStream()}/`;
        await log.append(`${prefix}1`, 'none', [event('Before')]);
        const from = await log.head();
        await log.append(`${prefix}2`, 'none', [event('After')]);
        const after = await follow(log, { from, filter: { streamPrefix: prefix } }, 1);
        expect(after.events.map(({ type }) => type)).toEqual(['After']);

        const signal = new AbortController();
        const batches = log.subscribe({
          from: 'end',
          filter: { streamPrefix: prefix },
          signal: signal.signal,
        });
        const first = firstEvents(batches);
        // Whatever is appended before the subscription has found the end is not for it: it gets the first after that.
        const appending = appendUntil(signal.signal, async (number) => {
          await other.append(`${prefix}live-${number}`, 'none', [event('Live')]);
        });
        expect((await first).map(({ type }) => type)).not.toContain('Before');
        signal.abort();
        await appending;
      });

      it('filters by stream prefix and by type', async () => {
        const prefix = `${aStream()}/`;
        await log.append(`${prefix}1`, 'none', [event('A'), event('B'), event('A')]);
        await log.append(`not-${prefix}`, 'none', [event('A')]);
        await log.append(`${prefix}%_`, 'none', [event('A')]);
        const both = await follow(log, { from: 'start', filter: { streamPrefix: prefix, types: ['A'] } }, 3);
        expect(both.events.map(({ stream, version }) => [stream, version])).toEqual([
          [`${prefix}1`, 0],
          [`${prefix}1`, 2],
          [`${prefix}%_`, 0],
        ]);
        // Wildcards of other languages are none here.
        const literal = await follow(log, { from: 'start', filter: { streamPrefix: `${prefix}%` } }, 1);
        expect(literal.events.map(({ stream }) => stream)).toEqual([`${prefix}%_`]);
      });

      it('moves its position also when nothing matches', async () => {
        const from = await log.head();
        await log.append(aStream(), 'none', [event('A')]);
        const signal = new AbortController();
        for await (const batch of log.subscribe({
          from,
          filter: { streamPrefix: 'no stream begins so' },
          signal: AbortSignal.any([signal.signal, AbortSignal.timeout(DEADLINE_MS)]),
        })) {
          expect(batch.events).toEqual([]);
          expect(batch.position).not.toBe(from);
          signal.abort();
        }
        expect(signal.signal.aborted).toBe(true);
      });

      it('keeps to the batch size', async () => {
        const stream = aStream();
        await log.append(
          stream,
          'none',
          Array.from({ length: 25 }, () => event('A')),
        );
        const sizes: number[] = [];
        const filter = { streamPrefix: stream };
        await follow(log, { from: 'start', filter, batchSize: 10 }, 25, ({ events }) =>
          sizes.push(events.length),
        );
        expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
      });

      it('is woken by what another node appends', async () => {
        const prefix = `${aStream()}/`;
        const from = await log.head();
        const waits: number[] = [];
        const signal = new AbortController();
        const appended = new Map<string, number>();
        const following = (async () => {
          const options = { from, filter: { streamPrefix: prefix }, signal: signal.signal };
          for await (const { events } of log.subscribe(options)) {
            for (const { stream } of events) waits.push(performance.now() - (appended.get(stream) ?? 0));
          }
        })();
        for (let number = 0; number < 20; number++) {
          const stream = `${prefix}${number}`;
          appended.set(stream, performance.now());
          await other.append(stream, 'none', [event('A')]);
          await until(() => waits.length > number);
        }
        signal.abort();
        await following;
        // Far below the second in which polling would find it.
        expect(waits.sort((a, b) => a - b)[10]).toBeLessThan(300);
      });

      it('ends quietly when aborted: before it began, while it waits, between batches', async () => {
        const aborted = AbortSignal.abort();
        for await (const _ of log.subscribe({ from: 'start', signal: aborted }))
          throw new Error('not aborted');
        const waiting = new AbortController();
        const filter = { streamPrefix: 'no stream begins so' };
        const ended = (async () => {
          for await (const _ of log.subscribe({ from: await log.head(), filter, signal: waiting.signal }));
        })();
        waiting.abort();
        await ended;
        const between = new AbortController();
        let batches = 0;
        for await (const _ of log.subscribe({ from: 'start', batchSize: 1, signal: between.signal })) {
          batches++;
          between.abort();
        }
        expect(batches).toBe(1);
      });

      it('refuses what is no position of its own', async () => {
        const signal = AbortSignal.timeout(DEADLINE_MS);
        const first = firstEvents(log.subscribe({ from: 'nowhere' as Position, signal }));
        await expect(first).rejects.toThrow(InvalidPosition);
      });
    });

    describe('commit order', () => {
      it('skips nothing and repeats nothing, with many writers on two nodes and followers that come and go', async () => {
        const prefix = `${aStream()}/`;
        const filter = { streamPrefix: prefix };
        const from = await log.head();
        const writers = 24;
        const appends = 60;
        const total = writers * appends;
        const steady = follow(log, { from, filter, batchSize: 50 }, total);
        const restarting = followRestarting(other, { from, filter, batchSize: 37 }, total);
        await Promise.all(
          Array.from({ length: writers }, async (_, writer) => {
            for (let number = 0; number < appends; number++) {
              // Some alone, some sharing a stream with other writers, on either node.
              const shared = number % 3 === 0;
              const stream = shared ? `${prefix}shared-${number % 5}` : `${prefix}${writer}-${number}`;
              await (writer % 2 === 0 ? log : other).append(stream, 'any', [event('A', { writer, number })]);
            }
          }),
        );
        const expected = Array.from({ length: total }, (_, index) => index);
        const keys = ({ events }: Followed) =>
          events.map(({ data }) => Number(data.writer) * appends + Number(data.number)).sort((a, b) => a - b);
        expect(keys(await steady)).toEqual(expected);
        expect(keys(await restarting)).toEqual(expected);
        const order = ({ events }: Followed) => events.map(({ stream, version }) => `${stream}@${version}`);
        expect(order(await restarting)).toEqual(order(await steady));
        expectStreamOrder((await steady).events);
      });

      it('catches up with 100,000 events', async () => {
        const prefix = `${aStream()}/`;
        const filter = { streamPrefix: prefix };
        const from = await log.head();
        const hundred = Array.from({ length: 100 }, (_, number) => event('A', { number }));
        for (let round = 0; round < 10; round++) {
          await Promise.all(
            Array.from({ length: 100 }, (_, number) =>
              log.append(`${prefix}${round}-${number}`, 'none', hundred),
            ),
          );
        }
        const { events } = await follow(other, { from, filter }, 100_000);
        expect(events).toHaveLength(100_000);
        expectStreamOrder(events);
        expect(new Set(events.map(({ stream, version }) => `${stream}@${version}`)).size).toBe(100_000);
      }, 60_000);
    });
  });
}

let streams = 0;
function aStream(): string {
  return `conformance-${process.pid}-${Date.now().toString(36)}-${streams++}`;
}

function event(type: string, data: JsonObject = {}): NewEvent {
  return { type, data, metadata };
}

type Followed = { readonly events: RecordedEvent[]; readonly position: Position };

/** Follows until so many events have come; then looks once more whether too many come. */
async function follow(
  log: EventLog,
  options: Omit<SubscribeOptions, 'signal'>,
  count: number,
  onBatch: (batch: EventBatch) => void = () => undefined,
): Promise<Followed> {
  const events: RecordedEvent[] = [];
  const enough = new AbortController();
  let last: Position | null = null;
  const signal = AbortSignal.any([enough.signal, AbortSignal.timeout(DEADLINE_MS)]);
  for await (const batch of log.subscribe({ ...options, signal })) {
    onBatch(batch);
    events.push(...batch.events);
    last = batch.position;
    if (events.length >= count) enough.abort();
  }
  if (last === null || events.length !== count) throw new Error(`${events.length} events came, not ${count}`);
  return { events, position: last };
}

/** Takes up a new subscription after each batch, at its position: as a consumer that crashes all the time. */
async function followRestarting(
  log: EventLog,
  options: Omit<SubscribeOptions, 'signal'>,
  count: number,
): Promise<Followed> {
  const events: RecordedEvent[] = [];
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  let position = options.from as Position;
  while (events.length < count && !deadline.aborted) {
    for await (const batch of log.subscribe({ ...options, from: position, signal: deadline })) {
      events.push(...batch.events);
      position = batch.position;
      break;
    }
  }
  if (events.length !== count) throw new Error(`${events.length} events came, not ${count}`);
  return { events, position };
}

async function firstEvents(batches: AsyncIterable<EventBatch>): Promise<readonly RecordedEvent[]> {
  for await (const { events } of batches) if (events.length > 0) return events;
  return [];
}

async function appendUntil(signal: AbortSignal, append: (number: number) => Promise<void>): Promise<void> {
  for (let number = 0; !signal.aborted && number < 1_000; number++) await append(number);
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not come to be in time');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function expectStreamOrder(events: readonly RecordedEvent[]): void {
  const versions = new Map<string, number>();
  for (const { stream, version } of events) {
    if (version !== (versions.get(stream) ?? -1) + 1)
      throw new Error(`${stream} is out of order at ${version}`);
    versions.set(stream, version);
  }
}
