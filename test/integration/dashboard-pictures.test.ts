/** The command that draws dashboards, from a real Prometheus to what Chromium shows; of an application that is two lines. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromiumMissing, openBrowser } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { describeIf } from '../support/optional.ts';
import { type Ended, runProgram } from '../support/process.ts';
import { prometheusMissing, startPrometheus, type TestPrometheus } from '../support/prometheus-server.ts';

const CLI = 'grafana/pictures/pictures-cli.ts';

/** Recordings are begun; the percentage rises after two scrapes. */
function exposition(scrape: number): string {
  return [
    '# TYPE thankly_sessions_created_total counter',
    `thankly_sessions_created_total{variant="chunked"} ${scrape}`,
    `thankly_sessions_created_total{variant="single"} ${3 * scrape}`,
    '# TYPE thankly_flag_percent gauge',
    `thankly_flag_percent{flag="chunked-upload",kind="in_force"} ${scrape < 2 ? 5 : 20}`,
    '',
  ].join('\n');
}

describeIf(prometheusMissing() ?? chromiumMissing(), 'pictures of dashboards', () => {
  let application: Server;
  let prometheus: TestPrometheus;
  let browser: Browser;
  let folder: string;
  let ended: Ended;

  beforeAll(async () => {
    let scrapes = 0;
    application = createServer((_, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4').end(exposition(scrapes++));
    });
    await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
    folder = await mkdtemp(join(tmpdir(), 'thankly-pictures-test-'));
    prometheus = await startPrometheus(`http://127.0.0.1:${(application.address() as AddressInfo).port}`);
    await eventually(() => expect(scrapes).toBeGreaterThan(3), 20_000);
    const asked = ['--prometheus', prometheus.url, '--from', '-30s', '--interval', '10s', '--out', folder];
    ended = await runProgram(CLI, asked).ended;
    browser = await openBrowser({ width: 1280 });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await prometheus?.stop();
    application?.close();
    await rm(folder, { recursive: true, force: true });
  }, 30_000);

  it('are written for every dashboard, small', async () => {
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    for (const uid of ['rollout-ab', 'pipeline', 'storage-and-log', 'one-session']) {
      for (const file of [`${uid}.html`, `${uid}.png`, `${uid}-dark.png`]) {
        expect(ended.stdout).toContain(join(folder, file));
        expect((await stat(join(folder, file))).size).toBeLessThan(300_000);
      }
    }
  });

  it('come with a word on each panel that is empty', () => {
    expect(ended.stdout).toContain(
      'no data in “Failing share”, as expected: no recording ended in this time',
    );
    expect(ended.stdout).not.toContain('no data in “Recordings begun”');
  });

  it('show lines, figures and what there is no data for, without a word of the network', async () => {
    const { page } = browser;
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) troubles.push(request.url());
    });
    await page.goto(pathToFileURL(join(folder, 'rollout-ab.html')).href);
    await page.locator('html[data-drawn]').waitFor({ state: 'attached' });
    const panel = (title: string) =>
      page.locator('.panel').filter({ has: page.getByRole('heading', { name: title, exact: true }) });
    expect(await panel('In force').locator('.figure').textContent()).toContain('20%');
    expect(await panel('Recordings begun').locator('canvas').count()).toBe(1);
    expect(await panel('Recordings begun').locator('.legend').textContent()).toMatch(/chunked\s+single/);
    expect(await panel('Failing share').locator('.empty').textContent()).toBe(
      'no datano recording ended in this time',
    );
    expect(await page.getByText('Not a picture of Grafana.').isVisible()).toBe(true);
    expect(troubles).toEqual([]);
  });

  it('tell the value under the pointer, and fit a phone', async () => {
    const { page } = browser;
    const chart = page.locator('.chart').first();
    const box = await chart.boundingBox();
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) - 20, (box?.y ?? 0) + 40);
    await eventually(async () =>
      expect(await page.locator('.legend output').first().textContent()).toMatch(/^0\.\d+ req\/s$/),
    );
    await page.setViewportSize({ width: 360, height: 700 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
});

describe('the command that draws dashboards', () => {
  it('says what is wrong, and ends before it starts anything', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const nothing = { CHROMIUM_PATH: '/nowhere/chromium', PATH: '/nowhere' };
    const [away, noPrometheus, noChromium, unknown, help] = await Promise.all([
      runProgram(CLI, ['--prometheus', url, '--no-screenshot']).ended,
      runProgram(CLI, [], nothing).ended,
      runProgram(CLI, ['--prometheus', url], nothing).ended,
      runProgram(CLI, ['--form', '-1h']).ended,
      runProgram(CLI, ['--help']).ended,
    ]);
    expect(away).toEqual({ code: 3, stdout: '', stderr: `Prometheus does not answer at ${url}\n` });
    expect(noPrometheus.stderr).toContain('Prometheus is not installed (Debian: prometheus)');
    expect(noPrometheus.code).toBe(2);
    expect(noChromium.stderr).toContain('there is no /nowhere/chromium');
    expect(noChromium.code).toBe(2);
    expect(unknown.code).toBe(1);
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('--prometheus URL') });
  }, 60_000);
});
