/** Scripts that don't part words by spaces. */
const UNPARTED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu;
/** A word of Chinese has 1.7 characters on average. */
const WORDS_PER_CHARACTER = 0.6;

/** How much was said, about in words. */
export function spokenUnits(text: string): number {
  const characters = text.match(UNPARTED)?.length ?? 0;
  const words = text.replace(UNPARTED, ' ').match(/[\p{L}\p{N}]+(?:['’.,-][\p{L}\p{N}]+)*/gu)?.length ?? 0;
  return words + Math.round(characters * WORDS_PER_CHARACTER);
}
