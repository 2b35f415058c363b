/** What can be asked of any event log besides its events; each adapter's test runs it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventLog, NewEvent, Position } from './event-log.ts';
import type { LogIndex } from './log-index.ts';

export type IndexUnderTest = {
  readonly log: EventLog;
  readonly index: LogIndex;
  dispose(): Promise<void>;
};

const metadata = { correlationId: 'c', actor: 'system:test' };
const event = (type: string): NewEvent => ({ type, data: {}, metadata });

export function logIndexConformance(name: string, make: () => Promise<IndexUnderTest>): void {
  describe(`${name} has an index`, () => {
    const prefix = `index-${process.pid}-${Date.now().toString(36)}-`;
    const filter = { streamPrefix: prefix };
    let under: IndexUnderTest;
    let positions: Position[];
    beforeAll(async () => {
      under = await make();
      const { log } = under;
      await log.append(`${prefix}a`, 'none', [event('First')]);
      await log.append(`${prefix}b`, 'none', [event('First'), event('More')]);
      await log.append(`${prefix}c`, 'none', [event('Other')]);
      await log.append(`not-${prefix}`, 'none', [event('First')]);
      await log.append(`${prefix}a`, 0, [event('More')]);
      positions = [];
      for (const stream of ['a', 'b', 'c'])
        positions.push(...(await log.read(`${prefix}${stream}`)).map(({ position }) => position));
    }, 90_000);
    afterAll(async () => {
      await under?.log.close();
      await under?.dispose();
    });

    it('knows its own positions, and which comes first', () => {
      const { index } = under;
      const [first = null, last = null, second = null] = positions;
      expect(positions.map((position) => index.isOwn(position))).toEqual(positions.map(() => true));
      expect(['', 'somewhere', '7', '{}'].map((position) => index.isOwn(position))).not.toContain(true);
      expect([index.isBefore(first, second), index.isBefore(second, last)]).toEqual([true, true]);
      expect([index.isBefore(last, first), index.isBefore(first, first)]).toEqual([false, false]);
      expect([index.isBefore(null, first), index.isBefore(first, null)]).toEqual([true, false]);
      expect([index.isBefore(null, null), index.isBefore(null, index.start)]).toEqual([false, true]);
      expect(index.isBefore(index.start, first)).toBe(true);
    });

    it('tells how many events wait behind a position, and for how long', async () => {
      const { index } = under;
      const [first = null, last = null] = positions;
      expect(await index.lag(null, filter)).toMatchObject({ events: 5 });
      expect(await index.lag(first, filter)).toMatchObject({ events: 4 });
      expect(await index.lag(first, { ...filter, types: ['More'] })).toMatchObject({ events: 2 });
      expect(await index.lag(last, filter)).toEqual({ events: 0, seconds: 0 });
      expect(await index.lag(await headBehind(under, last), {})).toEqual({ events: 0, seconds: 0 });
      const { seconds } = await index.lag(null, filter);
      expect(seconds).toBeGreaterThanOrEqual(0);
      expect(seconds).toBeLessThan(60);
    });

    it('tells how much of it is done', async () => {
      const { index } = under;
      const [first = null, last = null] = positions;
      const none = await index.read(null);
      const some = await index.read(first);
      const all = await index.read(last);
      expect(none.done).toBe(0);
      expect(some.done).toBeLessThanOrEqual(all.done);
      expect(all.done).toBeLessThanOrEqual(all.total);
      expect(all.total - all.done).toBeLessThan(10);
    });

    it('names the streams of a kind, a page after the other, each once', async () => {
      const { index } = under;
      const named = async (pageSize: number, since?: string) => {
        const pages: string[][] = [];
        const kind = { prefix, firstType: 'First' };
        const options = { pageSize, ...(since === undefined ? {} : { since }) };
        for await (const page of index.streams(kind, options)) pages.push([...page]);
        return pages;
      };
      const both = [`${prefix}a`, `${prefix}b`];
      expect((await named(10)).flat().sort()).toEqual(both);
      expect((await named(1)).map(({ length }) => length)).toEqual([1, 1]);
      expect((await named(1)).flat().sort()).toEqual(both);
      expect((await named(10, new Date(Date.now() - 60_000).toISOString())).flat().sort()).toEqual(both);
      expect((await named(10, new Date(Date.now() + 60_000).toISOString())).flat()).toEqual([]);
    });

    it('tells which of some streams there are', async () => {
      const { index } = under;
      const asked = [`${prefix}a`, `${prefix}nowhere`, `${prefix}c`, prefix];
      expect([...(await index.existing(asked))].sort()).toEqual([`${prefix}a`, `${prefix}c`]);
      expect([...(await index.existing([]))]).toEqual([]);
    });
  });
}

const DEADLINE_MS = 20_000;

/** Where the log ends for those who follow it: a transaction under way, of whomever, may hold that back for a moment. */
async function headBehind({ log, index }: IndexUnderTest, position: Position | null): Promise<Position> {
  const deadline = Date.now() + DEADLINE_MS;
  for (let head = await log.head(); ; head = await log.head()) {
    if (!index.isBefore(head, position)) return head;
    if (Date.now() > deadline) throw new Error('the end of the log was not shown in time');
  }
}
