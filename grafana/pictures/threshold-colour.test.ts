import { describe, expect, it } from '@jest/globals';
import { thresholdColour } from './threshold-colour.ts';

const STEPS = [
  { value: null, color: 'green' },
  { value: 25, color: 'orange' },
  { value: 600, color: 'red' },
];

describe('the colour of a figure', () => {
  it.each([
    [-1, 'green'],
    [24.9, 'green'],
    [25, 'orange'],
    [599, 'orange'],
    [600, 'red'],
  ])('%d is %s', (value, expected) => {
    expect(thresholdColour(value, STEPS)).toBe(expected);
  });

  it('is green without thresholds', () => {
    expect(thresholdColour(5, [])).toBe('green');
  });
});
