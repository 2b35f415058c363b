import { expect, it } from '@jest/globals';
import { spokenUnits } from './spoken-units.ts';

it.each([
  ['', 0],
  [' … ', 0],
  ['we left at 10', 4],
  ["don’t, don't", 2],
  ['a well-known, state-of-the-art thing', 4],
  ['3.50 and 1,200,300', 3],
  ['naïve İstanbul', 2],
  // 0.6 of a word each: 3.6, 6, 0.6
  ['今天我去公园', 4],
  ['今天我去公园看到树花', 6],
  ['ab今cd', 3],
  ['ありがとう สวัส', 5],
])('“%s” has %i units', (text, units) => {
  expect(spokenUnits(text)).toBe(units);
});
