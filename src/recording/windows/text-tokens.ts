/** A provider's text as the words that are compared; each knows its place in the text, so that texts are cut, not made. */

export type Token = {
  /** Offsets in the text, without the punctuation around it. */
  readonly start: number;
  readonly end: number;
  /** Lower case, without marks of punctuation: what is compared. */
  readonly norm: string;
  /** Written without spaces: one character, and half a word. */
  readonly isCharacter: boolean;
};

/** Scripts without spaces between words: a character is a token there. Punctuation of theirs is none. */
const CHARACTER =
  /[[\p{sc=Han}\p{scx=Hira}\p{scx=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]&&\p{L}]/v.source;
const WORD = `(?:(?!${CHARACTER})[\\p{L}\\p{N}])(?:(?!${CHARACTER})[\\p{L}\\p{N}\\p{M}]|['’.,:][\\p{L}\\p{N}])*`;
const TOKEN = new RegExp(`(${CHARACTER}\\p{M}*)|${WORD}`, 'gv');
const STARTS_WITHOUT_SPACE = new RegExp(`^(?:${CHARACTER}|[\\u3000-\\u303f\\uff00-\\uffef])`, 'v');
const ENDS_WITHOUT_SPACE = new RegExp(`(?:${CHARACTER}\\p{M}*|[\\u3000-\\u303f\\uff00-\\uffef])$`, 'v');
const OPENING = /[\p{Ps}\p{Pi}¿¡]*$/u;

export function tokensOf(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    norm: normalised(match[0]),
    isCharacter: match[1] !== undefined,
  }));
}

/** Of a word or several: only what is said counts, not how it is written. */
export function normalised(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]/gu, '');
}

/** Where the text is cut after a token: its punctuation stays with it, what opens belongs to the next one. */
export function placeAfter(text: string, tokens: readonly Token[], index: number): number {
  const end = tokens[index]?.end ?? 0;
  const next = tokens[index + 1];
  if (next === undefined) return text.length;
  const between = text.slice(end, next.start);
  const space = between.search(/\s/);
  return end + (space >= 0 ? space : between.replace(OPENING, '').length);
}

/** One text after another, with a space where their script has one. */
export function joined(before: string, after: string): string {
  const [left, right] = [before.trimEnd(), after.trimStart()];
  if (left === '' || right === '') return left + right;
  const isSpaced = !(ENDS_WITHOUT_SPACE.test(left) && STARTS_WITHOUT_SPACE.test(right));
  return `${left}${isSpaced ? ' ' : ''}${right}`;
}
