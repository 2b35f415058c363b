/** A dashboard's picture as one HTML file that needs nothing else: style, script and figures are in it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { escapeHtml } from './escape-html.ts';
import { markdownToHtml } from './markdown.ts';
import type { Chart, DashboardPicture, Figure, PanelPicture } from './picture.ts';
import type { GridPos } from './read-dashboard.ts';

/** What the page's script finds in the page, as JSON. */
export type PageData = Pick<DashboardPicture, 'times' | 'marks'> & {
  /** By the number in the element's `data-chart`. */
  readonly charts: readonly Chart[];
};

const CHART_STYLE = createRequire(import.meta.url).resolve('uplot/dist/uPlot.min.css');
const PAGE_STYLE = join(import.meta.dirname, 'page.css');

/**
 * @param script of `bundleCharts`
 * @param source where the figures are from, in words
 */
export function pageOf(
  picture: DashboardPicture,
  { script, source }: { script: string; source: string },
): string {
  const charts: Chart[] = [];
  /** Gives the chart's number. */
  const keep = (chart: Chart) => charts.push(chart) - 1;
  const panels = picture.panels.map((panel) => panelOf(panel, keep)).join('\n');
  const data: PageData = { times: picture.times, marks: picture.marks, charts };
  const style = [CHART_STYLE, PAGE_STYLE].map((file) => readFileSync(file, 'utf8')).join('\n');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(picture.title)}</title>
<style>
${style}
</style>
<header>
<h1>${escapeHtml(picture.title)}</h1>
<p>${escapeHtml(picture.description)}</p>
<p class="how"><b>Not a picture of Grafana.</b> Drawn by this project's own script (<code>npm run dashboards:pictures</code>) from the dashboard's generated JSON and the answers of a real Prometheus: ${escapeHtml(source)}.</p>
<p class="chosen">${chosen(picture)}</p>
</header>
<main>
${panels}
</main>
<script type="application/json" id="data">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>
<script>${script.replaceAll('</script', '<\\/script')}</script>
</html>
`;
}

function panelOf(panel: PanelPicture, keep: (chart: Chart) => number): string {
  if (panel.kind === 'row') return `<h2 class="row" ${placed(panel.grid)}>${escapeHtml(panel.title)}</h2>`;
  return `<section class="panel" ${placed(panel.grid)}>
<h3>${escapeHtml(panel.title)}</h3>
<details class="about"><summary aria-label="What this shows">i</summary><p>${escapeHtml(panel.description)}</p></details>
${contentOf(panel, keep)}
</section>`;
}

function contentOf(panel: Exclude<PanelPicture, { kind: 'row' }>, keep: (chart: Chart) => number): string {
  switch (panel.kind) {
    case 'text':
      return `<div class="words">${markdownToHtml(panel.markdown)}</div>`;
    case 'empty': {
      const { noValue } = panel;
      const why = noValue === 'no data' ? '' : `<span>${escapeHtml(noValue)}</span>`;
      return `<div class="empty"><b>no data</b>${why}</div>`;
    }
    case 'figures':
      return `<div class="figures">${panel.figures.map(figureOf).join('')}</div>`;
    case 'lines':
      return `<div class="chart" data-chart="${keep(panel.chart)}"></div>${panel.legend ? legendOf(panel.chart) : ''}`;
    default:
      return panel satisfies never;
  }
}

function figureOf({ label, text, colour }: Figure): string {
  const name = label === null ? '' : `<small>${escapeHtml(label)}</small>`;
  return `<div class="figure" style="--colour: var(--${colour})">${name}${escapeHtml(text)}</div>`;
}

/** The empty `output` shows the value under the pointer. */
function legendOf({ lines }: Chart): string {
  const entries = lines.map(
    ({ label, colour, dash }) =>
      `<li style="--colour: var(--${colour})"><svg viewBox="0 0 20 8" aria-hidden="true"><path d="M0 4H20" stroke-dasharray="${dash.map((part) => part / 2).join(' ')}"/></svg>${escapeHtml(label)} <output></output></li>`,
  );
  return `<ul class="legend">${entries.join('')}</ul>`;
}

/** Grafana counts from 0, CSS from 1. */
export function placed({ x, y, w, h }: GridPos): string {
  return `style="--column: ${x + 1}; --row: ${y + 1}; --width: ${w}; --height: ${h}"`;
}

function chosen({ times, variables }: DashboardPicture): string {
  const time = (seconds = 0) => new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const all = [['From', `${time(times[0])} to ${time(times.at(-1))} UTC`] as const, ...variables];
  return all.map(([label, value]) => `${escapeHtml(label)} <b>${escapeHtml(value)}</b>`).join(' · ');
}
