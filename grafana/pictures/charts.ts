/** The page's script: draws every chart of it, again when the browser turns dark or the page changes its width. */
import uPlot from 'uplot';
import { formatTick, formatValue } from './format-value.ts';
import type { PageData } from './page.ts';
import type { Chart } from './picture.ts';

const { times, marks, charts }: PageData = JSON.parse(document.getElementById('data')?.textContent ?? '');

const FONT = '11px system-ui, sans-serif';
const BYTES = Array.from({ length: 50 }, (_, power) => 2 ** power);
const DAY_SECONDS = 86_400;
/** One crosshair over all charts. */
const SYNC = { key: 'dashboard' };

let drawn: uPlot[] = [];
function drawAll(): void {
  for (const plot of drawn) plot.destroy();
  drawn = Array.from(document.querySelectorAll<HTMLElement>('[data-chart]'), (element) => {
    const chart = charts[Number(element.dataset.chart)];
    if (chart === undefined) throw new Error('the page lacks a chart');
    const data: uPlot.AlignedData = [[...times], ...chart.lines.map(({ values }) => [...values])];
    return new uPlot(chartOptions(chart, element), data, element);
  });
}

function chartOptions(chart: Chart, element: HTMLElement): uPlot.Options {
  const values = element.parentElement?.querySelectorAll('.legend output') ?? [];
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    padding: [8, 20, 0, 0],
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    legend: { show: false },
    cursor: { sync: SYNC, y: false },
    scales: { x: { time: true }, y: yScale(chart) },
    axes: [
      {
        ...axis(),
        size: 26,
        values: (_, splits, __, ___, step) => splits.map((time) => clock(time, step)),
      },
      {
        ...axis(),
        size: widestLabel,
        ...(chart.unit === 'bytes' ? { incrs: BYTES } : {}),
        ...(chart.scale === 'log' ? powersOnly() : {}),
        values: (_, splits) => splits.map((value) => (value === null ? '' : formatTick(value, chart.unit))),
      },
    ],
    series: [{}, ...seriesOf(chart)],
    hooks: {
      drawAxes: [drawMarks, (plot) => drawThresholds(plot, chart)],
      setCursor: [
        ({ cursor: { idx } }) => {
          for (const [index, output] of values.entries()) {
            const value = idx === null || idx === undefined ? null : chart.lines[index]?.values[idx];
            output.textContent = value === null || value === undefined ? '' : formatValue(value, chart.unit);
          }
        },
      ],
    },
  };
}

function seriesOf({ lines, lineWidth }: Chart) {
  return lines.map(({ label, colour, dash, values }) => ({
    label,
    stroke: cssColour(colour),
    width: lineWidth,
    dash: [...dash],
    points: { show: true, size: 4, filter: () => alone(values) },
  }));
}

/** Values between two gaps: no line goes through them. */
function alone(values: readonly (number | null)[]): number[] {
  const isThere = (index: number) => (values[index] ?? null) !== null;
  return values.flatMap((_, index) =>
    isThere(index) && !isThere(index - 1) && !isThere(index + 1) ? [index] : [],
  );
}

function yScale({ min, max, softMax, scale }: Chart): uPlot.Scale {
  if (scale === 'log') {
    return {
      distr: 3,
      log: 10,
      range: (_, low, high) => uPlot.rangeLog(low ?? 1, Math.max(high ?? 1, softMax ?? 0), 10, true),
    };
  }
  return {
    range: (_, low, high) => {
      const [bottom, top] = uPlot.rangeNum(low ?? 0, Math.max(high ?? 0, softMax ?? 0), 0.1, true);
      return [min ?? bottom ?? 0, max ?? top ?? 1];
    },
  };
}

/** Under the lines: where an annotation begins, and how long it holds. */
function drawMarks(plot: uPlot): void {
  const { ctx, bbox } = plot;
  for (const { from, to, text, colour } of marks) {
    const x = plot.valToPos(from, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const end = Math.min(plot.valToPos(to, 'x', true), bbox.left + bbox.width);
    ctx.save();
    ctx.fillStyle = ctx.strokeStyle = cssColour(colour);
    ctx.globalAlpha = 0.07;
    ctx.fillRect(x, bbox.top, end - x, bbox.height);
    ctx.globalAlpha = 1;
    line(ctx, [4, 4], x, bbox.top, x, bbox.top + bbox.height);
    const room = bbox.left + bbox.width - x;
    ctx.font = scaled(FONT);
    ctx.textAlign = 'left';
    ctx.textBaseline = 'top';
    // A flag's name is on every one of them: what changed comes after it.
    const change = text.replace(/^.*: /, '');
    if (ctx.measureText(change).width + 6 < room) ctx.fillText(change, x + 4, bbox.top + 1);
    ctx.restore();
  }
}

/** As Grafana does it: one beyond the axis is not seen. */
function drawThresholds(plot: uPlot, { thresholds }: Chart): void {
  const { ctx, bbox } = plot;
  for (const { value, color } of thresholds) {
    if (value === null) continue;
    const y = plot.valToPos(value, 'y', true);
    if (!(y >= bbox.top && y <= bbox.top + bbox.height)) continue;
    ctx.save();
    ctx.strokeStyle = cssColour(color);
    line(ctx, [8, 8], bbox.left, y, bbox.left + bbox.width, y);
    ctx.restore();
  }
}

function line(
  ctx: CanvasRenderingContext2D,
  dash: readonly number[],
  ...[x, y, toX, toY]: [number, number, number, number]
) {
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}

function axis(): uPlot.Axis {
  return { stroke: cssColour('faint'), font: FONT, gap: 4, grid: grid(), ticks: { ...grid(), size: 4 } };
}

const grid = () => ({ stroke: cssColour('grid'), width: 1 });

/** Of a logarithmic axis nothing but 1, 10, 100. */
function powersOnly(): Pick<uPlot.Axis, 'filter' | 'grid' | 'ticks'> {
  const isPower = (value: number) => Number.isInteger(Number(Math.log10(value).toFixed(6)));
  const filter: uPlot.Axis.Filter = (_, splits) => splits.map((value) => (isPower(value) ? value : null));
  return { filter, grid: { ...grid(), filter }, ticks: { ...grid(), size: 4, filter } };
}

/** Of an axis: as wide as its widest label. */
function widestLabel(plot: uPlot, labels: string[] | null): number {
  plot.ctx.save();
  plot.ctx.font = FONT;
  const widest = Math.max(0, ...(labels ?? []).map((label) => plot.ctx.measureText(label ?? '').width));
  plot.ctx.restore();
  return Math.ceil(widest) + 14;
}

/** UTC, as the page's head says. */
function clock(seconds: number, step: number): string {
  const time = new Date(seconds * 1000).toISOString();
  if (step >= DAY_SECONDS) return time.slice(5, 10);
  return step < 60 ? time.slice(11, 19) : time.slice(11, 16);
}

const scaled = (font: string) => font.replace(/\d+/, (size) => String(Number(size) * devicePixelRatio));

const cssColour = (name: string) =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

drawAll();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
let width = innerWidth;
addEventListener('resize', () => {
  if (innerWidth === width) return; // a phone hides its address bar while one scrolls
  width = innerWidth;
  drawAll();
});
document.documentElement.dataset.drawn = 'true';
