/** Writing without spaces between words: there, a character is what a word is elsewhere. For use inside `[…]` with the `v` flag. */
export const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
