import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventsOf } from '../../test/support/copied-events.ts';
import { sourceOf, targetInMemory } from '../../test/support/copy-in-memory.ts';
import { withId } from './copied-event.ts';
import { type CopyOptions, copyEvents, type Logs, pauseMs } from './copy-events.ts';
import { verifyCopy } from './verify-copy.ts';

const { signal } = new AbortController();
const streamsOf = (maxLength: number) =>
  fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength });

async function copied(logs: Logs, options: Partial<CopyOptions> = {}) {
  const until = await logs.source.newest();
  return copyEvents(logs, { until, signal, batchSize: 3, onCopied: () => undefined, ...options });
}

const keys = (events: readonly { stream: string; version: number }[]) =>
  events.map(({ stream, version }) => `${stream}${version}`);

describe('a copy', () => {
  it('has the same events in the same order, once, however often it fails and is begun again', async () => {
    const failures = fc.array(fc.constantFrom('before', 'after', null), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        streamsOf(40),
        failures,
        fc.integer({ min: 1, max: 9 }),
        async (streams, fates, batchSize) => {
          const events = eventsOf(streams);
          const logs = { source: sourceOf(events), target: targetInMemory() };
          const left = [...fates];
          logs.target.fails = () => left.shift() ?? null;
          for (let runs = 0; ; runs++) {
            // Each run cuts the log otherwise.
            const isDone = await copied(logs, { batchSize: batchSize + runs }).then(
              () => true,
              (error) => {
                expect(error).toMatchObject({ code: 'target_takes_no_events' });
                return false;
              },
            );
            expect(keys(logs.target.events)).toEqual(keys(events).slice(0, logs.target.events.length));
            if (isDone) break;
          }
          expect(logs.target.events.map(({ id }) => id)).toEqual(events.map((event) => withId(event).id));
          const verification = await verifyCopy(logs, { signal, onCompared: () => undefined });
          expect(verification).toMatchObject({ agrees: true, source: events.length, target: events.length });
        },
      ),
    );
  });

  it('goes on behind what is there, when the log has grown', async () => {
    const target = targetInMemory();
    await copied({ source: sourceOf(eventsOf(['a', 'b'])), target });
    let appends = 0;
    target.fails = () => {
      appends++;
      return null;
    };
    const grown = { source: sourceOf(eventsOf(['a', 'b', 'a', 'c'])), target };
    expect(await copied(grown)).toBe('4:1');
    expect(keys(target.events)).toEqual(['a0', 'b0', 'a1', 'c0']);
    expect(appends).toBe(2);
    expect(await copied(grown)).toBe('4:1');
    expect(appends).toBe(2);
  });

  it.each([
    ['a stream that this log does not have', eventsOf(['x'])],
    ['another event at the same place', eventsOf(['a']).map((event) => ({ ...event, type: 'Other' }))],
  ])('is refused where the target holds %s', async (_what, others) => {
    const target = targetInMemory();
    await target.append(others.map(withId));
    const refused = copied({ source: sourceOf(eventsOf(['a', 'b'])), target });
    await expect(refused).rejects.toMatchObject({ code: 'target_holds_another_log' });
    expect(target.events).toHaveLength(1);
  });

  it('is refused where another event stands before the newest, as soon as it comes there', async () => {
    const target = targetInMemory();
    const [first, second] = eventsOf(['b', 'a']).map(withId);
    if (first === undefined || second === undefined) throw new Error('no events');
    await target.append([{ ...first, id: 'another' }]);
    await target.append([{ ...second, ...withId(eventsOf(['a'])[0] ?? second) }]);
    const refused = copied({ source: sourceOf(eventsOf(['a', 'b'])), target });
    await expect(refused).rejects.toThrow('version 0 of stream b is another event');
  });

  it('ends between two appends when it is told to', async () => {
    const stop = new AbortController();
    const target = targetInMemory();
    const logs = { source: sourceOf(eventsOf(['a', 'b', 'c'])), target };
    const reached = await copied(logs, { signal: stop.signal, onCopied: () => stop.abort() });
    expect([reached, keys(target.events)]).toEqual(['1:1', ['a0']]);
  });
});

describe('the pace of a copy', () => {
  it('is as many events a second as are asked for', () => {
    expect(pauseMs(100, 0, 1_000)).toBe(100);
    expect(pauseMs(100, 60, 1_000)).toBe(40);
    expect(pauseMs(100, 500, 1_000)).toBe(0);
    expect(pauseMs(1_000_000, 0, 1)).toBe(1_000);
    expect(pauseMs(1_000_000, 0)).toBe(0);
  });
});
