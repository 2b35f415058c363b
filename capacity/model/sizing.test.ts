import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_RETENTION } from '../../src/recording/retention.ts';
import { ASSUMPTIONS } from '../assumptions.ts';
import { MEASURED } from '../testing/measured-example.ts';
import { BILL_ITEMS, billOf, total } from './bill.ts';
import { demandOf } from './demand.ts';
import { costsByArm } from './measured.ts';
import { sizingOf } from './sizing.ts';
import { keptAfter } from './storage.ts';

const costs = costsByArm(MEASURED);
const demand = (perDay: number, over: Partial<typeof ASSUMPTIONS> = {}) =>
  demandOf(costs, { ...ASSUMPTIONS, minutes: 1, ...over, perDay });
const sizing = (perDay: number) => sizingOf(demand(perDay), ASSUMPTIONS, MEASURED.idle);
const loads = fc.integer({ min: 1, max: 50_000_000 });

describe('what a load asks', () => {
  it('follows from the unit costs', () => {
    const { peakPerSecond, talkingAtPeak, recording } = demand(864_000);
    expect(peakPerSecond).toBeCloseTo(24, 9);
    expect(talkingAtPeak).toBeCloseTo(24 * 60, 6);
    expect(recording.apiCpu).toBeCloseTo(0.12, 9);
  });

  it('is between both arms when some are in each', () => {
    const [none, half, all] = [0, 0.5, 1].map(
      (shareChunked) => demand(1_000, { shareChunked }).recording.transcriptions,
    );
    expect([none, half, all]).toEqual([1, 3, 5].map((value) => expect.closeTo(value, 9)));
  });

  it('has more to answer, and for longer, the more people say', () => {
    const [numbers, speech] = [480, 960].map(
      (charactersPerMinute) => demand(1_000, { charactersPerMinute }).recording,
    );
    expect(speech?.tokensOut).toBeCloseTo(2 * (numbers?.tokensOut ?? 0), 9);
    expect(speech?.providerSeconds).toBeGreaterThan(numbers?.providerSeconds ?? 0);
    expect(speech?.audioSeconds).toBe(numbers?.audioSeconds);
  });
});

describe('the size of the parts', () => {
  it('leaves the room that it shall', () => {
    // At 24 recordings a second: 24 × 0.12 s ÷ 0.6, and 24 × 0.1 s ÷ 0.5.
    expect(sizing(864_000)).toMatchObject({ apiNodes: 5, postgresCpus: 8 });
  });

  it('is two nodes of each kind at least', () => {
    expect(sizing(1)).toMatchObject({
      apiNodes: 2,
      workerNodes: 2,
      workersFor: 'two at least',
      postgresCpus: 2,
    });
  });

  it('never shrinks when more recordings come', () => {
    fc.assert(
      fc.property(loads, loads, (a, b) => {
        const [less, more] = [sizing(Math.min(a, b)), sizing(Math.max(a, b))];
        for (const part of [
          'apiNodes',
          'workerNodes',
          'postgresCpus',
          'providerCalls',
          'connections',
        ] as const)
          expect(more[part]).toBeGreaterThanOrEqual(less[part]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('what is kept', () => {
  const { recording } = demand(1_000);

  it('stops growing when its period is over, and the log never does', () => {
    const [month, year] = [30, 365].map((days) => keptAfter(days, 1_000, recording, DEFAULT_RETENTION));
    expect(year?.uploads).toBe(month?.uploads);
    expect(year?.uploads).toBeCloseTo(2 * 1_000 * 500_000, 3);
    expect(year?.log).toBeCloseTo(365 * 1_000 * 27_000, 3);
    expect(year?.recordings).toBeGreaterThan(month?.recordings ?? 0);
  });

  it('is no more than there was when periods are longer', () => {
    const { uploads } = keptAfter(1, 1_000, recording, DEFAULT_RETENTION);
    expect(uploads).toBeCloseTo(1_000 * 500_000, 3);
  });
});

describe('the bill', () => {
  const bill = (perDay: number) => {
    const asked = demand(perDay);
    const kept = keptAfter(30, perDay, asked.recording, DEFAULT_RETENTION);
    return billOf(asked, sizing(perDay), kept, perDay);
  };

  it('is the sum of its items, none of them negative', () => {
    const items = bill(100_000);
    expect(total(items)).toBeCloseTo(
      BILL_ITEMS.reduce((sum, item) => sum + items[item], 0),
      9,
    );
    for (const item of BILL_ITEMS) expect(items[item]).toBeGreaterThanOrEqual(0);
  });

  it('has sixty-four seconds of sound a recording at a tenth of a cent for ten seconds', () => {
    expect(bill(1_000).transcription).toBeCloseTo((64 / 60) * 0.006 * 1_000 * (365 / 12), 6);
  });
});
