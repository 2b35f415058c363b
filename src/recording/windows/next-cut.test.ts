import { describe, expect, it } from '@jest/globals';
import { scriptedMeter } from '../../../test/support/scripted-meter.ts';
import { nextCut } from './next-cut.ts';
import { DEFAULT_WINDOW_POLICY } from './window-policy.ts';

const cut = (drawing: string, start = 0) => nextCut(scriptedMeter(drawing), start, DEFAULT_WINDOW_POLICY);
const spoken = (tenths: number) => '#'.repeat(tenths);
const paused = (tenths: number) => '-'.repeat(tenths);
const silent = (tenths: number) => '.'.repeat(tenths);

describe('a pause', () => {
  it('after ten seconds is cut in its middle when it lasted 0.8 s', () => {
    expect(cut(`${spoken(100)}${paused(8)}#`)).toEqual({
      at: 104,
      kind: 'pause',
      seen: 109,
      pause: { from: 100, to: 108 },
    });
    expect(cut(`${spoken(100)}${paused(7)}#`)).toBeNull();
  });
  it('may be shorter the longer one speaks, counted up to its middle', () => {
    expect(cut(`${spoken(128)}${paused(5)}#`)).toMatchObject({ at: 130, kind: 'pause' });
    expect(cut(`${spoken(127)}${paused(5)}#`)).toBeNull();
    expect(cut(`${spoken(159)}${paused(3)}#`)).toMatchObject({ at: 160, kind: 'pause' });
    expect(cut(`${spoken(158)}${paused(3)}#`)).toBeNull();
  });
  it('before ten seconds is no reason to cut', () => {
    expect(cut(`${spoken(50)}${paused(40)}#`)).toBeNull();
  });
  it('that goes on is cut half a second after its start, once a second of it was heard', () => {
    expect(cut(spoken(110) + paused(9))).toBeNull();
    expect(cut(spoken(110) + paused(10))).toEqual({
      at: 115,
      kind: 'pause',
      seen: 120,
      pause: { from: 110, to: 120 },
    });
    // Never before ten seconds of sound.
    expect(cut(spoken(80) + paused(25))).toMatchObject({ at: 100, seen: 105 });
  });
  it('counts from where the window starts, and from where it begins to sound', () => {
    expect(cut(`${spoken(200)}${spoken(100)}${paused(8)}#`, 200)).toMatchObject({ at: 304 });
    expect(cut(`${silent(30)}${spoken(100)}${paused(8)}#`)).toMatchObject({ at: 134 });
    expect(cut(`${silent(30)}${spoken(75)}${paused(8)}#`)).toBeNull();
  });
});

describe('a long silence', () => {
  it('ends a window already after three seconds', () => {
    expect(cut(spoken(25) + silent(20))).toEqual({
      at: 30,
      kind: 'pause',
      seen: 45,
      pause: { from: 25, to: 45 },
    });
    expect(cut(spoken(25) + silent(19))).toBeNull();
    expect(cut(spoken(24) + silent(60))).toBeNull();
  });
  it('is not made of a pause in which the room sounds', () => {
    expect(cut(spoken(25) + paused(60))).toBeNull();
    expect(cut(spoken(25) + silent(15) + paused(5) + silent(15))).toBeNull();
  });
  it('at the beginning is a window of its own from ten seconds on, up to half a second before it sounds', () => {
    expect(cut(`${silent(100)}#`)).toEqual({ at: 95, kind: 'pause', seen: 101, pause: { from: 0, to: 101 } });
    expect(cut(`${silent(99)}#`)).toBeNull();
  });
  it('is cut after thirty seconds at the latest', () => {
    expect(cut(silent(299))).toBeNull();
    expect(cut(silent(320))).toEqual({ at: 300, kind: 'pause', seen: 300, pause: { from: 0, to: 300 } });
  });
});

describe('without a pause', () => {
  it('a window is cut at the quietest place of its second ten seconds, after twenty', () => {
    expect(cut(spoken(199))).toBeNull();
    expect(cut(`${spoken(120)}--${spoken(78)}`)).toEqual({ at: 121, kind: 'quietest', seen: 200 });
    // Of equally quiet ones the nearest to fifteen seconds, from where it began to sound.
    expect(cut(spoken(200))).toEqual({ at: 150, kind: 'quietest', seen: 200 });
    expect(cut(silent(10) + spoken(200))).toEqual({ at: 160, kind: 'quietest', seen: 210 });
    // What lies before the tenth second, or at the very end, is not looked at.
    expect(cut(`${spoken(60)}--${spoken(138)}`)).toMatchObject({ at: 150 });
  });
  it('is not waited for where levels are not known, or do not show one: it is cut after fifteen seconds', () => {
    expect(cut('?'.repeat(149))).toBeNull();
    expect(cut('?'.repeat(160))).toEqual({ at: 150, kind: 'fixed', seen: 150 });
    expect(cut(`${'?'.repeat(140)}${spoken(20)}`)).toMatchObject({ kind: 'fixed', at: 150 });
    // Known for half of the last five seconds, and until now.
    expect(cut(`${'?'.repeat(125)}${spoken(30)}`)).toBeNull();
    expect(cut(`${'?'.repeat(126)}${spoken(30)}`)).toMatchObject({ kind: 'fixed' });
    expect(cut(`${spoken(149)}?####`)).toMatchObject({ kind: 'fixed', at: 150 });
  });
});
