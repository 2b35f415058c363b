import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventsOf } from '../../test/support/copied-events.ts';
import { withId } from './copied-event.ts';
import { runsOf } from './runs.ts';

const log = (streams: readonly string[]) => eventsOf(streams).map(withId);
const names = (runs: Iterable<readonly { stream: string; version: number }[]>) =>
  [...runs].map((run) => run.map(({ stream, version }) => `${stream}${version}`).join(' '));
const AMPLE = { mostEvents: 100, mostBytes: 1_000_000 };

describe('what is appended at once', () => {
  it('is what follows each other in the log, of one stream', () => {
    expect(names(runsOf(log(['a', 'a', 'b', 'a', 'a']), AMPLE))).toEqual(['a0 a1', 'b0', 'a2 a3']);
  });

  it('is not more than may be, in events and in bytes, but one event at least', () => {
    const four = log(['a', 'a', 'a', 'a']);
    expect(names(runsOf(four, { ...AMPLE, mostEvents: 3 }))).toEqual(['a0 a1 a2', 'a3']);
    expect(names(runsOf(four, { ...AMPLE, mostBytes: 1 }))).toEqual(['a0', 'a1', 'a2', 'a3']);
  });

  it('is the log again, put together', () => {
    const streams = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 60 });
    const bounds = fc.record({
      mostEvents: fc.integer({ min: 1, max: 9 }),
      mostBytes: fc.integer({ min: 1, max: 900 }),
    });
    fc.assert(
      fc.property(streams, bounds, (given, most) => {
        const events = log(given);
        const runs = [...runsOf(events, most)];
        expect(runs.flat()).toEqual(events);
        for (const run of runs) {
          expect(run.length).toBeGreaterThan(0);
          expect(run.length).toBeLessThanOrEqual(most.mostEvents);
          expect(new Set(run.map(({ stream }) => stream)).size).toBe(1);
        }
      }),
    );
  });
});
