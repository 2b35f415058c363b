/** What was not understood is told on the entry, and can be listened to where it is: in a real browser. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Sandbox, startSandbox } from '../../src/ai/sandbox/launch.ts';
import { type AnswerChanger, startAnswerChanger } from '../support/answer-changer.ts';
import { chromiumMissing } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { describeIf } from '../support/optional.ts';
import { entryWith, openRecorder, recordFor } from '../support/recorder-page.ts';
import { Stage } from '../support/recorder-scenarios.ts';

/** Half a second a word, and pauses: some 25 seconds. */
const WORDS = 44;

describeIf(chromiumMissing(), 'an entry of which a part was not understood', () => {
  let stage: Stage;
  let sandbox: Sandbox;
  let provider: AnswerChanger;

  beforeAll(async () => {
    [stage, sandbox, provider] = await Promise.all([Stage.open(), startSandbox(), startAnswerChanger()]);
    provider.to(sandbox.url);
  }, 60_000);
  afterAll(async () => {
    await stage?.close();
    await provider?.stop();
    await sandbox?.stop();
  }, 60_000);

  it('says so, and plays the recording from there', async () => {
    const server = await stage.server('listening', {
      OPENAI_API_KEY: 'sk-test',
      OPENAI_BASE_URL: provider.url,
    });
    const { microphone, seconds, words } = await stage.spoken(0, WORDS);
    const last = words.at(-4);
    provider.change(async (hear) => {
      const heard = await hear();
      return heard.words.some(({ word }) => word === last) ? 400 : heard;
    });
    const { page } = await stage.browser({ microphone, width: 360, height: 800 });
    await openRecorder(page, server.url, '&mime=audio/webm');
    await recordFor(page, seconds + 1);
    const entry = await entryWith(server.url, words);
    expect(entry.transcript).not.toContain(last);
    const [gap] = entry.coverage?.gaps ?? [];
    expect(gap?.reason).toBe('refused');

    await page.locator(`#open-${entry.id}`).click();
    await page.getByText(/\d+ seconds were not understood\./).waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    const listen = page.getByRole('button', { name: /^Listen from 0:\d\d$/ });
    await listen.focus();
    await page.keyboard.press('Enter');
    await eventually(async () => {
      const playing = await playerOf(page);
      expect(playing.focused).toBe(true);
      expect(playing.duration).toBeGreaterThan(seconds - 2);
      expect(playing.at).toBeGreaterThan((gap?.startMs ?? 0) / 1000 - 0.9); // it moves
      expect(playing.at).toBeLessThan((gap?.endMs ?? 0) / 1000 + 1);
    }, 15_000);
    // Space is the browser's own way to pause.
    await page.keyboard.press('Space');
    await eventually(async () => expect((await playerOf(page)).paused).toBe(true));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  }, 120_000);
});

function playerOf(page: Page) {
  return page.locator('audio').evaluate((audio: HTMLAudioElement) => ({
    at: audio.currentTime,
    duration: audio.duration,
    paused: audio.paused,
    focused: document.activeElement === audio,
  }));
}
