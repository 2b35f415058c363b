/** Numbers as they are said and as they are written: “two hundred and five”, `205`, 二百零五. */
export type SaidNumber = {
  /** As digits, with a point where it has one; leading zeros are kept. */
  readonly digits: string;
  /** How many of the words it takes. */
  readonly length: number;
  /** A word that mostly does not count anything: “one of them”, “wait a second”, 一起. */
  readonly vague: boolean;
};

const SMALL = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
  'eighteen nineteen'
).split(' ');
const SMALL_ORDINALS = (
  '- first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth ' +
  'fifteenth sixteenth seventeenth eighteenth nineteenth'
).split(' ');
const TENS = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const TENS_ORDINALS = '- - twentieth thirtieth fortieth fiftieth sixtieth'.split(' ');
const byWord = (words: readonly string[], each: number) =>
  words.flatMap((word, i): [string, number][] => (word === '-' ? [] : [[word, i * each]]));
const BELOW_TWENTY = new Map([...byWord(SMALL, 1), ...byWord(SMALL_ORDINALS, 1)]);
const ROUND_TENS = new Map([...byWord(TENS, 10), ...byWord(TENS_ORDINALS, 10)]);
const SCALES = new Map([
  ['hundred', 100],
  ['thousand', 1_000],
  ['million', 1e6],
  ['billion', 1e9],
]);
const VAGUE = new Set(['one', 'first', 'second', '一']);

/** The number that begins at `words[at]` (lower case); undefined when none does. */
export function numberAt(words: readonly string[], at: number): SaidNumber | undefined {
  const word = words[at] ?? '';
  if (/^[0-9][0-9.,]*$/.test(word)) return writtenAt(words, at, word);
  if (CHINESE.test(word)) return { digits: chineseDigits(word), length: 1, vague: VAGUE.has(word) };
  return spelledAt(words, at);
}

function writtenAt(words: readonly string[], at: number, word: string): SaidNumber {
  const digits = word.replace(/,(?=\d{3}(?!\d))/g, '').replace(',', '.');
  const scale = SCALES.get(words[at + 1] ?? '');
  if (scale === undefined || Number.isNaN(Number(digits))) return { digits, length: 1, vague: false };
  return { digits: String(Number(digits) * scale), length: 2, vague: false };
}

type Part = { readonly value: number; readonly length: number };

function spelledAt(words: readonly string[], at: number): SaidNumber | undefined {
  let sum = 0;
  let length = 0;
  for (let part = belowThousand(words, at); part !== undefined; ) {
    length += part.length;
    const scale = SCALES.get(words[at + length] ?? '') ?? 1;
    sum += part.value * scale;
    if (scale === 1) break;
    length += 1;
    const and = words[at + length] === 'and' ? 1 : 0;
    part = belowThousand(words, at + length + and);
    if (part !== undefined) length += and;
  }
  if (length === 0) return undefined;
  const decimals = decimalsAt(words, at + length);
  const vague = length === 1 && VAGUE.has(words[at] ?? '');
  if (decimals === '') return { digits: String(sum), length, vague };
  return { digits: `${sum}.${decimals}`, length: length + 1 + decimals.length, vague: false };
}

function belowThousand(words: readonly string[], at: number): Part | undefined {
  const first = words[at] === 'hundred' ? { value: 1, length: 0 } : belowHundred(words, at);
  if (first === undefined || words[at + first.length] !== 'hundred') return first;
  const afterHundred = first.length + 1;
  const and = words[at + afterHundred] === 'and' ? 1 : 0;
  const rest = belowHundred(words, at + afterHundred + and);
  if (rest === undefined) return { value: first.value * 100, length: afterHundred };
  return { value: first.value * 100 + rest.value, length: afterHundred + and + rest.length };
}

function belowHundred(words: readonly string[], at: number): Part | undefined {
  const word = words[at] ?? '';
  const small = BELOW_TWENTY.get(word);
  if (small !== undefined) return { value: small, length: 1 };
  const tens = ROUND_TENS.get(word);
  if (tens === undefined) return undefined;
  const unit = BELOW_TWENTY.get(words[at + 1] ?? '') ?? 0;
  return unit >= 1 && unit <= 9 ? { value: tens + unit, length: 2 } : { value: tens, length: 1 };
}

/** The digits after “point”: “one point two five”. */
function decimalsAt(words: readonly string[], at: number): string {
  if (words[at] !== 'point') return '';
  let digits = '';
  for (let next = at + 1; ; next += 1) {
    const digit = SMALL.indexOf(words[next] ?? '');
    if (digit < 0 || digit > 9) return digits;
    digits += digit;
  }
}

const CHINESE_DIGITS: Readonly<Record<string, number>> = Object.fromEntries(
  [...'零一二三四五六七八九']
    .map((digit, value) => [digit, value] as const)
    .concat([
      ['〇', 0],
      ['两', 2],
    ]),
);
const CHINESE_SCALES: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1_000, 万: 1e4, 亿: 1e8 };
export const CHINESE_NUMERALS = '零〇一二两三四五六七八九十百千万亿';
const CHINESE = new RegExp(`^[${CHINESE_NUMERALS}]+$`, 'u');

function chineseDigits(numeral: string): string {
  if (!/[十百千万亿]/.test(numeral)) return [...numeral].map((digit) => CHINESE_DIGITS[digit]).join('');
  let total = 0;
  let section = 0;
  let digit = 0;
  for (const character of numeral) {
    const scale = CHINESE_SCALES[character];
    if (scale === undefined) {
      digit = CHINESE_DIGITS[character] ?? 0;
      continue;
    }
    if (scale < 1e4) section += (digit || 1) * scale;
    else {
      // 万 counts what stands since the last one, 亿 all before it.
      total = scale === 1e4 ? total + (section + digit || 1) * scale : (total + section + digit || 1) * scale;
      section = 0;
    }
    digit = 0;
  }
  return String(total + section + digit);
}
