/**
 * `npm run screenshots [-- recorder | console]`: writes docs/images/{recorder,console}-{360,1280}-{dark,light}.png. The whole application runs on a free
 * port and a folder of its own; Chromium records from a microphone that plays a file. What is spoken is LibriVox from
 * Debian's pocketsphinx-testdata, which the sandbox provider understands with pocketsphinx; without them it is numbers.
 * What the console shows is a virtual population, at 5 % and then at 20 %.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, nodeBinary, root } from './bootstrap.mjs';
import { ensureWebBuilt } from './build-web.mjs';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const SPEECH = '/usr/share/pocketsphinx/test/data/librivox';
const images = join(root, 'docs/images');
const PATIENCE = { timeout: 60_000 };

await ensureInstalled();
if (!existsSync(CHROMIUM)) {
  process.stderr.write(`${CHROMIUM} is missing: apt-get install chromium, or set CHROMIUM_PATH.\n`);
  process.exit(1);
}
if (!(await ensureWebBuilt())) process.exit(1);
const { chromium } = await import('playwright-core');

const folder = mkdtempSync(join(tmpdir(), 'thankly-screenshots-'));
chmodSync(folder, 0o755); // as root, PostgreSQL runs as another user, who must be able to enter
const application = spawn(nodeBinary(), ['src/main.ts'], {
  cwd: root,
  env: { ...process.env, PORT: '0', DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'error' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(application, 'exit');
try {
  const url = await ready();
  mkdirSync(images, { recursive: true });
  if (wanted('recorder')) await recorderPictures(url);
  if (wanted('console')) await consolePictures(url);
} finally {
  application.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}

function wanted(page) {
  const named = process.argv.slice(2);
  return named.length === 0 || named.includes(page);
}

async function recorderPictures(url) {
  const spoken = recordings();
  await withBrowser(spoken[0], async (browser) => {
    await open(browser, url, { width: 1280, scheme: 'light' }, (page) => makeEntries(page, spoken));
  });
  for (const width of [360, 1280]) {
    for (const scheme of ['light', 'dark']) {
      // A browser each: its microphone begins at the file's beginning.
      await withBrowser(spoken[0], (browser) =>
        open(browser, url, { width, scheme }, async (page) => {
          await record(page);
          const path = join(images, `recorder-${width}-${scheme}.png`);
          await page.screenshot({ path, fullPage: width < 600, animations: 'disabled' });
          process.stdout.write(`${path}\n`);
        }),
      );
    }
  }
}

async function consolePictures(url) {
  const traffic = ['simulate/main.ts', '--url', url, '--users', '1000', '--stages', '5,20', '--seed', '3'];
  const simulated = spawn(nodeBinary(), traffic, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(simulated, 'exit');
  if (code !== 0) throw new Error(`the traffic ended with ${code}`);
  for (const width of [360, 1280]) {
    for (const scheme of ['light', 'dark']) {
      await withBrowser(null, async (browser) => {
        const page = await newPage(browser, { width, scheme });
        await page.goto(`${url}/console`);
        await page.getByText('In force in Unleash: 20 %').first().waitFor(PATIENCE);
        await page.locator('svg.recharts-surface').first().waitFor(PATIENCE);
        const path = join(images, `console-${width}-${scheme}.png`);
        await page.screenshot({ path, fullPage: true, animations: 'disabled' });
        process.stdout.write(`${path}\n`);
      });
    }
  }
}

async function ready() {
  let printed = '';
  application.stdout.setEncoding('utf8');
  for await (const text of application.stdout) {
    printed += text;
    const url = /^ready (\S+)$/m.exec(printed)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('the application ended before it was ready');
}

function recordings() {
  if (!existsSync(SPEECH)) return [join(root, 'console/dist/sample.wav')];
  const names = readdirSync(SPEECH).filter((name) => name.endsWith('.wav'));
  return names.sort().map((name) => join(SPEECH, name));
}

async function withBrowser(microphone, use) {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      ...(microphone === null ? [] : [`--use-file-for-fake-audio-capture=${microphone}`]),
    ],
  });
  try {
    await use(browser);
  } finally {
    await browser.close();
  }
}

async function newPage(browser, { width, scheme }) {
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 780 : 1240 },
    deviceScaleFactor: width < 600 ? 2 : 1,
    colorScheme: scheme,
    locale: 'en-GB',
    permissions: ['microphone'],
  });
  return context.newPage();
}

async function open(browser, url, look, use) {
  const page = await newPage(browser, look);
  await keepStorage(browser, page, url);
  await page.goto(url);
  await page.getByRole('button', { name: 'Record', exact: true }).waitFor(PATIENCE);
  await use(page);
}

/** As a browser grants it to a page that is used: without it the page warns that recordings may be cleared. */
async function keepStorage(browser, page, origin) {
  const ofPage = await page.context().newCDPSession(page);
  const { targetInfo } = await ofPage.send('Target.getTargetInfo');
  const ofBrowser = await browser.newBrowserCDPSession();
  const { browserContextId } = targetInfo;
  const permissions = ['durableStorage', 'audioCapture'];
  await ofBrowser.send('Browser.grantPermissions', { origin, browserContextId, permissions });
}

async function makeEntries(page, files) {
  for (const file of files.slice(0, 4)) {
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByText('Your entry is ready').first().waitFor(PATIENCE);
    await page.getByRole('button', { name: 'New recording' }).click();
  }
}

/** Until two chunks have arrived; the panel that shows them is open, and so is the newest entry. */
async function record(page) {
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await page.locator('summary').click();
  await page.locator('.entry h3 button').first().click();
  await page.getByText(/^\s*2 of \d+ parts received/).waitFor(PATIENCE);
  // Without a ring around the last click.
  await page.evaluate(() => document.activeElement?.blur());
  await page.evaluate(() => scrollTo(0, 0));
}
