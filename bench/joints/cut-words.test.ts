import { describe, expect, it } from '@jest/globals';
import { dtmfSamples } from '../../src/ai/sandbox/dtmf/encode.ts';
import { GAP_MS, TONE_MS, WORD_MS } from '../../src/ai/sandbox/dtmf/tones.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { judge } from './cut-words.ts';

const RATE = 16_000;
const WORDS = ['042', '913', '507', '618', '274'];
const NOTHING = { lost: 0, doubled: 0, wrong: 0 };

/** The words with so much silence in the middle of the third one's first tone, as two encoders leave it. */
const withHole = (ms: number) => async () => {
  const sound = dtmfSamples(WORDS, { rate: RATE });
  const at = Math.round(((2 * WORD_MS + TONE_MS / 2) * RATE) / 1000);
  const hole = new Float32Array((ms * RATE) / 1000);
  const holed = Float32Array.from([...sound.subarray(0, at), ...hole, ...sound.subarray(at)]);
  return new Uint8Array(wavBytes(holed, RATE));
};

const heardAs = (third: string) => ['042', '913', ...third.split(' '), '618', '274'];

describe('a word that was heard wrong', () => {
  it('is spoiled when a tone of it is cut and the joined file is not heard right either', async () => {
    const recording = { words: WORDS, cutWords: [2] };
    expect(await judge(recording, heardAs('550 7'), withHole(35))).toEqual({
      errors: NOTHING,
      cut: 1,
      spoiled: 1,
      spoiledInWindows: 2,
      spoiledInWhole: 2,
    });
  });

  it('counts when the joined file is heard right from wherever one begins', async () => {
    const recording = { words: WORDS, cutWords: [2] };
    const { errors, spoiled } = await judge(recording, heardAs('550 7'), withHole(5));
    expect(errors).toEqual({ ...NOTHING, wrong: 2 });
    expect(spoiled).toBe(0);
  });

  it('counts when no tone of it was cut, and so do the others beside a spoiled one', async () => {
    const uncut = await judge({ words: WORDS, cutWords: [] }, heardAs('550 7'), withHole(35));
    expect(uncut.errors).toEqual({ ...NOTHING, wrong: 2 });
    const heard = ['042', '913', '550', '7', '618'];
    const beside = await judge({ words: WORDS, cutWords: [2] }, heard, withHole(35));
    expect(beside.errors).toEqual({ ...NOTHING, lost: 1 });
    expect(beside.spoiledInWindows).toBe(2);
  });

  it('counts when the joined file never says what the windows do', async () => {
    const { errors, spoiled } = await judge({ words: WORDS, cutWords: [2] }, heardAs('555'), withHole(35));
    expect(errors).toEqual({ ...NOTHING, wrong: 1 });
    expect(spoiled).toBe(1);
  });

  it('is spoiled also when what is heard of it looks like the word after', async () => {
    const words = ['585', '586', '587', '588', '589'];
    const sound = dtmfSamples(words, { rate: RATE });
    const at = Math.round(((2 * WORD_MS + TONE_MS + GAP_MS + TONE_MS / 2) * RATE) / 1000);
    const hole = new Float32Array((35 * RATE) / 1000);
    const joined = Float32Array.from([...sound.subarray(0, at), ...hole, ...sound.subarray(at)]);
    const heard = ['585', '586', '588', '7', '588', '589'];
    const file = async () => new Uint8Array(wavBytes(joined, RATE));
    expect((await judge({ words, cutWords: [2] }, heard, file)).errors).toEqual(NOTHING);
  });

  it('that is spoiled may be right in windows', async () => {
    const judged = await judge({ words: WORDS, cutWords: [2] }, WORDS, withHole(35));
    expect(judged).toMatchObject({ errors: NOTHING, spoiled: 1, spoiledInWindows: 0, spoiledInWhole: 2 });
  });
});
