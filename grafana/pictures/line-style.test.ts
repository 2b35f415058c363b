import { describe, expect, it } from '@jest/globals';
import { lineStyle } from './line-style.ts';
import type { Override } from './read-dashboard.ts';

const OVERRIDES: Override[] = [
  {
    matcher: { id: 'byRegexp', options: '/^chunked\\b/' },
    properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: 'red' } }],
  },
  {
    matcher: { id: 'byRegexp', options: '/ p50$/' },
    properties: [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [4, 2] } }],
  },
];

describe('the style of a line', () => {
  it('is the palette’s, from its beginning again when there are many', () => {
    expect(lineStyle('first', 0, [])).toEqual({ colour: 'green', dash: [] });
    expect(lineStyle('second', 1, [])).toEqual({ colour: 'blue', dash: [] });
    expect(lineStyle('thirteenth', 12, [])).toEqual({ colour: 'green', dash: [] });
  });

  it.each([
    ['chunked p50', { colour: 'red', dash: [4, 2] }],
    ['chunked p95', { colour: 'red', dash: [] }],
    ['single p50', { colour: 'blue', dash: [4, 2] }],
    ['chunkedish', { colour: 'blue', dash: [] }],
  ])('is what overrides say of it: %s', (label, style) => {
    expect(lineStyle(label, 1, OVERRIDES)).toEqual(style);
  });
});
