import { describe, expect, it } from '@jest/globals';
import { THEMES } from './theme.ts';

/** WCAG 2.2: (L1 + 0.05) / (L2 + 0.05), L the relative luminance of an sRGB colour. */
function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

it('knows black on white', () => {
  expect(contrast('#000000', '#FFFFFF')).toBeCloseTo(21, 5);
});

describe.each(Object.entries(THEMES))('%s', (_scheme, theme) => {
  it('has text of 4.5 : 1 on each of its grounds', () => {
    const pairs: [string, string][] = [
      ...[theme.ground, theme.surface].flatMap((ground): [string, string][] =>
        [theme.text, theme.quietText, theme.danger, theme.accent].map((text) => [text, ground]),
      ),
      [theme.onAccent, theme.accent],
      ...Object.values(theme.notice).map(({ text, ground }): [string, string] => [text, ground]),
    ];
    for (const [text, ground] of pairs) {
      expect({ text, ground, enough: contrast(text, ground) >= 4.5 }).toEqual({ text, ground, enough: true });
    }
  });

  it('shows what has to be seen to be used at 3 : 1', () => {
    for (const edge of [theme.accent, theme.danger]) {
      expect(contrast(edge, theme.ground)).toBeGreaterThanOrEqual(3);
      expect(contrast(edge, theme.surface)).toBeGreaterThanOrEqual(3);
    }
    expect(contrast(theme.accent, theme.track)).toBeGreaterThanOrEqual(3);
  });
});
