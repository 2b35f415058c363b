import { describe, expect, it } from '@jest/globals';
import { FaultSettings, Faults } from './faults.ts';

function faultsWith(settings: object): Faults {
  const faults = new Faults();
  faults.set(FaultSettings.parse(settings));
  return faults;
}

const struck = (faults: Faults, calls: number, path: 'transcriptions' | 'chat' = 'chat') =>
  Array.from({ length: calls }, () => faults.draw(path) !== null);

describe('faults', () => {
  it('strike nobody until they are asked for', () => {
    expect(struck(new Faults(), 3)).toEqual([false, false, false]);
  });

  it('strike so many calls, of one path, then heal', () => {
    const faults = faultsWith({ mode: 'status', path: 'chat', count: 2 });
    expect(struck(faults, 2, 'transcriptions')).toEqual([false, false]);
    expect(struck(faults, 3)).toEqual([true, true, false]);
    expect(faults.state).toMatchObject({ mode: 'status', status: 500, left: 0 });
  });

  it('strike at random with their probability, the same calls for the same seed', () => {
    const settings = { mode: 'cut', probability: 0.3, seed: 7 };
    const calls = struck(faultsWith(settings), 1_000);
    expect(struck(faultsWith(settings), 1_000)).toEqual(calls);
    const share = calls.filter(Boolean).length / calls.length;
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.35);
  });

  it.each([
    { mode: 'explode' },
    { mode: 'status', status: 200 },
    { mode: 'cut', probability: 2 },
    { mod: 'cut' },
  ])('that make no sense are refused: %j', (settings) => {
    expect(FaultSettings.safeParse(settings).success).toBe(false);
  });
});
