/** The rules of KurrentDB's idempotency, as its `IndexWriter.CheckCommit` has them. */
import { describe, expect, it } from '@jest/globals';
import { checkWrite, type Expected } from './check-write.ts';

/** It holds a, b, c; this process wrote b and c itself. */
const stream = {
  last: 2,
  idAt: (revision: number) => ['a', 'b', 'c'][revision],
  recentRevisionOf: (id: string) => ({ b: 1, c: 2 })[id],
};
const none = { last: -1, idAt: () => undefined, recentRevisionOf: () => undefined };
const write = (first: number) => ({ does: 'write', first });
const nothing = (last: number) => ({ does: 'nothing', last });
const refuse = { does: 'refuse', actual: 2 };

describe('a write', () => {
  it.each<[Expected, string[], object]>([
    [2, ['d'], write(3)],
    ['any', ['d'], write(3)],
    ['stream-exists', ['d'], write(3)],
    [1, ['d'], refuse],
    [3, ['d'], refuse],
    ['no-stream', ['d'], refuse],
    // The same again, at the place that it names: however long ago.
    ['no-stream', ['a'], nothing(0)],
    ['no-stream', ['a', 'b', 'c'], nothing(2)],
    [1, ['c'], nothing(2)],
    [0, ['b', 'c'], nothing(2)],
    // A part of it, and something else.
    [0, ['b', 'd'], refuse],
    [1, ['c', 'd'], refuse],
    // At any place: only what this process remembers.
    ['any', ['b', 'c'], nothing(2)],
    ['any', ['b', 'd'], refuse],
    ['any', ['a'], write(3)],
  ])('expected at %s, of %j', (expected, ids, decision) => {
    expect(checkWrite(expected, ids, stream)).toEqual(decision);
  });

  it.each<[Expected, object]>([
    ['no-stream', write(0)],
    ['any', write(0)],
    ['stream-exists', { does: 'refuse', actual: -1 }],
    [0, { does: 'refuse', actual: -1 }],
  ])('expected at %s, of a stream that is not there', (expected, decision) => {
    expect(checkWrite(expected, ['a'], none)).toEqual(decision);
  });
});
