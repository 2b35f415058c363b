import { describe, expect, it } from '@jest/globals';
import { heardShare } from './heard-share.ts';

describe('the share of what was said that was heard', () => {
  it.each([
    ['all, with whatever punctuation', ['he', 'was', 'not'], 'He was. Not!', 1],
    ['one of another kind', ['he', 'was', 'not'], 'she was not', 2 / 3],
    ['only what is in order', ['one', 'two', 'three'], 'three two one', 1 / 3],
    ['nothing', ['one'], '', 0],
  ])('%s', (_, said, text, share) => {
    expect(heardShare(said, text)).toBeCloseTo(share);
  });
});
