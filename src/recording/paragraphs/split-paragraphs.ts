/**
 * Spoken text into paragraphs, while it is still being spoken.
 *
 * A paragraph ends at the first end of a sentence after `minWords`. Where none comes until `maxWords`, it ends at the
 * last comma before, else between two words, else (one endless word) where it is full. That depends on nothing but the
 * text up to the character after the end, so more text never changes a paragraph that was given once.
 */
import { UNSPACED } from './scripts.ts';

export type ParagraphPolicy = {
  /** A paragraph has at least so many words; the last one of an ended text may have fewer. */
  readonly minWords: number;
  readonly maxWords: number;
  /** In writing without spaces, so many characters are taken for a word. */
  readonly charactersPerWord: number;
};

/**
 * Small, for after stop the last ones are waited for, and a provider writes some 40 words a second. In Chinese: 72 to
 * 126 characters.
 */
export const PARAGRAPHS: ParagraphPolicy = { minWords: 40, maxWords: 70, charactersPerWord: 1.8 };

/** A longer run of letters counts as several words: nobody says them, but a recogniser that loops writes them. */
const LETTERS_PER_WORD = 24;

/**
 * The paragraphs of `text`, trimmed, in order. Of text that has not `ended`, only those that are finished; the list for
 * a text's beginning is the beginning of the list for the whole.
 * @throws RangeError a policy that no paragraph can follow
 */
export function splitParagraphs(
  text: string,
  options: { readonly ended: boolean; readonly policy?: ParagraphPolicy },
): readonly string[] {
  const { ended, policy = PARAGRAPHS } = options;
  const { minWords, maxWords, charactersPerWord } = policy;
  if (!(minWords >= 1 && maxWords >= minWords && charactersPerWord >= 1))
    throw new RangeError(
      'a paragraph needs 1 <= minWords <= maxWords, and characters of at most a word each',
    );
  const paragraphs: string[] = [];
  // Half of a character at the end says nothing yet.
  let rest = (ended ? text : text.replace(/[\uD800-\uDBFF]$/, '')).trimStart();
  for (let end = endOfFirst(rest, policy); end !== undefined; end = endOfFirst(rest, policy)) {
    paragraphs.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trimStart();
  }
  if (ended && rest !== '') paragraphs.push(rest.trim());
  return paragraphs;
}

/** Where the first paragraph ends; undefined while that is open. */
function endOfFirst(text: string, { minWords, maxWords, charactersPerWord }: ParagraphPolicy) {
  let words = 0;
  let letters = 0;
  let at = 0;
  let afterClause: number | undefined;
  let afterWord: number | undefined;
  for (const next of text) {
    if (words >= minWords - 1e-9) {
      const place = placeBetween(text, at, next);
      if (place === 'sentence') return at;
      if (place === 'clause') afterClause = at;
      if (place === 'word') afterWord = at;
    }
    if (UNSPACED_LETTER.test(next)) {
      words += 1 / charactersPerWord;
      letters = 0;
    } else if (LETTER.test(next)) {
      if (letters % LETTERS_PER_WORD === 0) words += 1;
      letters += 1;
    } else if (SPACE.test(next)) {
      letters = 0;
    }
    if (words > maxWords + 1e-9) return afterClause ?? afterWord ?? at;
    at += next.length;
  }
  return undefined;
}

const SPACE = /^\s$/u;
const LETTER = /^[\p{L}\p{N}]$/u;
const UNSPACED_LETTER = new RegExp(`^[${UNSPACED}]$`, 'v');
/** Marks that belong to what stands before them. */
const CLINGS = /^[\p{M}\p{Pe}\p{Pf}"'’.,;:!?…。．，、；：！？｡､\u200D]$/u;
const CLOSERS = /[\p{Pe}\p{Pf}"']+$/u;
const OPENER = /[\p{Ps}\p{Pi}]$/u;
/** A full stop that ends no sentence: after a title or a single letter. */
const ABBREVIATED = /(?:^|[\s\p{P}])(?:mr|mrs|ms|dr|prof|st|vs|approx|\p{L})\.$/iu;
/** As far back as a mark with its closers, or an abbreviation, can reach. */
const REACH = 12;

/** What ends between the text before `at` and `next`, which stands there. */
function placeBetween(text: string, at: number, next: string): 'sentence' | 'clause' | 'word' | undefined {
  const before = text.slice(Math.max(0, at - REACH), at);
  if (/\s$/u.test(before) || CLINGS.test(next)) return undefined;
  const free = SPACE.test(next) || UNSPACED_LETTER.test(next);
  const marked = before.replace(CLOSERS, '');
  if (/[。！？｡．]$/u.test(marked)) return 'sentence';
  if (/[.!?…]$/u.test(marked) && free && !ABBREVIATED.test(marked)) return 'sentence';
  if (/[，、；：､—]$/u.test(marked) || (/[,;:–]$/u.test(marked) && free)) return 'clause';
  if (OPENER.test(before)) return undefined;
  const last = [...before].at(-1) ?? '';
  return free || UNSPACED_LETTER.test(last) ? 'word' : undefined;
}
