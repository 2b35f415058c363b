/**
 * The part of a generated dashboard that a picture shows. What is not known here (a kind of panel, a unit, a way to draw a
 * line) is refused instead of being left out, so that a picture never shows less than Grafana would.
 */
import { z } from 'zod';
import { UNITS } from './format-value.ts';

const Colour = z.string().regex(/^[a-z-]+$/);
const GridPos = z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() });
const Thresholds = z.object({
  mode: z.literal('absolute'),
  steps: z.array(z.object({ value: z.number().nullable(), color: Colour })),
});
const LineStyle = z.object({ fill: z.enum(['solid', 'dash', 'dot']), dash: z.array(z.number()).optional() });
const Override = z.strictObject({
  matcher: z.strictObject({ id: z.literal('byRegexp'), options: z.string().regex(/^\/.+\/$/) }),
  properties: z.array(
    z.discriminatedUnion('id', [
      z.object({
        id: z.literal('color'),
        value: z.object({ mode: z.literal('fixed'), fixedColor: Colour }),
      }),
      z.object({ id: z.literal('custom.lineStyle'), value: LineStyle }),
    ]),
  ),
});
const targets = (instant: boolean) =>
  z.array(z.object({ expr: z.string(), legendFormat: z.string(), instant: z.literal(instant) }));
const Common = { title: z.string(), description: z.string().default(''), gridPos: GridPos };
const defaults = {
  unit: z.enum(UNITS),
  min: z.number().optional(),
  max: z.number().optional(),
  noValue: z.string().default('no data'),
  thresholds: Thresholds.default({ mode: 'absolute', steps: [] }),
};

const Row = z.object({ type: z.literal('row'), title: z.string(), gridPos: GridPos });
const Text = z.object({
  type: z.literal('text'),
  ...Common,
  options: z.object({ mode: z.literal('markdown'), content: z.string() }),
});
const Stat = z.object({
  type: z.literal('stat'),
  ...Common,
  targets: targets(true),
  options: z.object({
    graphMode: z.literal('none'),
    colorMode: z.literal('value'),
    reduceOptions: z.object({ calcs: z.tuple([z.literal('lastNotNull')]) }),
  }),
  fieldConfig: z.object({ defaults: z.strictObject(defaults), overrides: z.array(Override).max(0) }),
});
const Timeseries = z.object({
  type: z.literal('timeseries'),
  ...Common,
  targets: targets(false),
  options: z.object({
    legend: z.object({
      showLegend: z.boolean(),
      displayMode: z.literal('list'),
      placement: z.literal('bottom'),
    }),
  }),
  fieldConfig: z.object({
    defaults: z.strictObject({
      ...defaults,
      custom: z.strictObject({
        lineWidth: z.number(),
        fillOpacity: z.literal(0),
        axisPlacement: z.literal('auto'),
        axisSoftMax: z.number().optional(),
        scaleDistribution: z.object({ type: z.literal('log'), log: z.literal(10) }).optional(),
        thresholdsStyle: z.object({ mode: z.literal('dashed') }).optional(),
      }),
    }),
    overrides: z.array(Override),
  }),
});
const Annotation = z.object({
  enable: z.literal(true),
  iconColor: Colour,
  expr: z.string(),
  step: z.string(),
  titleFormat: z.string().default(''),
  textFormat: z.string().default(''),
});
const Variable = z.object({
  name: z.string(),
  label: z.string().optional(),
  type: z.enum(['datasource', 'textbox', 'custom', 'interval']),
  query: z.string().default(''),
  current: z.object({ value: z.union([z.string(), z.array(z.string())]) }).optional(),
});
const Dashboard = z.object({
  uid: z.string().regex(/^[a-z-]+$/),
  title: z.string(),
  description: z.string(),
  panels: z.array(z.discriminatedUnion('type', [Row, Text, Stat, Timeseries])),
  annotations: z.object({ list: z.array(Annotation).default([]) }),
  templating: z.object({ list: z.array(Variable) }),
});

export type Dashboard = z.output<typeof Dashboard>;
export type Panel = Dashboard['panels'][number];
export type TimeseriesPanel = z.output<typeof Timeseries>;
export type StatPanel = z.output<typeof Stat>;
export type Override = z.output<typeof Override>;
export type GridPos = z.output<typeof GridPos>;

/** Something in it cannot be drawn; the message says where. */
export class UndrawableError extends Error {
  readonly code = 'undrawable';
}

/** @param json of grafana/generated @throws UndrawableError */
export function readDashboard(json: unknown): Dashboard {
  const read = Dashboard.safeParse(json);
  if (read.success) return read.data;
  throw new UndrawableError(`a dashboard has what the pictures cannot show:\n${z.prettifyError(read.error)}`);
}
