import { describe, expect, it } from '@jest/globals';
import { fillLegend } from './legend.ts';

describe('a legend', () => {
  it.each([
    ['{{variant}} p95', { variant: 'chunked' }, 'chunked p95'],
    ['{{ step }} {{result}}', { step: 'merge', result: 'done' }, 'merge done'],
    ['mean', {}, 'mean'],
    ['{{variant}} {{outcome}}', { variant: 'single' }, 'single'],
    ['{{a}}', { a: '$& {{b}}', b: 'never' }, '$& {{b}}'],
  ])('%s of %j is %s', (format, labels, expected) => {
    expect(fillLegend(format, labels)).toBe(expected);
  });
});
