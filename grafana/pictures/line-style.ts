/** Which colour and which dashes a line has: Grafana's palette in order, and the panel's overrides over it. */
import type { Override } from './read-dashboard.ts';

/** `colour` is Grafana's name of it; `dash`: pixels drawn and left out in turn, empty for a whole line. */
export type LineStyle = { readonly colour: string; readonly dash: readonly number[] };

/** Of Grafana's classic palette, those that are told apart on white and on black. */
const PALETTE = [
  'green',
  'blue',
  'semi-dark-yellow',
  'red',
  'purple',
  'semi-dark-orange',
  'light-blue',
  'dark-green',
  'dark-purple',
  'light-red',
  'dark-blue',
  'dark-yellow',
] as const;
const DASHES = { solid: [], dash: [10, 10], dot: [1, 5] } as const;

/** @param index of the line in its panel */
export function lineStyle(label: string, index: number, overrides: readonly Override[]): LineStyle {
  let style: LineStyle = { colour: PALETTE[index % PALETTE.length] ?? PALETTE[0], dash: [] };
  for (const property of overrides.filter(fits(label)).flatMap(({ properties }) => properties)) {
    if (property.id === 'color') style = { ...style, colour: property.value.fixedColor };
    else style = { ...style, dash: property.value.dash ?? DASHES[property.value.fill] };
  }
  return style;
}

/** Grafana writes a regular expression as `/…/`. */
const fits =
  (label: string) =>
  ({ matcher }: Override) =>
    new RegExp(matcher.options.slice(1, -1)).test(label);
