/**
 * Whether a text goes round in a circle, as recognisers do when they lose the thread: the same phrase again and again,
 * or a few phrases that take turns. People repeat themselves too ("no no no"): how often is still human depends on how
 * long the phrase is. Of words written in characters two count as one.
 */
import type { Token } from './text-tokens.ts';

/** A phrase of at most so many words is human up to one time less. */
const TOO_OFTEN = [
  { words: 1, times: 10 },
  { words: 2, times: 8 },
  { words: 4, times: 6 },
  { words: 9, times: 5 },
  { words: 30, times: 4 },
] as const;
/** Of speech nearly every four words in a row are there once. */
const SEQUENCE = 4;
const LEAST_SEQUENCES = 40;
const LEAST_DIFFERENT = 0.4;

export function goesInCircles(tokens: readonly Token[]): boolean {
  const weight = weightOf(tokens);
  for (let period = 1; period * weight <= 30 && period * 4 <= tokens.length; period += 1) {
    const often = TOO_OFTEN.find(({ words }) => period * weight <= words)?.times ?? 4;
    // One character is half a word, and laughter is many of them: "哈哈哈".
    const times = period * weight < 1 ? 2 * often : often;
    if (longestCircle(tokens, period) >= period * times) return true;
  }
  return takesTurns(tokens.map(({ norm }) => norm));
}

/** A token's mean part of a word. */
function weightOf(tokens: readonly Token[]): number {
  const characters = tokens.filter(({ isCharacter }) => isCharacter).length;
  return 1 - characters / Math.max(1, tokens.length) / 2;
}

/** How many tokens in a row are what stands `period` before them, with the first phrase itself. */
function longestCircle(tokens: readonly Token[], period: number): number {
  let longest = 0;
  let run = 0;
  for (let index = period; index < tokens.length; index += 1) {
    run = tokens[index]?.norm === tokens[index - period]?.norm ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest + period;
}

function takesTurns(norms: readonly string[]): boolean {
  const sequences = norms.length - SEQUENCE + 1;
  if (sequences < LEAST_SEQUENCES) return false;
  const different = new Set(
    Array.from({ length: sequences }, (_, i) => norms.slice(i, i + SEQUENCE).join(' ')),
  );
  return different.size / sequences < LEAST_DIFFERENT;
}
