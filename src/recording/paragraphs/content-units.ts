/**
 * A text as what it says: its content words in order, without fillers, grammar and punctuation. Writing without spaces
 * gives characters instead of words.
 */
import { CHINESE_NUMERALS, numberAt } from './number-at.ts';
import { UNSPACED } from './scripts.ts';
import {
  CHINESE_CORRECTIONS,
  CHINESE_FILLERS,
  CHINESE_NEGATIONS,
  CHINESE_STOP_CHARACTERS,
  CORRECTIONS,
  FILLER_PHRASES,
  FILLERS,
  GRAMMAR_WORDS,
  NEGATIONS,
} from './stop-words.ts';
import { wordStem } from './word-stem.ts';

export type UnitKind = 'word' | 'name' | 'number' | 'negation' | 'character' | 'grammar';

export type Unit = {
  readonly kind: UnitKind;
  /** The same for what means the same: `herons` and `heron`, `twenty` and `20`. */
  readonly key: string;
  /** As it stands in the text. */
  readonly text: string;
  /** Counted from 0. */
  readonly sentence: number;
  /** The first word of its sentence, where a capital letter tells nothing. */
  readonly leads: boolean;
  /** A number that may count nothing. */
  readonly vague: boolean;
};

export type Content = {
  readonly units: readonly Unit[];
  /** In order. */
  readonly corrections: readonly Correction[];
};

/** The speaker took back what was said before the unit at `at`: “I mean”. A bare “no” takes back a number or a name. */
export type Correction = { readonly at: number; readonly bare: boolean };

/** Stands in the text for a Chinese correction, which takes more than one character. */
const CORRECTION = '\u2063';

type Token = {
  readonly text: string;
  readonly word: string;
  readonly sentence: number;
  readonly leads: boolean;
};

/** With `grammar`, the words that grammar is made of are units too. */
export function contentOf(text: string, { grammar = false } = {}): Content {
  const { tokens, cased } = tokensOf(text);
  const words = tokens.map(({ word }) => word);
  const units: Unit[] = [];
  const corrections: Correction[] = [];
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at];
    if (token === undefined) break;
    const took = phraseAt(CORRECTIONS, words, at);
    const bare = isBareNo(words, at);
    if (took > 0 || bare || token.word === CORRECTION) corrections.push({ at: units.length, bare });
    const skipped =
      took || phraseAt(FILLER_PHRASES, words, at) || (bare || token.word === CORRECTION ? 1 : 0);
    if (skipped > 0) {
      at += skipped;
      continue;
    }
    const number = numberAt(words, at);
    if (number !== undefined) {
      const said = tokens.slice(at, at + number.length).map((each) => each.text);
      units.push({
        ...token,
        kind: 'number',
        key: `#${number.digits}`,
        text: said.join(' '),
        vague: number.vague,
      });
    } else {
      const unit = unitOf(token, cased);
      if (unit !== undefined && (grammar || unit.kind !== 'grammar')) units.push(unit);
    }
    at += number?.length ?? 1;
  }
  return { units, corrections };
}

const CHARACTER = new RegExp(`^[${UNSPACED}]$`, 'v');

function unitOf(token: Token, cased: boolean): Unit | undefined {
  const { text, word } = token;
  const unit = (kind: UnitKind, key: string): Unit => ({ ...token, kind, key, vague: false });
  if (CHARACTER.test(word)) {
    if (CHINESE_STOP_CHARACTERS.has(word)) return undefined;
    return unit(CHINESE_NEGATIONS.has(word) ? 'negation' : 'character', word);
  }
  if (NEGATIONS.has(word)) return unit('negation', 'not');
  if (FILLERS.has(word)) return undefined;
  if (GRAMMAR_WORDS.has(word)) return unit('grammar', word);
  if ([...word].length < 2) return undefined;
  const isName = cased && !token.leads && /^\p{Lu}/u.test(text);
  return unit(isName ? 'name' : 'word', wordStem(word));
}

/** “No, no, we left”, “two no three”: an answer, or another try; “no money” takes something away. */
function isBareNo(words: readonly string[], at: number): boolean {
  const next = words[at + 1];
  if (words[at] !== 'no') return false;
  const isBetweenNumbers = numberAt(words, at - 1) !== undefined && numberAt(words, at + 1) !== undefined;
  return next === undefined || next === 'no' || next === STOP || isBetweenNumbers;
}

/** Stands among the words for a mark between two parts of a sentence, or two sentences. */
const STOP = '';

const TOKEN = new RegExp(
  [
    `(?<numeral>[${CHINESE_NUMERALS}]+)`,
    `(?<character>[${UNSPACED}])`,
    '(?<digits>[0-9]+(?:[.,][0-9]+)*)(?::00(?![0-9]))?',
    `(?<word>[[\\p{L}\\p{N}]--[${UNSPACED}]](?:[[\\p{L}\\p{N}\\p{M}']--[${UNSPACED}]])*)`,
    '(?<ellipsis>\\.\\.+|…)',
    '(?<end>[.!?。\\n]|:(?![0-9]))',
    '(?<mark>[,;、])',
    '(?<quote>["“‘«「『\\(])',
    `(?<correction>${CORRECTION})`,
  ].join('|'),
  'gv',
);

function tokensOf(text: string): { readonly tokens: readonly Token[]; readonly cased: boolean } {
  const tokens: Token[] = [];
  let sentence = 0;
  let leads = true;
  const add = (written: string, word: string) => {
    tokens.push({ text: written, word, sentence, leads });
    if (word !== STOP) leads = false;
  };
  for (const { groups = {} } of normalised(text).matchAll(TOKEN)) {
    const { end, ellipsis, mark, quote, word } = groups;
    if (end !== undefined) sentence += 1;
    if (end !== undefined || ellipsis !== undefined || quote !== undefined) leads = true;
    if (end !== undefined || ellipsis !== undefined || mark !== undefined) add('', STOP);
    else if (word !== undefined) for (const part of expanded(word.toLowerCase())) add(word, part);
    else {
      const other = groups.numeral ?? groups.character ?? groups.digits ?? groups.correction;
      if (other !== undefined) add(other, other);
    }
  }
  // Written in capitals, or by a recogniser that knows none: a capital tells nothing.
  return { tokens, cased: /\p{Ll}/u.test(text) };
}

const SIGNS: Readonly<Record<string, string>> = {
  '%': ' percent ',
  $: ' dollars ',
  '€': ' euros ',
  '£': ' pounds ',
  '°': ' degrees ',
  '&': ' and ',
};
const PAST: Readonly<Record<string, string>> = { quarter: '15', half: '30' };

function normalised(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[’‘ʼ]/g, "'")
    .replace(/o'clock/gi, 'oclock')
    .replace(/\b([ap])\.m\./gi, '$1m')
    .replace(/\b(mr|mrs|ms|dr|prof|st|vs)\./gi, '$1')
    .replace(
      /([$€£])([0-9][0-9,]*)(?:\.([0-9]{2})(?![0-9]))?/g,
      (_, sign, whole, cents) => `${whole}${SIGNS[sign]}${cents === undefined ? '' : `${cents} cents `}`,
    )
    .replace(/[%$€£°&]/g, (sign) => SIGNS[sign] ?? ' ')
    .replace(/\b(?:a )?(quarter|half) past (\w+)/gi, (_, part, hour) => `${hour} ${PAST[part.toLowerCase()]}`)
    .replace(/百分之([零〇一二两三四五六七八九十百千万点]+|[0-9.]+)/g, '$1 percent ')
    .replace(/([昨今明])天([早晚])上/g, '$1$2')
    .replace(CHINESE_CORRECTIONS, CORRECTION)
    .replace(CHINESE_FILLERS, '');
}

/** “don't” is “do not”; “I'm” is “i”, for the rest is grammar. */
function expanded(word: string): readonly string[] {
  if (word === 'dunno') return ['do', 'not', 'know'];
  if (word === 'gonna') return ['go'];
  if (word === "can't") return ['can', 'not'];
  if (word === "won't") return ['will', 'not'];
  if (word.endsWith("n't")) return [word.slice(0, -3), 'not'];
  return [word.replace(/'(?:m|re|ve|ll|d|s)?$/, '')];
}

/** How many words the phrase takes that begins here; 0 when none does. Marks between them do not matter. */
function phraseAt(phrases: readonly (readonly string[])[], words: readonly string[], at: number): number {
  for (const phrase of phrases) {
    let taken = 0;
    let matched = 0;
    while (matched < phrase.length) {
      const word = words[at + taken];
      if (word === phrase[matched]) matched += 1;
      else if (word !== STOP || matched === 0) break;
      taken += 1;
    }
    if (matched === phrase.length) return taken;
  }
  return 0;
}
