/** A panel and its answers, as a picture shows them. */
import { formatValue } from './format-value.ts';
import { fillLegend } from './legend.ts';
import { lineStyle } from './line-style.ts';
import type { Chart, Figure, Line, PanelPicture } from './picture.ts';
import type { Series } from './prometheus.ts';
import type { Panel, StatPanel, TimeseriesPanel } from './read-dashboard.ts';
import { thresholdColour } from './threshold-colour.ts';
import { pointsOf, type TimeWindow } from './time-window.ts';

/** @param answers of its queries, in their order: for lines at the times of `window`, for figures at its end */
export function drawPanel(
  panel: Panel,
  answers: readonly (readonly Series[])[],
  window: TimeWindow,
): PanelPicture {
  const { title, gridPos: grid } = panel;
  if (panel.type === 'row') return { kind: 'row', grid, title };
  const described = { grid, title, description: panel.description };
  if (panel.type === 'text') return { kind: 'text', ...described, markdown: panel.options.content };
  const { noValue } = panel.fieldConfig.defaults;
  if (panel.type === 'stat') {
    const figures = figuresOf(panel, answers);
    return figures.length === 0
      ? { kind: 'empty', ...described, noValue }
      : { kind: 'figures', ...described, figures };
  }
  const lines = linesOf(panel, answers, window);
  if (lines.length === 0) return { kind: 'empty', ...described, noValue };
  return {
    kind: 'lines',
    ...described,
    legend: panel.options.legend.showLegend,
    chart: chartOf(panel, lines),
  };
}

function figuresOf(panel: StatPanel, answers: readonly (readonly Series[])[]): Figure[] {
  const { unit, thresholds } = panel.fieldConfig.defaults;
  const found = named(panel, answers).flatMap(({ label, points }) => {
    const value = points.at(-1)?.[1];
    return value === undefined || !Number.isFinite(value) ? [] : [{ label, value }];
  });
  return found.map(({ label, value }) => ({
    label: found.length === 1 ? null : label,
    text: formatValue(value, unit),
    colour: thresholdColour(value, thresholds.steps),
  }));
}

/** Those with at least one value. */
function linesOf(
  panel: TimeseriesPanel,
  answers: readonly (readonly Series[])[],
  window: TimeWindow,
): readonly Line[] {
  const times = pointsOf(window);
  const isLog = panel.fieldConfig.defaults.custom.scaleDistribution !== undefined;
  const lines = named(panel, answers)
    .map(({ label, points }) => {
      const byTime = new Map(points);
      return { label, values: times.map((time) => shown(byTime.get(time), isLog)) };
    })
    .filter(({ values }) => values.some((value) => value !== null));
  return lines.map((line, index) => ({
    ...line,
    ...lineStyle(line.label, index, panel.fieldConfig.overrides),
  }));
}

/** What is no number cannot be drawn, and zero has no logarithm. */
function shown(value: number | undefined, isLog: boolean): number | null {
  if (value === undefined || !Number.isFinite(value)) return null;
  return isLog && value <= 0 ? null : value;
}

function named({ targets }: StatPanel | TimeseriesPanel, answers: readonly (readonly Series[])[]) {
  return targets.flatMap(({ legendFormat }, index) =>
    (answers[index] ?? []).map(({ labels, points }) => ({ label: fillLegend(legendFormat, labels), points })),
  );
}

function chartOf(panel: TimeseriesPanel, lines: readonly Line[]): Chart {
  const { unit, min, max, custom, thresholds } = panel.fieldConfig.defaults;
  return {
    unit,
    lines,
    lineWidth: custom.lineWidth,
    min: min ?? null,
    max: max ?? null,
    softMax: custom.axisSoftMax ?? null,
    scale: custom.scaleDistribution?.type ?? 'linear',
    // The first step has no value: it holds from below all.
    thresholds:
      custom.thresholdsStyle === undefined ? [] : thresholds.steps.filter(({ value }) => value !== null),
  };
}
