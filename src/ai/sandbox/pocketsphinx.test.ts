import { describe, expect, it } from '@jest/globals';
import { parseTimes, pocketsphinxMissing } from './pocketsphinx.ts';

describe('reading what pocketsphinx prints', () => {
  it('gives words with their times in milliseconds, without fillers and variants', () => {
    const printed = [
      '0 1 0.00 0.14 <s> 0.999',
      '0 1 0.15 0.21 and(2) 0.260',
      '0 1 0.37 0.03 <sil> 0.500',
      '0 1 0.41 0.02 [NOISE] 0.500',
      '0 1 0.41 0.02 ++BREATH++ 0.500',
      "1 1 0.57 0.05 o'clock 1.000",
      '',
    ].join('\n');
    expect(parseTimes(printed, [{ startMs: 0 }, { startMs: 2_000 }])).toEqual([
      { word: 'and', startMs: 150, endMs: 360 },
      { word: "o'clock", startMs: 2_570, endMs: 2_620 },
    ]);
  });

  it('is missing where the program is on no folder of the path', () => {
    expect(pocketsphinxMissing('/nowhere:/proc')).toContain('pocketsphinx is not installed');
  });
});
