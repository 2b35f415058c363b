import { describe, expect, it } from '@jest/globals';
import { scriptedMeter } from '../../../test/support/scripted-meter.ts';
import type { Cut } from './next-cut.ts';
import { jointAt } from './overlap.ts';
import { DEFAULT_WINDOW_POLICY } from './window-policy.ts';

const joint = (drawing: string, cut: Cut, ended = false) =>
  jointAt(cut, scriptedMeter(drawing), DEFAULT_WINDOW_POLICY, ended);
const spoken = (tenths: number) => '#'.repeat(tenths);
const pause = (from: number, to: number, at: number, seen = to): Cut => ({
  at,
  kind: 'pause',
  seen,
  pause: { from, to },
});

describe('a cut in the middle of a silence', () => {
  it('of 0.8 s lets neither side hear beyond it, and waits for nothing', () => {
    const cut = pause(20, 28, 24);
    expect(joint(`${spoken(20)}........`, cut)).toEqual({ ...cut, from: 24, to: 24 });
  });
  it('that is shorter, or only a pause in which the room sounds, is not clean', () => {
    expect(joint(`${spoken(20)}.......${spoken(20)}`, pause(20, 27, 24))).toMatchObject({ from: 19, to: 28 });
    expect(joint(`${spoken(20)}--------${spoken(20)}`, pause(20, 28, 24))).toMatchObject({
      from: 19,
      to: 29,
    });
  });
  it('is clean when it is silent for three tenths around the cut', () => {
    const cut = pause(20, 28, 24);
    expect(joint(`${spoken(20)}-......-${spoken(20)}`, cut)).toEqual({ ...cut, from: 24, to: 24 });
    expect(joint(`${spoken(20)}--.....-${spoken(20)}`, cut)).not.toEqual({ ...cut, from: 24, to: 24 });
    expect(joint(`${spoken(20)}-.....--${spoken(20)}`, cut)).not.toEqual({ ...cut, from: 24, to: 24 });
  });
  it('is asked of no tenth that was not seen', () => {
    const cut = pause(20, 28, 27, 28);
    expect(joint(`${spoken(20)}........`, cut)).toEqual({ ...cut, from: 27, to: 27 });
  });
});

describe('a cut that is not clean', () => {
  it('without levels is heard by both sides for a second, once so much arrived', () => {
    const cut: Cut = { at: 150, kind: 'fixed', seen: 150 };
    expect(joint('?'.repeat(160), cut)).toEqual({ ...cut, seen: 160, from: 140, to: 160 });
    expect(joint('?'.repeat(159), cut)).toBeNull();
    expect(joint('?'.repeat(159), cut, true)).toEqual({ ...cut, seen: 160, from: 140, to: 160 });
    // Also where there are quiet places to go by.
    expect(joint(`${spoken(145)}--${spoken(20)}`, cut)).toMatchObject({ from: 140, to: 160 });
  });
  it('is heard up to the quietest place from 0.4 to 0.9 s beyond it', () => {
    const cut: Cut = { at: 30, kind: 'quietest', seen: 40 };
    expect(joint(`${spoken(22)}--${spoken(13)}--${spoken(9)}`, cut)).toMatchObject({
      from: 23,
      to: 38,
      seen: 40,
    });
  });
  it('with no quiet place is heard for 0.4 s on both sides', () => {
    expect(joint(spoken(60), { at: 30, kind: 'quietest', seen: 40 })).toMatchObject({ from: 26, to: 34 });
  });
  it('in a short pause is heard beyond the pause, where a word may be', () => {
    expect(joint(`${spoken(24)}------------${spoken(24)}`, pause(24, 36, 30))).toMatchObject({
      from: 23,
      to: 37,
    });
    // But not beyond 0.9 s.
    expect(joint(`${spoken(15)}${'-'.repeat(30)}${spoken(24)}`, pause(15, 45, 30))).toMatchObject({
      from: 21,
      to: 39,
    });
  });
  it('whose surroundings are not known is heard for a second', () => {
    expect(joint('?'.repeat(60), pause(24, 36, 30))).toMatchObject({ from: 20, to: 40 });
  });
});
