/** One recording as somebody makes it: the page opened, the button tapped, talked, tapped again, and the entry read. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { DIGITS_PER_WORD, GAP_MS, TONE_MS } from '../../src/ai/sandbox/dtmf/tones.ts';
import { LEAD_SECONDS, openBrowser, SLOW_3G, shapeLink } from '../../test/support/chromium.ts';
import type { PageLink } from './page-links.ts';
import { sightsOf, watchPage } from './page-watch.ts';

export type Said = {
  readonly words: readonly string[];
  /** A file with the words for the microphone. */
  readonly microphone: string;
  /** When stop is tapped, counted from the microphone's first moment. */
  readonly stopMs: number;
};

/** Milliseconds: the first from the end of the first word, the others from the tap on stop. */
export type Shown = {
  readonly firstWordMs: number;
  readonly wordsAtStop: number;
  readonly transcriptMs: number;
  readonly entryMs: number;
  /** Below the entry stands what was said, word for word. */
  readonly isWhole: boolean;
  readonly browser: string;
};

const FIRST_WORD_MS = LEAD_SECONDS * 1000 + DIGITS_PER_WORD * (TONE_MS + GAP_MS) - GAP_MS;
/** The page itself comes over the slow link. */
const OPEN_MS = 120_000;
const ENTRY_MS = 60_000;

/** @throws Error when there is no entry in time */
export async function recordOnPage(url: string, { rttMs }: PageLink, said: Said): Promise<Shown> {
  const browser = await openBrowser({ microphone: said.microphone });
  try {
    const { page, context } = browser;
    await watchPage(page, said.words.at(-1) ?? '');
    await page.goto(`${url}/?processing=off&lang=en`, { timeout: OPEN_MS });
    const record = button(page, 'Record');
    await record.waitFor({ timeout: OPEN_MS });
    if (rttMs === null) await shapeLink(browser, SLOW_3G);
    await record.click();
    await button(page, 'Stop').waitFor();
    await delay(said.stopMs - (await sinceMicrophone(page)));
    await button(page, 'Stop').click();
    const entry = page.getByRole('article', { name: 'Entry', exact: true });
    await entry.waitFor({ timeout: ENTRY_MS });
    await entry.getByRole('button', { name: 'What you said' }).click();
    const text = await entry.textContent();
    const { microphoneAt, firstWordAt, stoppedAt, wordsAtStop, lastWordAt, entryAt } = await sightsOf(page);
    if (microphoneAt === null || stoppedAt === null || lastWordAt === null || entryAt === null)
      throw new Error('the page was not watched from its beginning to its end');
    return {
      firstWordMs: (firstWordAt ?? entryAt) - microphoneAt - FIRST_WORD_MS,
      wordsAtStop,
      transcriptMs: lastWordAt - stoppedAt,
      entryMs: entryAt - stoppedAt,
      isWhole: text?.includes(said.words.join(' ')) === true,
      browser: context.browser()?.version() ?? '',
    };
  } finally {
    await browser.close();
  }
}

function button(page: Page, name: string) {
  return page.getByRole('button', { name, exact: true });
}

async function sinceMicrophone(page: Page): Promise<number> {
  const { microphoneAt } = await sightsOf(page);
  const now = await page.evaluate(() => performance.now());
  return now - (microphoneAt ?? now);
}
