/**
 * Whatever the words, the pauses and the cuts, the stitched transcript is the whole. A failure prints its seed and the
 * smallest recording that shows it (fast-check).
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chunksOf, chunksWithoutLevels } from '../../../test/support/speech-levels.ts';
import { type PlannedWindow, planWindows } from './plan-windows.ts';
import { type HeardWindow, settledText, stitch, type TimedWord } from './stitch.ts';

const RUNS = 1_000;
/** As the sandbox says them: three digits of 60 ms, each with 40 ms after it, and 200 ms after the word. */
const WORD_MS = 500;
const TONE_MS = 60;
const DIGIT_MS = 100;

type Spoken = { readonly words: readonly TimedWord[]; readonly endMs: number };

/** Words one after the other from `leadMs` on; after some of them a pause. */
function spoken(words: readonly string[], pausesMs: readonly number[], leadMs: number): Spoken {
  let at = leadMs;
  const timed = words.map((word, index) => {
    const startMs = at;
    at += WORD_MS + (pausesMs[index % Math.max(1, pausesMs.length)] ?? 0);
    return { word, startMs, endMs: startMs + 3 * DIGIT_MS - 40 };
  });
  return { words: timed, endMs: Math.ceil(at / 100) * 100 };
}

/** −25 dBFS where something of a tenth sounds, −60 where nothing does. */
function levelsOf({ words, endMs }: Spoken): number[] {
  const levels = Array.from({ length: endMs / 100 }, (_, i) => -60 + (i % 7) * 0.2);
  for (const { startMs, endMs: to } of words) {
    for (let i = Math.floor(startMs / 100); i < to / 100 && i < levels.length; i += 1)
      levels[i] = -25 - (i % 3);
  }
  return levels;
}

type Flaws = {
  /** What becomes of a word that an edge of the audio cuts through. */
  readonly cutWord: 'fragment' | 'lost' | 'misheard';
  /** Times are off by at most this, back and forth. */
  readonly jitterMs: number;
  readonly isTimed: boolean;
  readonly endsWithStop: boolean;
};

function heardIn(window: PlannedWindow, { words }: Spoken, flaws: Flaws): HeardWindow {
  const { startMs, endMs, fromMs, toMs } = window;
  const heard: TimedWord[] = [];
  for (const [index, word] of words.entries()) {
    if (word.endMs <= fromMs || word.startMs >= toMs) continue;
    const isWhole = word.startMs >= fromMs && word.endMs <= toMs;
    const digits = [...word.word].filter((_, digit) => {
      const at = word.startMs + digit * DIGIT_MS;
      return at + TONE_MS > fromMs + 24 && at < toMs - 24;
    });
    const shift = (((index * 37 + window.index * 11) % 5) / 2 - 1) * flaws.jitterMs;
    const times = {
      startMs: Math.max(fromMs, word.startMs) + shift,
      endMs: Math.min(toMs, word.endMs) + shift,
    };
    if (isWhole) heard.push({ word: word.word, ...times });
    else if (flaws.cutWord === 'fragment' && digits.length > 0)
      heard.push({ word: digits.join(''), ...times });
    else if (flaws.cutWord === 'misheard')
      heard.push({ word: String((Number(word.word) + 357) % 1_000), ...times });
  }
  const text = heard.map(({ word }) => word).join(' ') + (flaws.endsWithStop && heard.length > 0 ? '.' : '');
  return { startMs, endMs, fromMs, toMs, text, ...(flaws.isTimed ? { words: heard } : {}) };
}

const digits = (number: number) => String(number).padStart(3, '0');
const anyPauses = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 1_500 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 9_000 }) },
  ),
  { maxLength: 25 },
);
const anySpeech = (words: fc.Arbitrary<string[]>) =>
  fc
    .tuple(words, anyPauses, fc.integer({ min: 0, max: 700 }))
    .map(([said, pauses, lead]) => spoken(said, pauses, lead));
/** A few words that come again and again, so that many joints have the same word on both sides. */
const anyWords = fc.oneof(
  fc.array(fc.nat(999).map(digits), { minLength: 1, maxLength: 150 }),
  fc.array(fc.nat(3).map(digits), { minLength: 1, maxLength: 150 }),
);
const distinctWords = fc
  .uniqueArray(fc.nat(999), { minLength: 1, maxLength: 150 })
  .map((numbers) => numbers.map(digits));
const anyCut = fc.constantFrom<Flaws['cutWord']>('fragment', 'lost', 'misheard');

function windowsOf(speech: Spoken, hasLevels: boolean): readonly PlannedWindow[] {
  const chunks = hasLevels ? chunksOf(levelsOf(speech)) : chunksWithoutLevels(speech.endMs / 1_000);
  return planWindows(chunks, { ended: true }).filter(({ isSilent }) => !isSilent);
}

const wordsIn = (text: string) => text.replaceAll('.', '').split(/\s+/).filter(Boolean);
const said = (speech: Spoken) => speech.words.map(({ word }) => word);

describe(`stitched windows (${RUNS} recordings each)`, () => {
  it('with word times are every word once, in order, also where the same words come again', () => {
    fc.assert(
      fc.property(
        anySpeech(anyWords),
        fc.boolean(),
        fc.record({
          cutWord: anyCut,
          jitterMs: fc.integer({ min: 0, max: 80 }),
          isTimed: fc.constant(true),
          endsWithStop: fc.boolean(),
        }),
        (speech, hasLevels, flaws) => {
          const heard = windowsOf(speech, hasLevels).map((window) => heardIn(window, speech, flaws));
          const { text, words } = stitch(heard);
          expect(wordsIn(text)).toEqual(said(speech));
          expect(words?.map(({ word }) => word)).toEqual(said(speech));
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('without word times are every word once, in order, when the words differ', () => {
    fc.assert(
      fc.property(
        anySpeech(distinctWords),
        fc.boolean(),
        // A wrong word, where no other was heard by both, cannot be told from one more word.
        fc.constantFrom<Flaws['cutWord']>('fragment', 'lost'),
        fc.boolean(),
        (speech, hasLevels, cutWord, endsWithStop) => {
          const flaws: Flaws = { cutWord, jitterMs: 0, isTimed: false, endsWithStop };
          const heard = windowsOf(speech, hasLevels).map((window) => heardIn(window, speech, flaws));
          expect(wordsIn(stitch(heard).text)).toEqual(said(speech));
        },
      ),
      { numRuns: RUNS },
    );
  });
});

it('text alone bears wrong words at the edges where somebody speaks without a pause', () => {
  fc.assert(
    fc.property(distinctWords, fc.integer({ min: 0, max: 700 }), fc.boolean(), (words, leadMs, hasLevels) => {
      const speech = spoken(words, [], leadMs);
      const flaws: Flaws = { cutWord: 'misheard', jitterMs: 0, isTimed: false, endsWithStop: false };
      const heard = windowsOf(speech, hasLevels).map((window) => heardIn(window, speech, flaws));
      expect(wordsIn(stitch(heard).text)).toEqual(said(speech));
    }),
    { numRuns: RUNS },
  );
});

const anyText: fc.Arbitrary<string[]> = fc.oneof(
  fc.array(fc.constantFrom('no', 'the', 'The', 'so.', '“well”', '042', 'café,', '今天', '好。', 'ラーメン'), {
    maxLength: 40,
  }),
  fc.array(fc.string({ unit: 'grapheme', maxLength: 6 }), { maxLength: 12 }),
);
const anyHeard: fc.Arbitrary<HeardWindow[]> = fc
  .array(
    fc.record({
      parts: anyText,
      space: fc.constantFrom(' ', ''),
      lengthMs: fc.integer({ min: 100, max: 20_000 }),
      overlapMs: fc.integer({ min: 0, max: 1_000 }),
      isTimed: fc.boolean(),
      hasEdges: fc.boolean(),
      offMs: fc.oneof(fc.constant(0), fc.integer({ min: -3_000, max: 30_000 }), fc.constant(Number.NaN)),
    }),
    { maxLength: 6 },
  )
  .map((windows) => {
    let at = 0;
    return windows.map(({ parts, space, lengthMs, overlapMs, isTimed, hasEdges, offMs }) => {
      const startMs = at;
      at += lengthMs;
      const fromMs = Math.max(0, startMs - overlapMs);
      const each = (at + overlapMs - fromMs) / Math.max(1, parts.length);
      const words = parts.map((word, i) => ({
        word,
        startMs: fromMs + i * each + offMs,
        endMs: fromMs + (i + 1) * each + offMs,
      }));
      const edges = hasEdges ? { fromMs, toMs: at + overlapMs } : {};
      return { startMs, endMs: at, ...edges, text: parts.join(space), ...(isTimed ? { words } : {}) };
    });
  });

describe(`whatever a provider answers (${RUNS} times)`, () => {
  it('settled text is what the transcript begins with, however it goes on', () => {
    fc.assert(
      fc.property(anyHeard, (windows) => {
        const { text, parts } = stitch(windows);
        let settled = '';
        for (let count = 0; count <= windows.length; count += 1) {
          const next = settledText(windows.slice(0, count));
          expect(next.startsWith(settled)).toBe(true);
          settled = next;
        }
        expect(text.startsWith(settled)).toBe(true);
        expect(parts).toHaveLength(windows.length);
        expect(parts.every(({ from, to }) => from <= to && to <= text.length)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});
