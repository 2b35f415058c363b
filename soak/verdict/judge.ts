/** From what was said, told and found to what went wrong. Pure. */
import type { Told } from '../clients/journal.ts';
import type { Spoken } from '../clients/recording.ts';
import { countCutOff, countWords, NO_WORD_WRONG, sumOf, type WordCount } from './count-words.ts';
import type { SessionInLog } from './read-log.ts';

/** A recording of which something was kept on the device, and all that is known of it. */
export type Judged = {
  readonly number: number;
  readonly sessionId: string | null;
  readonly outcome: 'complete' | 'lost' | 'unfinished';
  /** The app was killed while it was made. */
  readonly cutOff: boolean;
  /** Complete, and nobody had to ask for another try. */
  readonly byItself: boolean;
  readonly words: WordCount;
};

export type Found = {
  readonly told: readonly Told[];
  readonly spoken: (number: number) => Spoken;
  readonly sessions: readonly SessionInLog[];
  /** Of each person's list, what the server answers; by session. */
  readonly entries: ReadonlyMap<string, { readonly transcript: string }>;
  /** Recordings that are still on a device. */
  readonly onDevices: ReadonlySet<string>;
};

export type Judgement = {
  readonly recordings: readonly Judged[];
  /** Begun, and killed before a first chunk was kept: nothing was promised. */
  readonly nothingKept: number;
  readonly words: WordCount;
  readonly ends: ReadonlyMap<SessionInLog['end'], number>;
  /** One line each. */
  readonly stuck: readonly string[];
  readonly doubledEvents: readonly string[];
  /** Entries in people's lists that are no recording's, or a recording's second. */
  readonly strayEntries: readonly string[];
};

export function judge(found: Found): Judgement {
  // One that was killed between keeping its first chunk and noting it is found again, and becomes an entry all the same.
  const kept = found.told.filter(({ keptChunks, ready }) => keptChunks > 0 || ready !== null);
  const recordings = kept.map((told) => judgeOne(told, found));
  const expected = new Set(recordings.map(({ sessionId }) => sessionId));
  const ends = new Map<SessionInLog['end'], number>();
  for (const { end } of found.sessions) ends.set(end, (ends.get(end) ?? 0) + 1);
  return {
    recordings,
    nothingKept: found.told.length - kept.length,
    words: sumOf(recordings.map(({ words }) => words)),
    ends,
    stuck: found.sessions
      .filter(({ end }) => end === 'recording' || end === 'processing')
      .map(({ sessionId, end }) => `${sessionId}: ${end}`),
    doubledEvents: found.sessions.flatMap(({ sessionId, doubled }) =>
      doubled.map((line) => `${sessionId}: ${line}`),
    ),
    strayEntries: [...found.entries.keys()].filter((sessionId) => !expected.has(sessionId)),
  };
}

function judgeOne(told: Told, { spoken, entries, onDevices }: Found): Judged {
  const { number, recordingId, ready, ended, keptChunks, retried, failures } = told;
  const { words: said, wordsAChunk } = spoken(number);
  const keptWords = Math.min(said.length, keptChunks * wordsAChunk);
  const cutOff = !ended && keptWords < said.length;
  const entry = ready === null ? undefined : entries.get(ready.sessionId);
  const common = { number, sessionId: ready?.sessionId ?? null, cutOff };
  if (ready === null || entry === undefined) {
    // What is still on the device is late, not lost.
    if (ready === null && onDevices.has(recordingId))
      return { ...common, outcome: 'unfinished', byItself: false, words: NO_WORD_WRONG };
    const words = { ...NO_WORD_WRONG, lost: keptWords };
    return { ...common, outcome: 'lost', byItself: false, words };
  }
  const [seen, stored] = [ready.text, entry.transcript].map((text) =>
    ended ? countWords(said, wordsOf(text)) : countCutOff(said, keptWords, wordsOf(text)),
  ) as [WordCount, WordCount];
  const byItself = !retried && failures.length === 0;
  return { ...common, outcome: 'complete', byItself, words: worse(seen, stored) };
}

const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word !== '');

/** What a client was shown, and what the server keeps: the same, or both are told. */
function worse(a: WordCount, b: WordCount): WordCount {
  return {
    lost: Math.max(a.lost, b.lost),
    doubled: Math.max(a.doubled, b.doubled),
    reordered: Math.max(a.reordered, b.reordered),
    foreign: Math.max(a.foreign, b.foreign),
  };
}
