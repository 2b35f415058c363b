/**
 * The whole story of a rollout, on `npm start` with its real Unleash: a product manager moves it in a real browser, users
 * of the app get what they should, somebody moves the flag by hand, Unleash is killed, and a bad arm is rolled back by
 * the autopilot.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { type Sandbox, startSandbox } from '../../src/ai/sandbox/launch.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import type { RolloutAnswer } from '../../src/http/rollout-schemas.ts';
import { chunkedOf, devToken, expectShare, type Population, population } from '../support/app-users.ts';
import { setFaults } from '../support/application.ts';
import { type Browser, chromiumMissing, openBrowser } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { httpClient } from '../support/http-client.ts';
import { describeIf } from '../support/optional.ts';
import { endProgram, type Program, runProgram } from '../support/process.ts';
import { unleashAdmin } from '../support/unleash-admin.ts';

const USERS = 400;
/** What is moved is in force for new sessions within this. */
const IN_FORCE_MS = 10_000;

let folder: string;
let dataDir: string;
let sandbox: Sandbox;
let program: Program;
let url: string;
let browser: Browser;
let people: Population;
let manager: ReturnType<typeof httpClient>;
/** Who has had chunked upload so far. */
let chunked: ReadonlySet<string> = new Set();

beforeAll(async () => {
  if (chromiumMissing() !== null) return;
  folder = await mkdtemp(join(tmpdir(), 'thankly-rollout-'));
  await chmod(folder, 0o755); // as root, PostgreSQL runs as another user, who must be able to enter
  dataDir = join(folder, 'data');
  sandbox = await startSandbox();
  program = runProgram('src/main.ts', [], {
    PORT: '0',
    DATA_DIR: dataDir,
    LOG_LEVEL: 'warn',
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: `${sandbox.url}/v1`,
  });
  [, url = ''] = await program.printed(/^ready (http:\/\/127\.0\.0\.1:\d+)$/m, 120_000);
  people = population(url, USERS);
  manager = httpClient(url, await devToken(url, 'watcher', 'release-manager'));
  browser = await openBrowser({ width: 1280, height: 1000 });
  await browser.page.goto(`${url}/console`);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  if (program !== undefined) await endProgram(program);
  await sandbox?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}, 300_000);

async function rollout(): Promise<RolloutAnswer> {
  return (await manager.request('GET', '/rollouts/chunked-upload')).body;
}

/** A button of the page, the reason in its dialog, and Enter. */
async function click(button: string, reason: string): Promise<void> {
  const { page } = browser;
  await page.getByRole('button', { name: button }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(reason);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
}

async function shows(text: string | RegExp): Promise<void> {
  await browser.page.getByText(text).first().waitFor({ timeout: 20_000 });
}

/** New sessions are assigned at `percent`: as many as there should be, and nobody who had it has lost it. */
async function expectAssigned(percent: number): Promise<void> {
  await eventually(async () => {
    const one = await httpClient(url, await devToken(url, 'any')).create();
    expect(one.body.assignment.percent).toBe(percent);
  }, IN_FORCE_MS);
  const assigned = await people.assign();
  const now = chunkedOf(assigned);
  expectShare(now.size, USERS, percent);
  for (const name of chunked) expect(now).toContain(name);
  for (const { variant, percent: at, reason } of assigned.values())
    expect([at, reason]).toEqual([percent, variant === 'chunked' ? 'rollout' : 'control']);
  chunked = now;
}

/** The process that runs Unleash for our program. */
function unleashPid(): number {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const isUnleash = readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('unleash-process.ts');
      const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1];
      if (isUnleash && Number(parent) === program.pid) return Number(name);
    } catch {
      // It ended meanwhile.
    }
  }
  throw new Error('Unleash does not run');
}

/** A session of somebody who has chunked upload now; `finish` sends what was recorded and waits for the entry. */
async function begunAsChunked(): Promise<{ finish(): Promise<void> }> {
  const [name = ''] = chunkedOf(await people.assign());
  const somebody = httpClient(url, await devToken(url, name));
  const { body } = await somebody.create();
  expect(body).toMatchObject({ strategy: 'chunked', assignment: { percent: 5, reason: 'rollout' } });
  return {
    async finish() {
      const recording = wavBytes(dtmfSamples(numberedWords(4), { rate: 8_000 }), 8_000);
      await somebody.put(body.upload.urls[0], recording);
      await somebody.complete(body.sessionId, [recording]);
      const { state, failure, transcript } = await somebody.statusWhen(body.sessionId, somebody.ended);
      expect({ state, failure, text: transcript?.text }).toEqual({
        state: 'completed',
        failure: undefined,
        text: numberedWords(4).join(' '),
      });
      await eventually(
        async () => expect((await somebody.create()).body.strategy).toBe('single'),
        IN_FORCE_MS,
      );
    },
  };
}

describeIf(chromiumMissing(), 'a rollout', () => {
  it('begins at 5 %', async () => {
    await shows('In force in Unleash: 5 %');
    await expectAssigned(5);
  }, 120_000);

  it('is moved to 20 % in the console, and keeps everybody who had it', async () => {
    await click('Advance to 20 %', 'the first day was good');
    await shows('In force in Unleash: 20 %');
    await shows('“the first day was good”');
    await expectAssigned(20);
  }, 120_000);

  it('survives that Unleash is killed: nobody is reassigned, and what is moved meanwhile is in force when it is back', async () => {
    const pid = unleashPid();
    process.kill(pid, 'SIGKILL');
    const body = { percent: 30, reason: 'Unleash is away, and we go on' };
    expect((await manager.request('PUT', '/rollouts/chunked-upload/percent', body)).status).toBe(200);
    expect(chunkedOf(await people.assign())).toEqual(chunked);
    await eventually(() => expect(unleashPid()).not.toBe(pid), 30_000);
    await shows('In force in Unleash: 30 %');
    await expectAssigned(30);
  }, 180_000);

  it('shows that somebody moved the flag in Unleash, and is put back by a click', async () => {
    const { links } = await rollout();
    await unleashAdmin(new URL(links.unleash ?? '').origin, dataDir).moveTo(35);
    await shows('Somebody moved the flag in Unleash: it stands at 35 %, the rollout says 30 %.');
    await click('Put it back to 30 %', 'that was not agreed');
    await shows('In force in Unleash: 30 %');
    await expectAssigned(30);
  }, 120_000);

  it('goes on to 50 % and 100 %', async () => {
    await click('Advance to 50 %', 'two days without a complaint');
    await shows('In force in Unleash: 50 %');
    await expectAssigned(50);
    await click('Advance to 100 %', 'it is better in every figure');
    await shows('In force in Unleash: 100 %');
    await expectAssigned(100);
    expect(chunked.size).toBe(USERS);
  }, 120_000);

  it('is rolled back with one click and one confirmation', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
    await shows('In force in Unleash: 0 %');
    expect(await rollout()).toMatchObject({ state: 'rolled-back', percent: 0 });
    chunked = new Set();
    await expectAssigned(0);
  }, 120_000);

  it('is rolled back by the autopilot when the new arm is bad, while sessions in flight finish as they began', async () => {
    await click('Begin again at 5 %', 'the cause is mended');
    await shows('In force in Unleash: 5 %');
    await expectAssigned(5);
    const inFlight = await begunAsChunked();
    // The provider has a bad day, too: both arms alike.
    await setFaults(sandbox, { mode: 'status', status: 500, probability: 0.05 });
    const traffic = runProgram('simulate/main.ts', [
      ...['--url', url, '--users', '2000', '--rate', '25', '--percent', '5', '--seed', '11'],
      ...['--chunked-failure', '0.6', '--single-failure', '0.05', '--autopilot', '--until-rolled-back'],
    ]);
    try {
      await eventually(async () => expect((await rollout()).state).toBe('rolled-back'), 150_000);
      await shows('Rolled back');
      const { history, autopilot } = await eventually(async () => {
        const now = await rollout();
        expect(now.effect).toMatchObject({ state: 'in-force', percent: 0 });
        return now;
      }, IN_FORCE_MS);
      expect(history.find(({ type }) => type === 'RolledBack')).toMatchObject({ by: 'autopilot' });
      expect(history.map(({ type }) => type)).toContain('GuardrailBreached');
      expect(autopilot.enabled).toBe(false);
    } finally {
      await endProgram(traffic);
    }
    const { guardrails } = (await manager.request('GET', '/experiments/chunked-upload')).body;
    const inForce = (await rollout()).history.find(
      ({ type, percent }) => type === 'FlagSynced' && percent === 0,
    );
    const tookMs = Date.parse(inForce?.at ?? '') - Date.parse(guardrails.failure.breachedAt);
    process.stderr.write(`from the deciding event to 0 % in Unleash: ${tookMs} ms\n`);
    // The goal is 10 s, and what it took is printed; a machine that has other work is no fault of the rollout's.
    expect(tookMs).toBeLessThanOrEqual(60_000);
    await inFlight.finish();
  }, 240_000);

  it('leaves nothing to axe-core, light and dark, wide and narrow', async () => {
    const { page } = browser;
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 900 });
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow).toBeLessThanOrEqual(0);
      }
    }
  }, 120_000);
});
