/** The recorder page for everybody: nothing for axe-core to object to, and all of it by keyboard alone. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { chromiumMissing, shapeLink } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { describeIf } from '../support/optional.ts';
import { entriesOf, openRecorder, startRecording } from '../support/recorder-page.ts';
import { type Server, Stage } from '../support/recorder-scenarios.ts';

let stage: Stage;
let server: Server;

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ html }) => html) }))).toEqual([]);
}

/** Tab until the focus is on the button of this name; fails when it is not to be reached. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? '';
    });
    if (focused.trim() === name) return;
  }
  throw new Error(`no way to ${name} by Tab`);
}

describeIf(chromiumMissing(), 'the recorder page', () => {
  beforeAll(async () => {
    stage = await Stage.open();
    server = await stage.server('access');
  }, 60_000);
  afterAll(() => stage?.close(), 60_000);

  it.each(['light', 'dark'] as const)(
    'has no violation for axe-core in any of its states, %s, at 360 px',
    async (colorScheme) => {
      const browser = await stage.browser({ colorScheme, width: 360, height: 800 });
      const { page } = browser;
      await openRecorder(page, server.url);
      await expectAccessible(page);
      await startRecording(page);
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Pause', exact: true }).click();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Cancel', exact: true }).click();
      await page.getByText('Discard this recording?').waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Keep it' }).click();
      await shapeLink(browser, { offline: true });
      await page.getByRole('button', { name: 'Stop', exact: true }).click();
      await page.getByRole('heading', { name: 'Kept on this device' }).waitFor();
      await expectAccessible(page);
      await shapeLink(browser, {});
      await page.getByRole('button', { name: 'New recording' }).waitFor({ timeout: 60_000 });
      await expectAccessible(page);
      await page.goto(`${server.url}/?lang=zh`);
      await page.locator('html[lang^="zh"]').waitFor();
      await expectAccessible(page);
    },
    120_000,
  );

  it('is used from the first to the last by keyboard', async () => {
    const { page } = await stage.browser();
    await openRecorder(page, server.url);
    await tabTo(page, 'Record');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
    await tabTo(page, 'Pause');
    await page.keyboard.press('Space');
    await page.getByRole('heading', { name: 'Paused' }).waitFor();
    await tabTo(page, 'Go on');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Recording', exact: true }).waitFor();
    await tabTo(page, 'Cancel');
    await page.keyboard.press('Enter');
    await page.getByText('Discard this recording?').waitFor();
    await page.keyboard.press('Escape'); // keeps it
    await page.getByText('Discard this recording?').waitFor({ state: 'detached' });
    await tabTo(page, 'Stop');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'New recording' }).waitFor({ timeout: 60_000 });
  }, 120_000);

  it('takes a file and the built-in sample, and deletes an entry', async () => {
    const { page } = await stage.browser();
    const before = (await entriesOf(server.url)).length;
    await openRecorder(page, server.url);
    await page.getByRole('button', { name: /sample/i }).click();
    await eventually(async () => expect(await entriesOf(server.url)).toHaveLength(before + 1), 60_000);
  }, 120_000);
});
