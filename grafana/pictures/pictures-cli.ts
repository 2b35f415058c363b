/** `npm run dashboards:pictures`: the dashboards as a real Prometheus fills them, drawn without Grafana; see --help. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromiumMissing } from '../../test/support/chromium.ts';
import { prometheusMissing } from '../../test/support/prometheus-server.ts';
import { bundleCharts } from './bundle-charts.ts';
import { demonstrate } from './demonstration.ts';
import { drawDashboard } from './draw-dashboard.ts';
import { HELP, type PicturesOptions, readOptions, UsageError } from './options.ts';
import { pageOf } from './page.ts';
import type { DashboardPicture } from './picture.ts';
import { PrometheusError, prometheusAt } from './prometheus.ts';
import { readDashboard } from './read-dashboard.ts';
import { takeScreenshots } from './take-screenshots.ts';
import { timeWindow } from './time-window.ts';

const GENERATED = join(import.meta.dirname, '../generated');
const IMAGES = join(import.meta.dirname, '../../docs/images/dashboards');
/** Of traffic that lasts for minutes only. */
const DEMONSTRATION_INTERVAL = '1m';
const EXIT = { done: 0, usage: 1, missing: 2, prometheus: 3, failed: 4, interrupted: 130 } as const;

async function main(): Promise<number> {
  let options: PicturesOptions | null;
  try {
    options = readOptions(process.argv.slice(2), Math.floor(Date.now() / 1000));
  } catch (error) {
    if (error instanceof UsageError) return told(EXIT.usage, error.message);
    throw error;
  }
  if (options === null) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const missing = whatIsMissing(options);
  if (missing !== null) return told(EXIT.missing, missing);
  const halt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => halt.abort());
  try {
    await makePictures(options, halt.signal);
    return EXIT.done;
  } catch (error) {
    if (halt.signal.aborted) return told(EXIT.interrupted, 'interrupted');
    const message = error instanceof Error ? error.message : String(error);
    return told(error instanceof PrometheusError ? EXIT.prometheus : EXIT.failed, message);
  }
}

function whatIsMissing({ existing, screenshots }: PicturesOptions): string | null {
  const prometheus = existing === null ? prometheusMissing() : null;
  if (prometheus !== null) return `${prometheus}; or draw from a running one: --prometheus URL`;
  const chromium = screenshots ? chromiumMissing() : null;
  return chromium === null
    ? null
    : `${chromium}; CHROMIUM_PATH names another; without pictures: --no-screenshot`;
}

async function makePictures(options: PicturesOptions, halt: AbortSignal): Promise<void> {
  const { existing, choices, screenshots, out } = options;
  const note = (line: string) => process.stderr.write(`${line}\n`);
  if (existing !== null) {
    const source = `${existing.url}, asked on ${new Date().toISOString().slice(0, 10)}`;
    const { pages, folder } = await writePages({ ...existing, source, choices, out });
    if (screenshots) listed(await takeScreenshots(pages, folder));
    return;
  }
  const demonstration = await demonstrate(note, halt);
  let pages: Written['pages'];
  try {
    const { prometheusUrl: url, from, to, source } = demonstration;
    const asked = { ...choices, interval: choices.interval ?? DEMONSTRATION_INTERVAL };
    ({ pages } = await writePages({ url, from, to, source, choices: asked, out }));
  } finally {
    await demonstration.stop();
  }
  if (screenshots) listed(await takeScreenshots(pages, IMAGES));
}

type Asked = Pick<PicturesOptions, 'choices' | 'out'> & {
  readonly url: string;
  readonly from: number;
  readonly to: number;
  readonly source: string;
};

/** File names by the dashboards' uids. */
type Written = { readonly pages: ReadonlyMap<string, string>; readonly folder: string };

async function writePages({ url, from, to, source, choices, out }: Asked): Promise<Written> {
  const prometheus = prometheusAt(url);
  const window = timeWindow(from, to, await prometheus.scrapeSeconds());
  const script = await bundleCharts();
  const folder = out === null ? mkdtempSync(join(tmpdir(), 'thankly-dashboards-')) : resolve(out);
  mkdirSync(folder, { recursive: true });
  const pages = new Map<string, string>();
  for (const name of readdirSync(GENERATED)) {
    const dashboard = readDashboard(JSON.parse(readFileSync(join(GENERATED, name), 'utf8')));
    const picture = await drawDashboard(dashboard, { prometheus, window, choices });
    const file = join(folder, `${picture.uid}.html`);
    writeFileSync(file, pageOf(picture, { script, source }));
    pages.set(picture.uid, file);
    listed([file, ...emptyPanels(picture)]);
  }
  return { pages, folder };
}

/** A panel's own words say what it means that there is nothing; one without such words should have shown something. */
function emptyPanels({ panels }: DashboardPicture): string[] {
  return panels.flatMap((panel) => {
    if (panel.kind !== 'empty') return [];
    const why =
      panel.noValue === 'no data' ? 'not to be expected: look at its query' : `as expected: ${panel.noValue}`;
    return [`  no data in “${panel.title}”, ${why}`];
  });
}

const listed = (lines: readonly string[]) => process.stdout.write(`${lines.join('\n')}\n`);

function told(code: number, line: string): number {
  process.stderr.write(`${line}\n`);
  return code;
}

process.exitCode = await main();
