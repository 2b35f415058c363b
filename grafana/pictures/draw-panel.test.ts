import { describe, expect, it } from '@jest/globals';
import { drawPanel } from './draw-panel.ts';
import type { StatPanel, TimeseriesPanel } from './read-dashboard.ts';

const WINDOW = { from: 0, to: 30, step: 15 };
const COMMON = {
  title: 'Failing share',
  description: 'Each arm by itself.',
  gridPos: { x: 0, y: 1, w: 8, h: 8 },
};
const DEFAULTS = {
  unit: 'percentunit' as const,
  min: 0,
  max: 1,
  noValue: 'no recording ended in this time',
  thresholds: {
    mode: 'absolute' as const,
    steps: [
      { value: null, color: 'green' },
      { value: 0.03, color: 'orange' },
    ],
  },
};
const timeseries = (custom: object = {}): TimeseriesPanel => ({
  type: 'timeseries',
  ...COMMON,
  targets: [{ expr: 'up', legendFormat: '{{variant}} p95', instant: false }],
  options: { legend: { showLegend: true, displayMode: 'list', placement: 'bottom' } },
  fieldConfig: {
    defaults: {
      ...DEFAULTS,
      custom: {
        lineWidth: 2,
        fillOpacity: 0,
        axisPlacement: 'auto',
        thresholdsStyle: { mode: 'dashed' },
        ...custom,
      },
    },
    overrides: [],
  },
});
const STAT: StatPanel = {
  type: 'stat',
  ...COMMON,
  targets: [{ expr: 'up', legendFormat: '{{variant}} p95', instant: true }],
  options: { graphMode: 'none', colorMode: 'value', reduceOptions: { calcs: ['lastNotNull'] } },
  fieldConfig: { defaults: DEFAULTS, overrides: [] },
};
const answer = (variant: string, ...points: [number, number][]) => ({ labels: { variant }, points });

describe('a panel of lines', () => {
  it('has a value or a gap for each time, its legend and its thresholds', () => {
    const panel = drawPanel(timeseries(), [[answer('chunked', [0, 0.5], [30, 0.25])]], WINDOW);
    expect(panel).toEqual({
      kind: 'lines',
      grid: COMMON.gridPos,
      title: 'Failing share',
      description: 'Each arm by itself.',
      legend: true,
      chart: {
        unit: 'percentunit',
        lines: [{ label: 'chunked p95', colour: 'green', dash: [], values: [0.5, null, 0.25] }],
        lineWidth: 2,
        min: 0,
        max: 1,
        softMax: null,
        scale: 'linear',
        thresholds: [{ value: 0.03, color: 'orange' }],
      },
    });
  });

  it('leaves out a line that is never a number', () => {
    const answers = [[answer('chunked', [0, Number.NaN]), answer('single', [0, 1])]];
    expect(drawPanel(timeseries(), answers, WINDOW)).toMatchObject({
      chart: { lines: [{ label: 'single p95', colour: 'green' }] },
    });
  });

  it('has no zero on a logarithmic scale', () => {
    const answers = [[answer('chunked', [0, 0], [15, 3])]];
    const panel = drawPanel(timeseries({ scaleDistribution: { type: 'log', log: 10 } }), answers, WINDOW);
    expect(panel).toMatchObject({ chart: { scale: 'log', lines: [{ values: [null, 3, null] }] } });
  });
});

describe('a panel of figures', () => {
  it('shows the value in its colour, unnamed when it is alone', () => {
    expect(drawPanel(STAT, [[answer('chunked', [30, 0.02])]], WINDOW)).toMatchObject({
      kind: 'figures',
      figures: [{ label: null, text: '2%', colour: 'green' }],
    });
  });

  it('names several', () => {
    const answers = [[answer('chunked', [30, 0.03]), answer('single', [30, 0])]];
    expect(drawPanel(STAT, answers, WINDOW)).toMatchObject({
      figures: [
        { label: 'chunked p95', text: '3%', colour: 'orange' },
        { label: 'single p95', text: '0%', colour: 'green' },
      ],
    });
  });
});

it.each([[[[]]], [[[answer('chunked', [0, Number.NaN])]]], [[]]])(
  'a panel without a value says what its author gave for that: %j',
  (answers) => {
    for (const panel of [timeseries(), STAT]) {
      expect(drawPanel(panel, answers, WINDOW)).toMatchObject({
        kind: 'empty',
        noValue: 'no recording ended in this time',
      });
    }
  },
);
