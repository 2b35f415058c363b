import { expect, it } from '@jest/globals';
import { scriptedMeter } from '../../../test/support/scripted-meter.ts';
import { trimSilence } from './trim-silence.ts';
import { DEFAULT_WINDOW_POLICY } from './window-policy.ts';

/** Believed silence of twenty tenths is left out, but for five beside what sounds. */
const trimmed = (drawing: string, from: number, to: number, seen = drawing.length) =>
  trimSilence({ from, to }, scriptedMeter(drawing), seen, DEFAULT_WINDOW_POLICY);
const silent = (tenths: number) => '.'.repeat(tenths);
const spoken = (tenths: number) => '#'.repeat(tenths);

it('leaves out a long silence at the beginning, but for half a second', () => {
  expect(trimmed(silent(20) + spoken(30), 0, 50)).toEqual({ from: 15, to: 50 });
  expect(trimmed(silent(19) + spoken(30), 0, 49)).toEqual({ from: 0, to: 49 });
});

it('leaves out a long silence at the end, but for half a second', () => {
  expect(trimmed(spoken(30) + silent(20), 0, 50)).toEqual({ from: 0, to: 35 });
  expect(trimmed(spoken(30) + silent(19), 0, 49)).toEqual({ from: 0, to: 49 });
});

it('keeps a long silence in the middle, and a short one at both ends', () => {
  expect(trimmed(silent(5) + spoken(10) + silent(40) + spoken(10) + silent(5), 0, 70)).toEqual({
    from: 0,
    to: 70,
  });
});

it('counts a silence in its whole length, also what lies outside of the span, and never goes beyond the span', () => {
  const drawing = spoken(10) + silent(22) + spoken(10) + silent(22) + spoken(10);
  // Two tenths of the first silence and four of the second are inside: less than what is kept.
  expect(trimmed(drawing, 30, 46)).toEqual({ from: 30, to: 46 });
  expect(trimmed(drawing, 20, 60)).toEqual({ from: 27, to: 47 });
});

it('is nothing where nothing sounds for long enough, and everything where it is too short to say', () => {
  expect(trimmed(silent(20), 0, 20)).toBeNull();
  expect(trimmed(spoken(5) + silent(30) + spoken(5), 15, 25)).toBeNull();
  expect(trimmed(silent(19), 0, 19)).toEqual({ from: 0, to: 19 });
  // A second inside, and together with what was heard before it long enough.
  expect(trimmed(spoken(5) + silent(20), 15, 25)).toBeNull();
});

it('believes no silence beyond what was seen', () => {
  expect(trimmed(spoken(10) + silent(30), 0, 30, 29)).toEqual({ from: 0, to: 30 });
  expect(trimmed(spoken(10) + silent(30), 0, 30, 30)).toEqual({ from: 0, to: 15 });
});

it('takes a last tenth that is a part of one as it is', () => {
  expect(trimmed(silent(25), 0, 25.4)).toBeNull();
  expect(trimmed(spoken(10), 0, 10.4)).toEqual({ from: 0, to: 10.4 });
});
