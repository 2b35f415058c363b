/** The recorder page as a person uses it, in a real browser, and what the server has made of it. */

import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Coverage } from '../../src/recording/events.ts';
import { eventually } from './eventually.ts';

/** Opens the page with what is measured left as it is: no noise suppression eats the tones. */
export async function openRecorder(page: Page, url: string, parameters = ''): Promise<void> {
  await page.goto(`${url}/?processing=off&lang=en${parameters}`);
  await page.getByRole('button', { name: 'Record', exact: true }).waitFor();
}

export async function startRecording(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
}

/** Records for so long (the microphone's file plays in real time), then stops. */
export async function recordFor(page: Page, seconds: number): Promise<void> {
  await startRecording(page);
  await delay(seconds * 1000);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
}

export type WordsOnPage = {
  /** Each text that stood under the level meter, the last one last; when the recording was stopped. */
  whileRecording(): Promise<ReadonlySet<string>>;
};

/** Looks twice a second at the words that show while they are spoken. */
export function watchWords(page: Page): WordsOnPage {
  const shown = new Set<string>();
  const words = page.getByRole('region', { name: 'What was heard so far' });
  const stop = page.getByRole('button', { name: 'Stop', exact: true });
  const watching = (async () => {
    await stop.waitFor();
    for (;;) {
      const [text] = await words.allTextContents();
      if (!(await stop.isVisible())) return;
      if (text !== undefined) shown.add(text);
      await delay(500);
    }
  })();
  watching.catch(() => undefined); // told to who asks
  return {
    async whileRecording() {
      await watching;
      return shown;
    },
  };
}

export type Entry = {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly transcript: string;
  readonly coverage?: Coverage;
};

export async function demoToken(url: string): Promise<string> {
  const response = await fetch(`${url}/dev/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId: 'demo' }),
  });
  return ((await response.json()) as { token: string }).token;
}

/** All entries of the page's demo user, with their transcripts. */
export async function entriesOf(url: string): Promise<Entry[]> {
  const headers = { authorization: `Bearer ${await demoToken(url)}` };
  const list = (await (await fetch(`${url}/entries?limit=100`, { headers })).json()) as {
    entries: { id: string }[];
  };
  return Promise.all(
    list.entries.map(
      async ({ id }) => (await (await fetch(`${url}/entries/${id}`, { headers })).json()) as Entry,
    ),
  );
}

/** The one entry in which any of these words was heard; fails when there is none in time, or more than one. */
export async function entryWith(url: string, words: readonly string[], deadlineMs = 60_000): Promise<Entry> {
  const mine = new Set(words);
  return eventually(async () => {
    const found = (await entriesOf(url)).filter(({ transcript }) =>
      transcript.split(' ').some((word) => mine.has(word)),
    );
    expect(found).toHaveLength(1);
    return found[0] as Entry;
  }, deadlineMs);
}
