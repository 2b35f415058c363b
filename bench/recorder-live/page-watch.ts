/**
 * What somebody in front of the recorder page sees and when, by the page's own clock: looked at every 20 ms from a script
 * in the page, so that nothing of a debugger's way is in the times.
 */
import type { Page } from 'playwright-core';

/** Milliseconds of the page's clock; null: not yet. */
export type Sights = {
  /** The microphone was opened: from here on it gives the file. */
  microphoneAt: number | null;
  firstWordAt: number | null;
  stoppedAt: number | null;
  wordsAtStop: number;
  /** After stop: the last word that was said was among those shown. */
  lastWordAt: number | null;
  entryAt: number | null;
};

/** Before the page is opened. @param lastWord that will be said */
export async function watchPage(page: Page, lastWord: string): Promise<void> {
  await page.addInitScript(watch, { lastWord, lookMs: 20 });
}

export function sightsOf(page: Page): Promise<Sights> {
  return page.evaluate(() => (window as unknown as { sights: Sights }).sights);
}

/** Runs in the page: nothing of this file is there. */
function watch({ lastWord, lookMs }: { readonly lastWord: string; readonly lookMs: number }): void {
  const sights: Sights = {
    microphoneAt: null,
    firstWordAt: null,
    stoppedAt: null,
    wordsAtStop: 0,
    lastWordAt: null,
    entryAt: null,
  };
  Object.assign(window, { sights });
  const shown = () => document.querySelector('[aria-label="What was heard so far"]')?.textContent ?? '';

  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    sights.microphoneAt ??= performance.now();
    return stream;
  };
  const tapped = ({ target }: Event) => {
    if (!(target instanceof Element) || target.closest('[aria-label="Stop"]') === null) return;
    sights.stoppedAt ??= performance.now();
    sights.wordsAtStop = shown().split(' ').filter(Boolean).length;
  };
  window.addEventListener('click', tapped, { capture: true });
  setInterval(() => {
    const now = performance.now();
    const text = shown();
    if (text !== '') sights.firstWordAt ??= now;
    if (sights.stoppedAt === null) return;
    const isEntry = document.querySelector('[aria-label="Entry"]') !== null;
    if (isEntry) sights.entryAt ??= now;
    if (isEntry || text.endsWith(lastWord)) sights.lastWordAt ??= now;
  }, lookMs);
}
