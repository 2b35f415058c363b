import { describe, expect, it } from '@jest/globals';
import { fileName } from './save-file.ts';

describe('the name of a saved recording', () => {
  it('says when it was made, and ends as its kind does', () => {
    expect(fileName('2026-11-24T08:05:30.000Z', 'audio/webm;codecs=opus', 'UTC')).toBe(
      'thankly-2026-11-24-0805.webm',
    );
    expect(fileName('2026-11-24T08:05:30.000Z', 'audio/mp4', 'Asia/Shanghai')).toBe(
      'thankly-2026-11-24-1605.m4a',
    );
    expect(fileName('2026-01-02T00:00:00.000Z', 'audio/unheard-of', 'UTC')).toBe(
      'thankly-2026-01-02-0000.bin',
    );
  });
});
