import { describe, expect, it } from '@jest/globals';
import { restAfter } from './follow-generation.ts';

describe('a consumer that is far from the end of the log', () => {
  it('alone leaves a fifth of the time to others', () => {
    expect(restAfter(80, 1)).toBeCloseTo(20);
  });

  it('beside two others works a third as much, so that they work no more than one', () => {
    expect(restAfter(80, 3)).toBeCloseTo(220);
  });

  it('rests for a quarter of a second at most', () => {
    expect(restAfter(60_000, 3)).toBe(250);
  });
});
