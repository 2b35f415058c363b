/** What a page in Chromium holds of recordings, asked from outside: by its debugger, and in the browser’s list of blobs. */
import type { BrowserContext, CDPSession, Page } from 'playwright-core';

export type PageMemory = {
  /** Of ArrayBuffers and the like, in the page. */
  readonly bufferBytes: number;
  /** Of Blobs whose bytes are in memory, in the browser’s own process. */
  readonly blobBytes: number;
  /** Of the JavaScript heap. */
  readonly heapBytes: number;
};

export type MemoryGauge = {
  /** As it is. */
  read(): Promise<PageMemory>;
  /** After a garbage collection: what is held. */
  readHeld(): Promise<PageMemory>;
};

/** The browser’s process drops a collected Blob when it hears of it. */
const HEARD_MS = 50;

export async function memoryGauge(context: BrowserContext, page: Page): Promise<MemoryGauge> {
  const debug = await context.newCDPSession(page);
  const blobs = await context.newPage();
  await blobs.goto('chrome://blob-internals');
  const read = async () => ({ ...(await heapOf(debug)), blobBytes: await blobBytesOf(blobs) });
  return {
    read,
    async readHeld() {
      // Twice: what the first one finds may be swept only by the next.
      await debug.send('HeapProfiler.collectGarbage');
      await debug.send('HeapProfiler.collectGarbage');
      await blobs.waitForTimeout(HEARD_MS);
      return read();
    },
  };
}

async function heapOf(debug: CDPSession): Promise<Pick<PageMemory, 'bufferBytes' | 'heapBytes'>> {
  const { usedSize, backingStorageSize } = await debug.send('Runtime.getHeapUsage');
  return { bufferBytes: backingStorageSize, heapBytes: usedSize };
}

/** `Type: data` is in memory; all others are files, and don't count (the debugger itself holds on to those sent). */
async function blobBytesOf(page: Page): Promise<number> {
  await page.reload();
  const blobs: { type: string; bytes: number }[][] = [];
  for (const property of await page.locator('li').allTextContents()) {
    const [, name, value = ''] = /^(Refcount|Type|Length): (.+)/.exec(property.trim()) ?? [];
    const parts = blobs.at(-1);
    const part = parts?.at(-1);
    if (name === 'Refcount')
      blobs.push([]); // the first of each
    else if (name === 'Type') parts?.push({ type: value, bytes: 0 });
    else if (name === 'Length' && part) part.bytes = Number(value.replaceAll(',', ''));
  }
  return sum(inMemory(blobs.filter((parts) => parts.length === 1))) + sum(onlyInJoined(blobs));
}

/** A Blob made of others shares their bytes: its parts count when the Blob that one was is gone. */
function onlyInJoined(blobs: readonly { type: string; bytes: number }[][]): number[] {
  const whole = inMemory(blobs.filter((parts) => parts.length === 1));
  return inMemory(blobs.filter((parts) => parts.length > 1)).filter((bytes) => {
    const place = whole.indexOf(bytes);
    if (place >= 0) whole.splice(place, 1);
    return place < 0;
  });
}

function inMemory(blobs: readonly { type: string; bytes: number }[][]): number[] {
  return blobs.flatMap((parts) => parts.filter(({ type }) => type === 'data').map(({ bytes }) => bytes));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
