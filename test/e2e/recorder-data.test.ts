/** "Your data" on the recorder page: everything is taken along, then everything is deleted, here and on the server. */
import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { type Browser, chromiumMissing, openBrowser, shapeLink } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { httpClient } from '../support/http-client.ts';
import { describeIf } from '../support/optional.ts';
import { openRecorder, recordFor } from '../support/recorder-page.ts';

const WORDS = numberedWords(6, 500);
let application: TestApplication;
let browser: Browser;
let token: string;
let me: ReturnType<typeof httpClient>;

const entries = async (): Promise<unknown[]> => (await me.request('GET', '/entries')).body.entries;

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ html }) => html) }))).toEqual([]);
}

/** Names of all records in the page's database, and of the files that it keeps for downloads. */
function keptBy(page: Page): Promise<unknown[]> {
  return page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('thankly-voice');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const stores = [...database.objectStoreNames];
    const keys = await Promise.all(
      stores.map(
        (name) =>
          new Promise<IDBValidKey[]>((resolve) => {
            const request = database.transaction(name).objectStore(name).getAllKeys();
            request.onsuccess = () => resolve(request.result);
          }),
      ),
    );
    database.close();
    const files: string[] = [];
    const root = await navigator.storage.getDirectory();
    for await (const name of (root as unknown as { keys(): AsyncIterable<string> }).keys()) files.push(name);
    return [...keys.flat(), ...files];
  });
}

describeIf(chromiumMissing(), 'who uses the recorder page', () => {
  beforeAll(async () => {
    application = await startApplication();
    token = await application.token('anna');
    me = httpClient(application.url, token);
    const bytes = wavBytes(dtmfSamples(WORDS, { rate: 8_000 }), 8_000);
    const id = await me.upload([bytes], { segmenting: { mode: 'stream' } });
    await me.complete(id, [bytes]);
    await me.statusWhen(id, me.ended);
    await eventually(async () => expect(await entries()).toHaveLength(1));
    browser = await openBrowser({ width: 360, height: 800 });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await application?.stop();
  }, 60_000);

  it('takes everything along, and deletes everything: on the server and on the device', async () => {
    const { page } = browser;
    await openRecorder(page, application.url);
    await page.getByLabel('Access token').fill(token);
    await page.keyboard.press('Enter');

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download everything' }).click(),
    ]);
    await page.getByText('The archive is among your downloads.').waitFor();
    expect(download.suggestedFilename()).toMatch(/^thankly-\d{4}-\d\d-\d\d\.zip$/);
    const archive = unzipSync(new Uint8Array(await readFile(await download.path())));
    const entry = Object.entries(archive).find(([name]) => name.endsWith('/entry.json'))?.[1];
    expect(JSON.parse(Buffer.from(entry ?? []).toString()).transcript.text).toBe(WORDS.join(' '));
    expect(Object.keys(archive).filter((name) => name.endsWith('/recording.wav'))).toHaveLength(1);

    // A recording that is only on the device.
    await shapeLink(browser, { offline: true });
    await recordFor(page, 1);
    await page.getByRole('heading', { name: 'Kept on this device' }).waitFor();
    expect(await keptBy(page)).not.toEqual([]);
    await shapeLink(browser, {});

    await page.getByRole('button', { name: 'Delete everything', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete everything?' });
    await dialog.waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await entries()).not.toEqual([]);

    await page.getByRole('button', { name: 'Delete everything', exact: true }).click();
    await dialog.getByRole('button', { name: 'Delete everything for good' }).click();
    await dialog.getByText('That is not “delete”.').waitFor();
    await dialog.getByLabel(/Type “delete”/).fill('Delete');
    await page.keyboard.press('Enter');
    await page.getByText('Everything has been deleted.').waitFor({ timeout: 60_000 });
    await expectAccessible(page);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('has been deleted');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);

    await page.getByText('Your first entry will stand here.').waitFor();
    expect(await entries()).toEqual([]);
    await eventually(async () => expect(await keptBy(page)).toEqual([]));
    await page.reload();
    await page.getByText('Your first entry will stand here.').waitFor();
    expect(await entries()).toEqual([]);
  }, 180_000);
});
