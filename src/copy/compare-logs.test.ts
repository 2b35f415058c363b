import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventsOf } from '../../test/support/copied-events.ts';
import type { CopiedEvent } from '../eventlog/log-copy.ts';
import { Comparison, differenceOf } from './compare-logs.ts';
import { withId } from './copied-event.ts';

const log = (streams: readonly string[]): CopiedEvent[] => eventsOf(streams).map(withId);

/** Both walked through in turns, so many of each at a time. */
function compared(source: readonly CopiedEvent[], target: readonly CopiedEvent[], page = 2) {
  const comparison = new Comparison();
  for (let at = 0; at < Math.max(source.length, target.length); at += page) {
    for (const event of source.slice(at, at + page)) comparison.add('source', event);
    for (const event of target.slice(at, at + page)) comparison.add('target', event);
  }
  return comparison.outcome();
}

const streamsOf = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 40 });
const page = fc.integer({ min: 1, max: 7 });

describe('two logs', () => {
  it('are the same when each stream is, in the same order, however they are read', () => {
    fc.assert(
      fc.property(streamsOf, page, (streams, size) => {
        const events = log(streams);
        const whole = compared(events, events, 1_000);
        expect(compared(events, structuredClone(events), size)).toEqual({
          source: streams.length,
          target: streams.length,
          streams: new Set(streams).size,
          digest: whole.digest,
          sameOrder: true,
          differing: [],
        });
      }),
    );
  });

  it('differ in exactly the stream of which an event was changed, lost or added', () => {
    const change = fc.constantFrom<(event: CopiedEvent) => CopiedEvent[]>(
      (event) => [{ ...event, data: { place: 'elsewhere' } }],
      (event) => [{ ...event, metadata: { ...event.metadata, causationId: 'x' } }],
      (event) => [{ ...event, type: 'B' }],
      (event) => [{ ...event, id: 'another' }],
      (event) => [{ ...event, recordedAt: '2020-01-01T00:00:00.000Z' }],
      () => [],
      (event) => [event, { ...event, version: event.version + 1 }],
    );
    fc.assert(
      fc.property(streamsOf, fc.nat(), change, page, (streams, which, changed, size) => {
        const events = log(streams);
        const place = which % events.length;
        const target = events.flatMap((event, at) => (at === place ? changed(event) : [event]));
        const outcome = compared(events, target, size);
        expect(outcome.differing).toEqual([streams[place]]);
        expect(outcome.sameOrder).toBe(false);
      }),
    );
  });

  it('are not in the same order when streams agree and the order across them does not', () => {
    const [first, second, third] = log(['a', 'b', 'c']) as [CopiedEvent, CopiedEvent, CopiedEvent];
    const outcome = compared([first, second, third], [first, third, second]);
    expect(outcome).toMatchObject({ differing: [], sameOrder: false });
  });
});

describe('a stream that differs', () => {
  const stream = log(['a', 'a', 'a']);
  const [first, second, third] = stream as [CopiedEvent, CopiedEvent, CopiedEvent];

  it.each([
    ['missing', 1, [first, third]],
    ['missing', 2, [first, second]],
    ['unknown', 3, [...stream, { ...third, version: 3 }]],
    ['type', 1, [first, { ...second, type: 'B' }, third]],
    ['data', 0, [{ ...first, data: {} }, second, third]],
    ['metadata', 2, [first, second, { ...third, metadata: { ...third.metadata, actor: 'x' } }]],
    ['recordedAt', 1, [first, { ...second, recordedAt: first.recordedAt }, third]],
    ['id', 1, [first, { ...second, id: first.id }, third]],
  ] as const)('is told where, and by what: %s', (what, version, target) => {
    const difference = differenceOf('a', stream, target);
    expect(difference).toMatchObject({ stream: 'a', what, version });
    expect([difference?.source.events, difference?.target.events]).toEqual([3, target.length]);
    expect(difference?.source.digest).not.toBe(difference?.target.digest);
  });

  it('is none when it does not', () => {
    expect(differenceOf('a', stream, structuredClone(stream))).toBeNull();
  });
});
