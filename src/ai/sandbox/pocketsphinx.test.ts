import { describe, expect, it } from '@jest/globals';
import { parseTimes, pocketsphinxMissing } from './pocketsphinx.ts';

describe('reading what pocketsphinx prints', () => {
  it('gives words with their times in milliseconds, without fillers and variants', () => {
    const printed = [
      'and mr john',
      '<s> 0.000 0.140 0.999400',
      'and(2) 0.150 0.360 0.260057',
      '<sil> 0.370 0.400 0.5',
      '[NOISE] 0.410 0.430 0.5',
      '++BREATH++ 0.410 0.430 0.5',
      "o'clock 0.570 0.620 1.000000",
      '</s> 1.000 1.140 1.000000',
      '',
    ].join('\n');
    expect(parseTimes(printed)).toEqual([
      { word: 'and', startMs: 150, endMs: 360 },
      { word: "o'clock", startMs: 570, endMs: 620 },
    ]);
  });

  it('is missing where the program is on no folder of the path', () => {
    expect(pocketsphinxMissing('/nowhere:/proc')).toContain('pocketsphinx is not installed');
  });
});
