import { describe, expect, it } from '@jest/globals';
import { maySwap } from './may-swap.ts';

describe('a generation that was built', () => {
  it('is swapped in when it has come as far as the one that is read', () => {
    expect(maySwap({ isShown: true, isBehind: false, parkedHereOnly: 0 })).toBe(true);
  });

  it('waits while it is behind: readers would see the past', () => {
    expect(maySwap({ isShown: true, isBehind: true, parkedHereOnly: 0 })).toBe(false);
  });

  it('waits while it passes over what the other shows: readers would miss it', () => {
    expect(maySwap({ isShown: true, isBehind: false, parkedHereOnly: 1 })).toBe(false);
  });

  it('is swapped in at once when there is nothing to read', () => {
    expect(maySwap({ isShown: false, isBehind: true, parkedHereOnly: 3 })).toBe(true);
  });
});
