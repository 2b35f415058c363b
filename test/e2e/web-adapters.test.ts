/** The browser's adapters in a real Chromium: IndexedDB, Web Locks, MediaRecorder with a microphone that plays DTMF words. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import PQueue from 'p-queue';
import type { Page } from 'playwright-core';
import { chunkStoreConformance } from '../../client/src/upload/chunk-store-conformance.ts';
import type { KeptRecording } from '../../client/src/upload/kept-recording.ts';
import { decodeAudio } from '../../src/ai/sandbox/decode-audio.ts';
import { DTMF_RATE, decodeDtmf } from '../../src/ai/sandbox/dtmf/decode.ts';
import { numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { resample } from '../../src/ai/sandbox/resample.ts';
import { type Browser, chromiumMissing, openBrowser, spokenFile } from '../support/chromium.ts';
import { type ClientPage, serveClientPage } from '../support/client-page.ts';
import { eventually } from '../support/eventually.ts';
import { describeIf } from '../support/optional.ts';
import { pageChunkStore, readBody } from '../support/page-chunk-store.ts';

const SOUND_RATE = 16_000;
const WORDS = numberedWords(40);

describeIf(chromiumMissing(), 'the adapters of browsers, in Chromium', () => {
  let site: ClientPage;
  let folder: string;
  let microphone: string;
  beforeAll(async () => {
    site = await serveClientPage();
    folder = await mkdtemp(join(tmpdir(), 'thankly-adapters-'));
    microphone = join(folder, 'words.wav');
    await spokenFile(microphone, WORDS, 12);
  });
  afterAll(async () => {
    await site?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function show(page: Page): Promise<Page> {
    await page.goto(site.url);
    await page.waitForFunction(() => 'web' in window);
    return page;
  }

  describe('IndexedDB', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await openBrowser();
    });
    afterAll(async () => {
      await browser?.close();
    });

    chunkStoreConformance('IndexedDB in Chromium', async () => {
      const page = await show(await browser.context.newPage());
      await page.evaluate(emptyDatabase);
      return {
        open: async () => pageChunkStore(await show(page)), // a reload
        plantRecord: (recordingId, record) => page.evaluate(plantInPage, { recordingId, record }),
        readRecord: (recordingId) => page.evaluate(recordInPage, recordingId),
        loseChunk: (recordingId, index) => page.evaluate(loseInPage, { recordingId, index }),
        read: (body) => readBody(page, body),
        dispose: () => page.close(),
      };
    });

    it('tells how much room there is, and that this browser may throw things away', async () => {
      const check = await pageChunkStore(await show(browser.page)).check();
      expect(check).toEqual({ usable: true, lasting: false, freeBytes: expect.any(Number) });
    });

    it('still has what it said to have written when the browser is killed at that moment', async () => {
      const first = await openBrowser();
      const bytes = Uint8Array.from({ length: 40_000 }, (_, place) => place % 251);
      const recording = { recordingId: 'a' } as KeptRecording;
      const store = pageChunkStore(await show(first.page));
      for (const index of [0, 1, 2]) await store.saveChunk(recording, index, bytes);
      await first.kill();
      const second = await openBrowser({ folder: first.folder });
      try {
        const again = pageChunkStore(await show(second.page));
        for (const index of [0, 1, 2]) {
          expect(Buffer.from(bytes).equals(await again.bytes('a', index))).toBe(true);
        }
      } finally {
        await second.close();
      }
    });
  });

  describe('Web Locks', () => {
    it('let one tab hold a recording, until it lets go or is closed', async () => {
      const browser = await openBrowser();
      try {
        const one = await show(browser.page);
        const other = await show(await browser.context.newPage());
        expect(await one.evaluate(takeInPage, 'a')).toBe(true);
        expect(await other.evaluate(takeInPage, 'a')).toBe(false);
        expect(await other.evaluate(takeInPage, 'b')).toBe(true);
        await one.evaluate(releaseInPage);
        await eventually(async () => expect(await other.evaluate(takeInPage, 'a')).toBe(true));
        expect(await one.evaluate(takeInPage, 'b')).toBe(false);
        await other.close();
        await eventually(async () => expect(await one.evaluate(takeInPage, 'b')).toBe(true));
      } finally {
        await browser.close();
      }
    });
  });

  describe('the microphone', () => {
    const WHOLE: readonly (readonly [HowToRecord['mode'], string])[] = [
      ['stream', 'audio/webm;codecs=opus'],
      ['stream', 'audio/mp4'],
      ['segments', 'audio/webm;codecs=opus'],
      ['segments', 'audio/mp4'],
    ];
    const PAUSED = ['stream', 'segments'] as const;
    /** They take as long as they talk: some run beside one another, and a test each looks at its own. */
    const recordings = new PQueue({ concurrency: 3 });
    const begun = new Map<string, Promise<Recorded>>();
    const begin = (name: string, how: HowToRecord) => {
      const recording = recordings.add(() => recorded(how));
      recording.catch(() => undefined); // told by its own test
      begun.set(name, recording);
    };
    async function underWay(name: string): Promise<Recorded> {
      const recording = begun.get(name);
      if (recording === undefined) throw new Error(`not begun: ${name}`);
      return recording;
    }
    beforeAll(() => {
      for (const [mode, mimeType] of WHOLE) begin(`${mode} ${mimeType}`, { mode, mimeType, untilMs: 11_000 });
      for (const mode of PAUSED)
        begin(`${mode} paused`, {
          mode,
          mimeType: 'audio/webm;codecs=opus',
          chunkSeconds: 30, // so that only the pause cuts, however late it comes on a busy machine
          pauseAtMs: 2_000,
          pauseForMs: 3_000,
          untilMs: 4_000,
        });
    });
    afterAll(() => recordings.onIdle());

    async function recorded(how: HowToRecord): Promise<Recorded> {
      const browser = await openBrowser({ microphone });
      try {
        const page = await show(browser.page);
        return await page.evaluate(recordInPageFor, how);
      } finally {
        await browser.close();
      }
    }

    it.each(WHOLE)(
      'in mode %s, %s: captures join to all that was said',
      async (mode, mimeType) => {
        const { captures, durationMs, file, format, levels, troubles } = await underWay(
          `${mode} ${mimeType}`,
        );
        expect(format).toEqual({ mode, mimeType, seconds: 3 });
        expect(troubles).toEqual([]);
        expect(captures.length).toBeGreaterThanOrEqual(3);

        // Spans touch, from the beginning to the end, with ten levels a second.
        const edges = [0, ...captures.map(({ endMs }) => endMs)];
        expect(captures.map(({ startMs }) => startMs)).toEqual(edges.slice(0, -1));
        expect(edges.at(-1)).toBe(durationMs);
        for (const { startMs, endMs, levels: count } of captures) {
          expect(Math.abs(count - (endMs - startMs) / 100)).toBeLessThanOrEqual(2);
        }
        expect(Math.abs(levels - durationMs / 100)).toBeLessThanOrEqual(2);

        // The sound is as long as they say; a segment also has what the one before ended with (10–120 ms).
        const sound = await decodeAudio(Buffer.from(file, 'base64'));
        const overlaps = mode === 'segments' ? captures.length * 120 : 0;
        expect((sound.length / SOUND_RATE) * 1000).toBeGreaterThan(durationMs - 150);
        expect((sound.length / SOUND_RATE) * 1000).toBeLessThan(durationMs + 150 + overlaps);

        // Every word that was played in that time, once and in order; the last may be cut off.
        const heard = decodeDtmf(resample(sound, SOUND_RATE, DTMF_RATE)).map(({ word }) => word);
        expect(heard.length).toBeGreaterThan(12);
        expect(heard.slice(0, -1)).toEqual(WORDS.slice(0, heard.length - 1));
      },
      120_000,
    );

    it.each(PAUSED)(
      'in mode %s a pause is left out, and what was said before it is given at once',
      async (mode) => {
        const { captures, durationMs, whilePaused } = await underWay(`${mode} paused`);
        expect(whilePaused).toBe(1);
        expect(durationMs).toBeGreaterThanOrEqual(4_000);
        expect(durationMs).toBeLessThan(6_000);
        expect(captures.at(-1)?.endMs).toBe(durationMs);
      },
      120_000,
    );

    it('that is refused is told apart from one that is not there', async () => {
      const browser = await openBrowser();
      try {
        const page = await show(browser.page);
        expect(await page.evaluate(refusalInPage, { deviceId: { exact: 'not there' } })).toBe(
          'no-microphone',
        );
        // Permissions-Policy: Chromium answers as when a person says no.
        await page.route(site.url, async (route) => {
          const response = await route.fetch();
          await route.fulfill({
            response,
            headers: { ...response.headers(), 'permissions-policy': 'microphone=()' },
          });
        });
        await show(page);
        expect(await page.evaluate(refusalInPage, {})).toBe('permission-denied');
      } finally {
        await browser.close();
      }
    });
  });
});

type HowToRecord = {
  readonly mode: 'stream' | 'segments';
  readonly mimeType: string;
  readonly chunkSeconds?: number;
  readonly pauseAtMs?: number;
  readonly pauseForMs?: number;
  /** Of recorded time. */
  readonly untilMs: number;
};

type Recorded = {
  readonly format: unknown;
  readonly captures: readonly { startMs: number; endMs: number; levels: number }[];
  readonly levels: number;
  readonly troubles: readonly unknown[];
  readonly durationMs: number;
  /** All captures as one file, in base64. */
  readonly file: string;
  /** Captures that had been given at the end of the pause. */
  readonly whilePaused: number;
};

/** What follows runs in the page: each is a whole by itself. */

async function recordInPageFor(how: HowToRecord): Promise<Recorded> {
  const { createMediaRecorder, joinSegments } = (window as any).web;
  const captures: any[] = [];
  const troubles: unknown[] = [];
  let levels = 0;
  let reached = (_elapsedMs: number) => {};
  const recorded = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      reached = (elapsedMs) => elapsedMs >= milliseconds && resolve();
    });
  const active = await createMediaRecorder({ processing: false, mimeType: how.mimeType }).start(
    { mode: how.mode, chunkSeconds: how.chunkSeconds ?? 3 },
    {
      onCapture: (capture: unknown) => captures.push(capture),
      onLevel: (_level: number, elapsedMs: number) => {
        levels++;
        reached(elapsedMs);
      },
      onTrouble: (trouble: unknown) => troubles.push(trouble),
    },
  );
  let whilePaused = 0;
  if (how.pauseAtMs !== undefined) {
    await recorded(how.pauseAtMs);
    active.pause();
    await new Promise((resolve) => setTimeout(resolve, how.pauseForMs));
    whilePaused = captures.length;
    active.resume();
  }
  await recorded(how.untilMs);
  const { durationMs } = await active.stop();
  async function* segments() {
    for (const { bytes } of captures) yield bytes;
  }
  const file: Blob =
    how.mode === 'stream'
      ? new Blob(captures.map(({ bytes }) => bytes))
      : (await joinSegments(segments(), how.mimeType)).body;
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return {
    format: active.format,
    captures: captures.map(({ startMs, endMs, levels: { length } }) => ({ startMs, endMs, levels: length })),
    levels,
    troubles,
    durationMs,
    file: btoa(text),
    whilePaused,
  };
}

async function refusalInPage(constraints: MediaTrackConstraints): Promise<string> {
  const listener = { onCapture: () => {}, onLevel: () => {}, onTrouble: () => {} };
  const recorder = (window as any).web.createMediaRecorder({ constraints });
  return recorder.start({ mode: 'stream', chunkSeconds: 5 }, listener).then(
    () => 'none',
    (error: any) => error.code,
  );
}

async function takeInPage(recordingId: string): Promise<boolean> {
  const page = window as any;
  page.locks ??= page.web.createWebLocks();
  const lock = await page.locks.take(recordingId);
  if (lock !== null) page.lock = lock;
  return lock !== null;
}

function releaseInPage(): void {
  (window as any).lock.release();
}

async function emptyDatabase(): Promise<void> {
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase('thankly-voice');
    request.onsuccess = resolve;
    request.onerror = reject;
  });
  await (window as any).web.createIndexedDbChunkStore().list(); // makes it
}

function plantInPage({ recordingId, record }: { recordingId: string; record: unknown }): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const open = indexedDB.open('thankly-voice');
    open.onsuccess = () => {
      const transaction = open.result.transaction('recordings', 'readwrite');
      transaction.objectStore('recordings').put(record, recordingId);
      transaction.oncomplete = () => resolve(open.result.close());
      transaction.onabort = reject;
    };
    open.onerror = reject;
  });
}

function recordInPage(recordingId: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const open = indexedDB.open('thankly-voice');
    open.onsuccess = () => {
      const request = open.result.transaction('recordings').objectStore('recordings').get(recordingId);
      request.onsuccess = () => {
        open.result.close();
        resolve(request.result);
      };
      request.onerror = reject;
    };
    open.onerror = reject;
  });
}

function loseInPage({ recordingId, index }: { recordingId: string; index: number }): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const open = indexedDB.open('thankly-voice');
    open.onsuccess = () => {
      const transaction = open.result.transaction('chunks', 'readwrite');
      transaction.objectStore('chunks').delete([recordingId, index]);
      transaction.oncomplete = () => resolve(open.result.close());
      transaction.onabort = reject;
    };
    open.onerror = reject;
  });
}
