/** Debian's Chromium with a microphone that plays a WAV file. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';
import { dtmfSamples } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';

/** The headless shell is the same Chromium without windows and menus, and starts in less than half the time. */
const EXECUTABLES = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
const EXECUTABLE =
  process.env.CHROMIUM_PATH ?? EXECUTABLES.find((path) => existsSync(path)) ?? '/usr/bin/chromium';

export const chromiumMissing = (): string | null =>
  existsSync(EXECUTABLE) ? null : `there is no ${EXECUTABLE} (Debian: chromium-headless-shell, or chromium)`;

/** It asks nobody outside for anything. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export type Browser = {
  /** The page is closed with its browser by `close`. */
  readonly page: Page;
  readonly context: BrowserContext;
  /** As a crash would: no handler of the page runs. Its storage is still there for `openBrowser` with this folder. */
  kill(): Promise<void>;
  /** Ends it and removes its folder. */
  close(): Promise<void>;
  readonly folder: string;
};

export type BrowserOptions = {
  /** A WAV that the microphone plays once; without one it is silent. */
  readonly microphone?: string;
  /** Of an earlier browser: with its storage. */
  readonly folder?: string;
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly reducedMotion?: 'reduce' | 'no-preference';
};

export async function openBrowser(options: BrowserOptions = {}): Promise<Browser> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'thankly-chromium-')));
  const sound =
    options.microphone === undefined
      ? []
      : [`--use-file-for-fake-audio-capture=${options.microphone}%noloop`];
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: EXECUTABLE,
    headless: true,
    args: [...QUIET, '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', ...sound],
    viewport: { width: options.width ?? 1000, height: options.height ?? 900 },
    colorScheme: options.colorScheme ?? 'light',
    reducedMotion: options.reducedMotion ?? 'reduce',
    permissions: ['microphone'],
    locale: 'en-GB',
  });
  const page = context.pages()[0] ?? (await context.newPage());
  return {
    page,
    context,
    folder,
    async kill() {
      const session = await context.browser()?.newBrowserCDPSession();
      await session?.send('Browser.crash').catch(() => undefined);
      await context.close().catch(() => undefined);
    },
    async close() {
      await context.close().catch(() => undefined);
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** The microphone starts before the recorder does: it gives nothing for so long. */
export const LEAD_SECONDS = 2;

/** What the microphone hears: a while of nothing, then the words. Resolves to how long it is, in seconds. */
export async function spokenFile(
  file: string,
  words: readonly string[],
  pauseEvery: number,
): Promise<number> {
  const RATE = 48_000;
  const spoken = dtmfSamples(words, { rate: RATE, pauseEvery });
  const samples = new Float32Array(LEAD_SECONDS * RATE + spoken.length);
  samples.set(spoken, LEAD_SECONDS * RATE);
  await writeFile(file, wavBytes(samples, RATE));
  return samples.length / RATE;
}

/** What is emulated holds for its session: the next call must come by the same one to take it back. */
const sessions = new WeakMap<Page, Promise<CDPSession>>();

export type EmulatedLink = {
  /** Each way. */
  readonly bytesPerSecond: number;
  /** Of each answer. */
  readonly latencyMs: number;
};

/**
 * DevTools' preset (front_end/core/sdk/NetworkManager.ts): 80 % of 500 kbit/s, and five times the 400 ms of its round
 * trip, since answers are held up here and not packets.
 */
export const SLOW_3G: EmulatedLink = { bytesPerSecond: 50_000, latencyMs: 2_000 };

/**
 * For all that the page fetches; nothing given: as it is. An open answer (the event stream) is late once, when it begins:
 * what is pushed later takes its bytes' time, and no more.
 */
export async function shapeLink(
  { page, context }: Browser,
  link: Partial<EmulatedLink> & { readonly offline?: boolean },
): Promise<void> {
  const opened = sessions.get(page) ?? context.newCDPSession(page);
  sessions.set(page, opened);
  const session = await opened;
  await session.send('Network.emulateNetworkConditions', {
    offline: link.offline ?? false,
    latency: link.latencyMs ?? 0,
    downloadThroughput: link.bytesPerSecond ?? -1,
    uploadThroughput: link.bytesPerSecond ?? -1,
  });
}
