import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isAtRest, LEAD, tween } from './tween.ts';

const still = { lead: 0, reducedMotion: false };

/** Frames of 16 ms until it rests. */
function frames(shown: number, target: number, aim: { lead: number; reducedMotion: boolean }): number[] {
  const values = [shown];
  let at = shown;
  while (!isAtRest({ shown: at, target, ...aim }) && values.length < 10_000) {
    at = tween({ shown: at, target, elapsedMs: 16, ...aim });
    values.push(at);
  }
  return values;
}

describe('what is shown between two polls', () => {
  it('eases to its target: fast first, then slower, and is there within two seconds', () => {
    const values = frames(0.2, 0.6, still);
    const [first, second, third] = values as [number, number, number];
    expect(second - first).toBeGreaterThan(third - second);
    expect(values.at(-1)).toBe(0.6);
    expect(values.length).toBeLessThan(2_000 / 16);
  });

  it('creeps a little ahead while work goes on, and not while it stands', () => {
    expect(frames(0.5, 0.5, still)).toEqual([0.5]);
    const ahead = frames(0.5, 0.5, { lead: LEAD, reducedMotion: false });
    expect(ahead.at(-1)).toBeGreaterThan(0.515);
    expect(ahead.at(-1)).toBeLessThanOrEqual(0.52);
  });

  it('steps with reduced motion', () => {
    const aim = { lead: LEAD, reducedMotion: true };
    expect(tween({ shown: 0.2, target: 0.6, elapsedMs: 0, ...aim })).toBe(0.6);
    expect(frames(0.2, 0.6, aim)).toEqual([0.2, 0.6]);
  });

  it('goes to another recording’s beginning at once', () => {
    expect(tween({ shown: 0.9, target: 0, elapsedMs: 16, ...still })).toBe(0);
  });

  it('becomes full when the target is, in finitely many frames', () => {
    expect(frames(0.99, 1, { lead: LEAD, reducedMotion: false }).at(-1)).toBe(1);
  });

  it('never goes back, never runs further ahead than the lead, and is never full before its target', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ target: share, elapsedMs: fc.integer({ min: -5, max: 20_000 }), moving: fc.boolean() }),
        ),
        fc.boolean(),
        (steps, reducedMotion) => {
          let shown = 0;
          let target = 0;
          for (const step of steps) {
            target = Math.max(target, step.target);
            const next = tween({
              shown,
              target,
              elapsedMs: step.elapsedMs,
              lead: step.moving ? LEAD : 0,
              reducedMotion,
            });
            expect(next).toBeGreaterThanOrEqual(shown);
            expect(next).toBeLessThanOrEqual(Math.min(1, target + LEAD) + 1e-9);
            if (target < 0.999) expect(next).toBeLessThan(1);
            shown = next;
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('always comes to rest', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, fc.boolean(), fc.boolean(), (shown, target, moving, reducedMotion) => {
        expect(frames(shown, target, { lead: moving ? LEAD : 0, reducedMotion }).length).toBeLessThan(10_000);
      }),
      { numRuns: 300 },
    );
  });
});
