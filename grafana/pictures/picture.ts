/** What a page is made of: a dashboard with its answers in it. */
import type { Unit } from './format-value.ts';
import type { LineStyle } from './line-style.ts';
import type { Mark } from './marks.ts';
import type { GridPos } from './read-dashboard.ts';
import type { Threshold } from './threshold-colour.ts';

/** One value for each of the picture's times; null where there is none. */
export type Line = LineStyle & { readonly label: string; readonly values: readonly (number | null)[] };

/** What the page's script draws; as JSON in the page. */
export type Chart = {
  readonly unit: Unit;
  readonly lines: readonly Line[];
  readonly lineWidth: number;
  readonly min: number | null;
  readonly max: number | null;
  /** The axis reaches at least so far. */
  readonly softMax: number | null;
  readonly scale: 'linear' | 'log';
  /** Dashed lines. */
  readonly thresholds: readonly Threshold[];
};

type Placed = { readonly grid: GridPos; readonly title: string };
type Described = Placed & { readonly description: string };

export type PanelPicture =
  | (Placed & { readonly kind: 'row' })
  | (Described & { readonly kind: 'text'; readonly markdown: string })
  | (Described & { readonly kind: 'empty'; readonly noValue: string })
  | (Described & { readonly kind: 'figures'; readonly figures: readonly Figure[] })
  | (Described & { readonly kind: 'lines'; readonly chart: Chart; readonly legend: boolean });

export type Figure = {
  /** Null when it is the only one. */
  readonly label: string | null;
  readonly text: string;
  readonly colour: string;
};

export type DashboardPicture = {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Unix seconds. */
  readonly times: readonly number[];
  /** What the variables stand at, by their labels. */
  readonly variables: readonly (readonly [label: string, value: string])[];
  readonly marks: readonly Mark[];
  readonly panels: readonly PanelPicture[];
};
