/**
 * What KurrentDB does with a write, given what the stream holds: the rules of its `IndexWriter.CheckCommit`.
 *
 * A write that names its place is idempotent for good: where the events at that place have the ids of the write, it is
 * answered as it was then. One that takes any place is compared only with what this process wrote itself and remembers.
 */
export type Expected = number | 'no-stream' | 'stream-exists' | 'any';

export type StreamAsItIs = {
  /** −1 when there is none. */
  readonly last: number;
  idAt(revision: number): string | undefined;
  /** Where this process, since it began, wrote the event. */
  recentRevisionOf(id: string): number | undefined;
};

export type Decision =
  | { readonly does: 'write'; readonly first: number }
  | { readonly does: 'nothing'; readonly last: number }
  | { readonly does: 'refuse'; readonly actual: number };

export function checkWrite(expected: Expected, ids: readonly string[], stream: StreamAsItIs): Decision {
  const refuse: Decision = { does: 'refuse', actual: stream.last };
  const write: Decision = { does: 'write', first: stream.last + 1 };
  if (expected === 'any' || expected === 'stream-exists') {
    if (expected === 'stream-exists' && stream.last < 0) return refuse;
    const known = ids.map((id) => stream.recentRevisionOf(id));
    if (known[0] === undefined) return write;
    // A part of it, and other events besides.
    return known.some((revision) => revision === undefined)
      ? refuse
      : { does: 'nothing', last: known.at(-1) ?? -1 };
  }
  const place = expected === 'no-stream' ? -1 : expected;
  if (place > stream.last) return refuse;
  if (place === stream.last) return write;
  const isTheSame = ids.every((id, index) => stream.idAt(place + 1 + index) === id);
  return isTheSame ? { does: 'nothing', last: place + ids.length } : refuse;
}
