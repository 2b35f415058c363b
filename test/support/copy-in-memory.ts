/**
 * Both sides of a copy in memory, for tests of what the copy decides: the target takes writes by the rules that the double
 * of KurrentDB has from the server's sources.
 */
import {
  EventLogUnavailable,
  type Position,
  type RecordedEvent,
  WrongExpectedVersion,
} from '../../src/eventlog/event-log.ts';
import type { CopiedEvent, CopySource, CopyTarget, PlacedEvent } from '../../src/eventlog/log-copy.ts';
import { checkWrite } from '../doubles/kurrentdb/check-write.ts';

const placeOf = (position: string | null) => (position === null ? -1 : Number(/\d+/.exec(position)?.[0]));
const isBefore = (one: Position | null, other: Position | null) => placeOf(one) < placeOf(other);

/** Positions are those of `eventsOf`: `1:1`, `2:1`, … */
export function sourceOf(events: readonly RecordedEvent[]): CopySource {
  const behind = (position: Position | null) => events.filter((event) => isBefore(position, event.position));
  const newest = events.at(-1)?.position ?? null;
  return {
    start: '0:0' as Position,
    log: {
      read: async (stream, from = 0) =>
        events.filter((each) => each.stream === stream && each.version >= from),
      async *subscribe({ from, batchSize = 1_000 }) {
        const left = behind(from === 'start' || from === 'end' ? null : from);
        while (left.length > 0) {
          const batch = left.splice(0, batchSize);
          yield { events: batch, position: batch.at(-1)?.position ?? from } as {
            events: RecordedEvent[];
            position: Position;
          };
        }
      },
    },
    isBefore,
    newest: async () => newest,
    last: async () => newest,
    lastAt: async (position) => events.findLast((event) => !isBefore(position, event.position)) ?? null,
    lag: async (position) => ({ events: behind(position).length, seconds: 0 }),
    read: async (position) => ({ done: events.length - behind(position).length, total: events.length }),
  };
}

export type TargetInMemory = CopyTarget & {
  readonly events: PlacedEvent[];
  /** Asked before each append: it fails, before anything is written or after all of it. */
  fails: () => 'before' | 'after' | null;
};

/** Positions are `C:10/P:10`, `C:20/P:20`, … */
export function targetInMemory(): TargetInMemory {
  const events: PlacedEvent[] = [];
  const ofStream = (stream: string) => events.filter((each) => each.stream === stream);
  const target: TargetInMemory = {
    events,
    fails: () => null,
    start: 'C:0/P:0' as Position,
    async append(run: readonly CopiedEvent[]) {
      const fails = target.fails();
      if (fails === 'before') throw new EventLogUnavailable('not written');
      const [first] = run;
      if (first === undefined) return;
      const stored = ofStream(first.stream);
      const expected = first.version === 0 ? 'no-stream' : first.version - 1;
      const decision = checkWrite(
        expected,
        run.map(({ id }) => id),
        {
          last: stored.length - 1,
          idAt: (revision) => stored[revision]?.id,
          recentRevisionOf: () => undefined,
        },
      );
      if (decision.does === 'refuse')
        throw new WrongExpectedVersion(first.stream, Math.max(0, first.version - 1), decision.actual);
      if (decision.does === 'write')
        for (const event of run) {
          const place = (events.length + 1) * 10;
          events.push({ ...event, position: `C:${place}/P:${place}` as Position });
        }
      if (fails === 'after') throw new EventLogUnavailable('unknown whether written');
    },
    newest: async () => events.at(-1) ?? null,
    async *forwards(after) {
      for (const event of events) if (isBefore(after, event.position)) yield [event];
    },
    async *backwards() {
      for (const event of events.toReversed()) yield [event];
    },
    read: async (stream) => ofStream(stream),
    isBefore,
    close: async () => undefined,
  };
  return target;
}
