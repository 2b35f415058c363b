/** What a provider heard in a window, with each word's place in its text. */
import { joined, normalised, type Token, tokensOf } from './text-tokens.ts';

/** Milliseconds of the recording. */
export type TimedWord = { readonly word: string; readonly startMs: number; readonly endMs: number };

export type HeardWindow = {
  /** Its core. */
  readonly startMs: number;
  readonly endMs: number;
  /** What was sent, when it is known: then overlaps are, too. */
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly text: string;
  /** Absent when the provider gives none. */
  readonly words?: readonly TimedWord[];
};

export type HeardToken = Token & { readonly startMs: number; readonly endMs: number };

export type Hearing = {
  readonly window: HeardWindow;
  readonly text: string;
  readonly tokens: readonly HeardToken[];
  /** The tokens' times are known; otherwise they are NaN. */
  readonly isTimed: boolean;
  /** Of each of the window's words, the token that it is, or begins with. */
  readonly wordTokens: readonly number[];
};

/** A word that is written otherwise in the text is looked for so many characters ahead. */
const LOOK_AHEAD = 30;

export function hearing(window: HeardWindow): Hearing {
  const words = window.words ?? [];
  const given = tokensOf(window.text);
  const text = given.length > 0 ? window.text : words.reduce((before, { word }) => joined(before, word), '');
  const tokens = given.length > 0 ? given : tokensOf(text);
  const { times, wordTokens } = placeWords(tokens, words);
  const known = times.filter((time) => time !== null).length;
  const isTimed = known > 0 && known * 2 >= tokens.length;
  const filled = isTimed ? withoutHoles(times) : [];
  return {
    window,
    text,
    tokens: tokens.map((token, index) => ({ ...token, ...(filled[index] ?? NOWHEN) })),
    isTimed,
    wordTokens,
  };
}

type Time = { readonly startMs: number; readonly endMs: number };
const NOWHEN: Time = { startMs: Number.NaN, endMs: Number.NaN };

/**
 * Finds the words in the text one after the other, by their letters alone: texts have punctuation and capitals that the
 * words may not have, and a provider's word may be a part of ours or several of them.
 */
function placeWords(tokens: readonly Token[], words: readonly TimedWord[]) {
  const letters = tokens.map(({ norm }) => norm).join('');
  const ownerOf = tokens.flatMap(({ norm }, index) => Array<number>(norm.length).fill(index));
  const times: (Time | null)[] = tokens.map(() => null);
  const wordTokens: number[] = [];
  let cursor = 0;
  for (const { word, startMs, endMs } of words) {
    const norm = normalised(word);
    const found = norm === '' ? -1 : letters.slice(cursor, cursor + LOOK_AHEAD + norm.length).indexOf(norm);
    if (found < 0) {
      wordTokens.push(ownerOf[cursor - 1] ?? 0);
      continue;
    }
    const from = cursor + found;
    cursor = from + norm.length;
    wordTokens.push(ownerOf[from] ?? 0);
    if (!(Number.isFinite(startMs) && endMs >= startMs && endMs < Number.POSITIVE_INFINITY)) continue;
    const at = (letter: number) => startMs + ((letter - from) / norm.length) * (endMs - startMs);
    for (let letter = from; letter < cursor; letter += 1) {
      const owner = ownerOf[letter] ?? 0;
      times[owner] = { startMs: times[owner]?.startMs ?? at(letter), endMs: at(letter + 1) };
    }
  }
  return { times, wordTokens };
}

/** What has no time lies where its neighbours meet. */
function withoutHoles(times: readonly (Time | null)[]): Time[] {
  const before: (Time | null)[] = [];
  for (const [index, time] of times.entries()) before.push(time ?? before[index - 1] ?? null);
  let next: Time | null = null;
  return times
    .map((_, fromEnd) => {
      const index = times.length - 1 - fromEnd;
      next = times[index] ?? next;
      const known = times[index];
      if (known) return known;
      const startMs = before[index]?.endMs ?? next?.startMs ?? Number.NaN;
      return { startMs, endMs: Math.max(startMs, next?.startMs ?? startMs) };
    })
    .reverse();
}
