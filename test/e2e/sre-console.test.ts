/** Who is on call comes from an alert's link: what was given up, one recording's timeline, and putting it right. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { setFaults, startApplication, type TestApplication } from '../support/application.ts';
import { type Browser, chromiumMissing, openBrowser } from '../support/chromium.ts';
import { httpClient } from '../support/http-client.ts';
import { describeIf } from '../support/optional.ts';

const words = numberedWords(6);
const recording = wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000);

let application: TestApplication;
let browser: Browser;
let user: ReturnType<typeof httpClient>;
let sessionId: string;

beforeAll(async () => {
  if (chromiumMissing() !== null) return;
  application = await startApplication();
  user = httpClient(application.url, await application.token('somebody'));
  await setFaults({ url: application.sandboxUrl }, { mode: 'status', status: 400, path: 'transcriptions' });
  const { body } = await user.create();
  await user.put(body.upload.urls[0], recording);
  await user.complete(body.sessionId, [recording]);
  await user.statusWhen(body.sessionId, user.ended);
  sessionId = body.sessionId;
  await setFaults({ url: application.sandboxUrl }, { mode: 'none' });
  browser = await openBrowser({ width: 1280, height: 900 });
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await application?.stop();
}, 300_000);

async function expectAccessible(): Promise<void> {
  const { violations } = await new AxeBuilder({ page: browser.page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

describeIf(chromiumMissing(), 'who is on call', () => {
  it('opens an alert’s link, signs in, and sees what was given up', async () => {
    const { page } = browser;
    await page.goto(`${application.url}/console/dead-letters`);
    await page.getByLabel(/token/i).fill(await application.token('oncall', 'sre'));
    await page.keyboard.press('Enter');
    await page
      .getByRole('link', { name: new RegExp(sessionId.slice(0, 8)) })
      .first()
      .waitFor({ timeout: 20_000 });
    await expectAccessible();
  }, 60_000);

  it('looks at the recording’s timeline, where not a word of it stands', async () => {
    const { page } = browser;
    await page.goto(`${application.url}/console/sessions/${sessionId}`);
    await page.getByText('SessionFailed').first().waitFor({ timeout: 20_000 });
    expect(await page.locator('body').textContent()).not.toContain(words.slice(0, 3).join(' '));
    await expectAccessible();
  }, 60_000);

  it('requeues it, and it becomes an entry', async () => {
    const { page } = browser;
    await page.getByRole('button', { name: 'Requeue' }).first().click();
    // It has failed, and has yet to hear of the click.
    expect(await user.statusWhen(sessionId, ({ state }) => state === 'completed')).toMatchObject({
      transcript: { text: words.join(' ') },
    });
    await page.getByText('SessionCompleted').first().waitFor({ timeout: 20_000 });
    await page.goto(`${application.url}/console/dead-letters`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByRole('link', { name: new RegExp(sessionId.slice(0, 8)) }).count()).toBe(0);
  }, 60_000);

  it('finds it in the list, by a filter that stands in the address', async () => {
    const { page } = browser;
    await page.goto(`${application.url}/console/sessions?state=completed`);
    await page
      .getByRole('link', { name: new RegExp(sessionId.slice(0, 8)) })
      .first()
      .waitFor({ timeout: 20_000 });
    await expectAccessible();
    await page.goto(`${application.url}/console/consumers`);
    await page.getByText('session-list-v1').first().waitFor({ timeout: 20_000 });
    await expectAccessible();
  }, 60_000);

  it('sees how it stands with the provider, and what it answered last', async () => {
    const { page } = browser;
    await page.goto(`${application.url}/console`);
    await page.getByRole('link', { name: 'Provider', exact: true }).click();
    await page.getByText(/^This is what .+ saw/).waitFor({ timeout: 20_000 });
    // The transcription that was refused at first.
    await page
      .getByRole('row', { name: /^Transcribe/ })
      .getByText('rejected')
      .waitFor();
    await expectAccessible();
  }, 60_000);

  it('rebuilds a view, and sees that the new generation is read', async () => {
    const { page } = browser;
    await page.goto(`${application.url}/console/consumers`);
    await page.getByRole('button', { name: 'Rebuild session-list' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Rebuild', exact: true }).click();
    await page.getByText('session-list is rebuilt: generation 2 is read now.').first().waitFor();
    await page.getByText(/generation 2, since/).waitFor();
    await expectAccessible();
    await page.goto(`${application.url}/console/sessions?state=completed`);
    await page
      .getByRole('link', { name: new RegExp(sessionId.slice(0, 8)) })
      .first()
      .waitFor({ timeout: 20_000 });
  }, 60_000);
});
