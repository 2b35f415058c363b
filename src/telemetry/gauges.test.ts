import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Sql } from '../eventlog/sql.ts';
import { type GaugeParts, gauges } from './gauges.ts';
import { createMetrics, type Metrics } from './metrics.ts';

let metrics: Metrics;
let stuck: number;
let isAway: boolean;
let reads: number;
let told: string[];

beforeEach(() => {
  jest.useFakeTimers();
  [metrics, stuck, isAway, reads, told] = [createMetrics(), 0, false, 0, []];
});
afterEach(() => {
  metrics.registry.clear();
  jest.useRealTimers();
});

function given() {
  const parts: GaugeParts = {
    sql: { query: async () => ({ rows: [] }) } as unknown as Sql,
    consumers: { list: async () => [], parked: async () => [] },
    sessionList: {
      async counts() {
        reads += 1;
        if (isAway) throw new Error('the database is away');
        return { oldest: { recording: null, processing: null }, stuck, deadLetters: {} };
      },
    },
    desk: { rollout: async () => null } as unknown as GaugeParts['desk'],
    flags: [],
    now: () => '2026-11-24T12:00:00.000Z',
    onError: (_error, what) => told.push(what),
  };
  const { known, readAnew } = gauges(metrics, parts);
  return {
    /** As a scrape does. */
    async look(): Promise<number | undefined> {
      await known();
      const { values } = await metrics.sessionsStuck.get();
      await readAnew();
      return values[0]?.value;
    },
  };
}

describe('the gauges', () => {
  it('are read before they are first shown', async () => {
    stuck = 3;
    expect(await given().look()).toBe(3);
    expect(reads).toBe(1);
  });

  it('are shown at once afterwards, as they were at the look before, and read anew for the next', async () => {
    const { look } = given();
    await look();
    stuck = 5;
    jest.advanceTimersByTime(10_000);
    expect(await look()).toBe(0);
    jest.advanceTimersByTime(10_000);
    expect(await look()).toBe(5);
  });

  it('are at most 15 s old', async () => {
    const { look } = given();
    await look();
    stuck = 5;
    jest.advanceTimersByTime(15_000);
    expect(await look()).toBe(5);
  });

  it('are read at most every two seconds, and never while nobody looks', async () => {
    const { look } = given();
    for (let each = 0; each < 20; each++) {
      await look();
      jest.advanceTimersByTime(500);
    }
    expect(reads).toBe(5);
    jest.advanceTimersByTime(3_600_000);
    expect(reads).toBe(5);
  });

  it('that cannot be read keep their value for a minute, and then have none', async () => {
    const { look } = given();
    stuck = 4;
    await look();
    isAway = true;
    for (const _ of [1, 2, 3, 4, 5]) {
      jest.advanceTimersByTime(10_000);
      expect(await look()).toBe(4);
    }
    expect(told).toContain('the gauges of the sessions');
    jest.advanceTimersByTime(20_000);
    expect(await look()).toBeUndefined();
  });
});
