import { describe, expect, it } from '@jest/globals';
import { rebuildProgress } from './rebuild-progress.ts';

const SINCE = '2026-11-24T03:00:00.000Z';

describe('the progress of a rebuild', () => {
  it('ends in as long as the rest takes at the speed until now', () => {
    expect(rebuildProgress({ done: 250, total: 1_000 }, SINCE, '2026-11-24T03:00:10.000Z')).toEqual({
      eventsDone: 250,
      eventsTotal: 1_000,
      percent: 25,
      eta: '2026-11-24T03:00:40.000Z',
    });
  });

  it('has no end in sight before the first event', () => {
    expect(rebuildProgress({ done: 0, total: 1_000 }, SINCE, '2026-11-24T03:00:10.000Z')).toMatchObject({
      percent: 0,
      eta: null,
    });
  });

  it('is not whole before it is: 99.9 % is not rounded up', () => {
    const now = '2026-11-24T03:00:10.000Z';
    expect(rebuildProgress({ done: 999_999, total: 1_000_000 }, SINCE, now).percent).toBe(99.9);
    expect(rebuildProgress({ done: 1_000_001, total: 1_000_000 }, SINCE, now)).toMatchObject({
      percent: 100,
      eta: now,
    });
  });

  it('is whole when the log is empty', () => {
    expect(rebuildProgress({ done: 0, total: 0 }, SINCE, SINCE)).toMatchObject({ percent: 100, eta: null });
  });
});
