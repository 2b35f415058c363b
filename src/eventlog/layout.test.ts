import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Position } from './event-log.ts';
import { changeLayout, handledBefore, isPast, type Layout, lowest } from './layout.ts';
import { MAX_PARTITIONS, partitionOf } from './partition.ts';

const at = (place: number) => String(place) as Position;
const placeOf = (position: Position | null) => (position === null ? -1 : Number(position));
const isBefore = (one: Position | null, other: Position | null) => placeOf(one) < placeOf(other);

const whole = (place: number | null): Layout => ({
  partitions: 1,
  handledTo: [place === null ? null : at(place)],
  before: [],
});

describe('a change of layout', () => {
  it('splits a whole one at the place where it had come', () => {
    expect(changeLayout(whole(7), 3, isBefore)).toEqual({
      partitions: 3,
      handledTo: [at(7), at(7), at(7)],
      before: [],
    });
    expect(changeLayout(whole(null), 2, isBefore)).toEqual({
      partitions: 2,
      handledTo: [null, null],
      before: [],
    });
  });

  it('begins where the slowest had come, and keeps what the faster ones had handled', () => {
    const layout: Layout = { partitions: 2, handledTo: [at(4), at(9)], before: [] };
    expect(changeLayout(layout, 1, isBefore)).toEqual({
      partitions: 1,
      handledTo: [at(4)],
      before: [{ partitions: 2, handledTo: [at(4), at(9)] }],
    });
  });

  it('forgets what all have come past, and merges what is of as many partitions', () => {
    const layout: Layout = {
      partitions: 2,
      handledTo: [at(5), at(8)],
      before: [
        { partitions: 2, handledTo: [at(9), at(2)] },
        { partitions: 3, handledTo: [at(5), null, at(1)] },
      ],
    };
    expect(changeLayout(layout, 4, isBefore).before).toEqual([{ partitions: 2, handledTo: [at(9), at(8)] }]);
  });
});

describe('what a layout of before had handled', () => {
  const layer = { partitions: 2, handledTo: [at(4), at(9)] };
  const streamIn = (partition: number) =>
    ['a', 'b', 'c', 'd', 'e'].find((name) => partitionOf(name, 2) === partition) ?? '';

  it('goes by the partition that the stream was in', () => {
    const isHandled = handledBefore([layer], isBefore);
    const asked = [5, 9, 10].map((place) =>
      [0, 1].map((partition) => isHandled({ stream: streamIn(partition), position: at(place) })),
    );
    expect(asked).toEqual([
      [false, true],
      [false, true],
      [false, false],
    ]);
  });

  it('is past when the furthest is reached, and not a place sooner', () => {
    expect([8, 9].map((place) => isPast(layer, at(place), isBefore))).toEqual([false, true]);
    expect(isPast({ partitions: 1, handledTo: [null] }, null, isBefore)).toBe(true);
  });
});

it('the lowest of several is the one that has handled nothing, if there is one', () => {
  expect(lowest([at(3), at(2), at(5)], isBefore)).toBe(at(2));
  expect(lowest([at(3), null], isBefore)).toBeNull();
});

/** A log of so many events, each of one of a few streams; and what is done to the consumer that follows it. */
type Step = { readonly to: number } | { readonly partition: number; readonly events: number };

describe('any changes, at any moment', () => {
  const steps: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ to: fc.integer({ min: 1, max: MAX_PARTITIONS }) }),
    fc.record({ partition: fc.nat(MAX_PARTITIONS - 1), events: fc.integer({ min: 1, max: 20 }) }),
  );

  it('have each event handled once, and those of a stream in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(9), { maxLength: 60 }),
        fc.array(steps, { maxLength: 40 }),
        (streams, all) => {
          const handled: number[] = [];
          let layout = whole(null);
          for (const step of all) {
            layout = 'to' in step ? changeLayout(layout, step.to, isBefore) : advance(layout, step);
            expect(layout.before.length).toBeLessThanOrEqual(MAX_PARTITIONS);
          }
          for (let partition = 0; partition < layout.partitions; partition++)
            layout = advance(layout, { partition, events: streams.length });

          expect([...handled].sort((a, b) => a - b)).toEqual(streams.map((_, place) => place));
          for (const stream of new Set(streams)) {
            const places = handled.filter((place) => streams[place] === stream);
            expect(places).toEqual([...places].sort((a, b) => a - b));
          }

          /** As a lead does it: the log is read behind the checkpoint, and what is not for it is passed over. */
          function advance(
            now: Layout,
            { partition, events }: { partition: number; events: number },
          ): Layout {
            const ours = partition % now.partitions;
            const from = placeOf(now.handledTo[ours] ?? null) + 1;
            const end = Math.min(streams.length, from + events);
            const isHandled = handledBefore(now.before, isBefore);
            for (let place = from; place < end; place++) {
              const stream = `s-${streams[place]}`;
              if (partitionOf(stream, now.partitions) !== ours) continue;
              if (!isHandled({ stream, position: at(place) })) handled.push(place);
            }
            if (end === from) return now;
            return { ...now, handledTo: now.handledTo.map((to, each) => (each === ours ? at(end - 1) : to)) };
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
