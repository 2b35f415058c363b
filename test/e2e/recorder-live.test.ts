/**
 * Slow links between the recorder page and a provider that takes as long as published measurements say: what is said is
 * read while it is spoken, and all of it in the entry. How soon: `npm run bench -- recorder-live`.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { chromiumMissing, type EmulatedLink, SLOW_3G, shapeLink } from '../support/chromium.ts';
import { describeIf } from '../support/optional.ts';
import { entryWith, openRecorder, recordFor, watchWords } from '../support/recorder-page.ts';
import { type Server, Stage } from '../support/recorder-scenarios.ts';

/** Half a second a word, and pauses: 40 seconds. */
const WORDS = 66;
const LINKS: Readonly<Record<string, EmulatedLink>> = {
  'slow 3G': SLOW_3G,
  '1 Mbit/s': { bytesPerSecond: 125_000, latencyMs: 40 },
};

describeIf(chromiumMissing(), 'the words are on the recorder page while they are spoken', () => {
  let stage: Stage;
  const underWay = new Map<string, Promise<void>>();

  beforeAll(async () => {
    stage = await Stage.open();
    const server = await stage.server('live', { SANDBOX_LATENCY: 'published' });
    for (const [index, [name, link]] of Object.entries(LINKS).entries()) {
      const talk = talkOver(link, stage, server, index * 100);
      talk.catch(() => undefined); // told by its own test
      underWay.set(name, talk);
    }
  }, 120_000);
  afterAll(async () => {
    await Promise.allSettled(underWay.values());
    await stage?.close();
  }, 120_000);

  it.each(Object.keys(LINKS))(
    'and all of them in the entry after stop, over %s',
    (name) => underWay.get(name),
    180_000,
  );
});

async function talkOver(link: EmulatedLink, stage: Stage, server: Server, first: number): Promise<void> {
  const { microphone, seconds, words } = await stage.spoken(first, WORDS);
  const browser = await stage.browser({ microphone });
  const { page } = browser;
  await openRecorder(page, server.url);
  await shapeLink(browser, link);
  const shown = watchWords(page);
  await recordFor(page, seconds + 1);

  const texts = [...(await shown.whileRecording())];
  expect(texts.at(-1)?.split(' ').length).toBeGreaterThan(WORDS / 4);
  for (const text of texts) expect(words.join(' ').startsWith(text)).toBe(true);

  expect((await entryWith(server.url, words)).transcript).toBe(words.join(' '));
  const entry = await page
    .getByRole('article', { name: 'Entry', exact: true })
    .textContent({ timeout: 60_000 });
  expect(words.filter((word) => !entry?.includes(word))).toEqual([]);

  const times = await answerTimes(page);
  expect(times.length).toBeGreaterThan(0);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(link.latencyMs); // all of it went over the slow link
}

/** Of all that the recording asked of the server; of the event stream, until it has ended. */
function answerTimes(page: Page): Promise<number[]> {
  return page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ name }) => /\/(audio\/session|objects)\//.test(name))
      .map(({ duration }) => duration),
  );
}
