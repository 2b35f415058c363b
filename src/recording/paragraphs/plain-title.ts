/** A title where nobody would write one: what was said first. */
import { UNSPACED } from './scripts.ts';

const MOST_CHARACTERS = 60;
/** In writing without spaces a title is shorter. */
const MOST_UNSPACED = 20;
const ENDS = /[.!?…。！？｡]/u;
const MARKS_AT_END = /[\p{P}\p{S}\s]+$/u;

/** The first sentence, or as many of its words as a title has room for; empty for a text without letters. */
export function plainTitle(text: string): string {
  const [sentence = ''] = text.split(ENDS);
  const characters = [...sentence.trim()];
  const isUnspaced = UNSPACED_LETTER.test(characters[0] ?? '');
  const most = isUnspaced ? MOST_UNSPACED : MOST_CHARACTERS;
  if (characters.length <= most) return characters.join('').replace(MARKS_AT_END, '');
  const room = characters.slice(0, most + 1).join('');
  const lastSpace = room.search(/\s\S*$/u);
  const cut = isUnspaced || lastSpace <= 0 ? characters.slice(0, most).join('') : room.slice(0, lastSpace);
  return `${cut.replace(MARKS_AT_END, '')}…`;
}

const UNSPACED_LETTER = new RegExp(`^[${UNSPACED}]$`, 'v');
