/** Damaged files for every parser of bytes, in a thread with limits; long: `npm run fuzz -- --parsers`. */
import { expect, it } from '@jest/globals';
import { fuzzParsers } from '../../fuzz/parsers/run.ts';
import { ffmpegMissing } from '../support/ffmpeg.ts';
import { describeIf } from '../support/optional.ts';

const CASES = 150;
const SEED = 8;

// Without ffmpeg most containers would be missing.
describeIf(ffmpegMissing(), `each parser of bytes, given ${CASES} damaged files (seed ${SEED})`, () => {
  it('refuses them by name or gives a sane result, in time and within bounds', async () => {
    const { counts, findings } = await fuzzParsers({
      cases: CASES,
      only: [],
      seed: SEED,
      run: undefined,
      timeoutMs: 30_000,
      onProgress: () => undefined,
    });
    expect(findings.faults).toEqual([]);
    expect(counts.map(({ files }) => files)).toEqual(counts.map(() => CASES));
  }, 600_000);
});
