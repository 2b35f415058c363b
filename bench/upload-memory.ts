/**
 * What the recorder page holds in memory while it records for ten minutes: in real Chromium with a fake microphone, over
 * a good link and over one that carries only half of what is recorded; three of them side by side. BENCH_SECONDS: for so
 * long instead.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { dtmfSamples, numberedWords } from '../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../src/ai/sandbox/wav-file.ts';
import { startBenchApplication } from './support/application.ts';
import { quantile, verdict } from './support/eventlog-figures.ts';
import type { BenchTable } from './table.ts';
import { type MemoryGauge, memoryGauge, type PageMemory } from './upload/chromium-memory.ts';
import { type Link, openLink } from './upload/link.ts';
import { CHUNK_SECONDS } from './upload/long-recording.ts';

const SECONDS = Number(process.env.BENCH_SECONDS ?? (process.env.BENCH_QUICK === '1' ? 40 : 600));
const FULL_SECONDS = 600;
/** `collect`: garbage is collected before each look, so that only what is held counts. */
const SETUPS = [
  { name: '1 Mbit/s', kilobits: 1_000, collect: true },
  { name: '32 kbit/s, half of what is recorded', kilobits: 32, collect: true },
  { name: '1 Mbit/s, garbage left to Chromium', kilobits: 1_000, collect: false },
];
/** So that the page itself is there at once. */
const DOWN_KILOBITS = 20_000;
const LOOK_MS = 1_000;
const GOAL_CHUNKS = 3;
const BUILD_PAGES = join(import.meta.dirname, '../scripts/build-web.mjs');
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

type Setup = (typeof SETUPS)[number];

type Figures = {
  readonly setup: Setup;
  readonly version: string;
  readonly chunkBytes: number;
  readonly recordedChunks: number;
  readonly arrivedChunks: number;
  /** What the page took to record at all, before there was a chunk. */
  readonly fixedBytes: number;
  /** Beyond that, at each look. */
  readonly looks: readonly PageMemory[];
};

export async function benchUploadMemory(): Promise<BenchTable[]> {
  execFileSync(process.execPath, [BUILD_PAGES], { stdio: 'inherit' });
  const directory = await mkdtemp(join(tmpdir(), 'thankly-bench-page-'));
  try {
    const sound = join(directory, 'microphone.wav'); // a minute of words, again and again
    await writeFile(sound, wavBytes(dtmfSamples(numberedWords(120), { rate: 48_000 }), 48_000));
    const figures = await Promise.all(
      SETUPS.map((setup, index) => measure(setup, sound, join(directory, `profile-${index}`))),
    );
    return [table(figures)];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function measure(setup: Setup, sound: string, profile: string): Promise<Figures> {
  let server = '';
  const link = await openLink(() => server, { kilobits: setup.kilobits, downKilobits: DOWN_KILOBITS });
  const application = await startBenchApplication(null, { publicUrl: link.proxy.origin });
  server = application.url;
  // A profile of its own: in a private one Chromium's database keeps blobs in memory.
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${sound}`,
    ],
  });
  try {
    const page = await context.newPage();
    await page.goto(`${link.proxy.origin}/?processing=off&lang=en`);
    await page.getByRole('button', { name: 'Record', exact: true }).waitFor();
    const gauge = await memoryGauge(context, page);
    const memory = await record(page, gauge, setup);
    const version = context.browser()?.version() ?? '';
    return { setup, version, ...memory, ...chunksOf(link) };
  } finally {
    await context.close();
    await application.stop();
    await link.close();
  }
}

async function record(
  page: Page,
  gauge: MemoryGauge,
  { collect }: Setup,
): Promise<Pick<Figures, 'fixedBytes' | 'looks'>> {
  const idle = await gauge.readHeld();
  await page.bringToFront();
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  const stop = page.getByRole('button', { name: 'Stop', exact: true });
  await stop.waitFor();
  const until = performance.now() + SECONDS * 1000;
  // Before anything of the recording is there: buffers of the meter, the audio's own.
  const first = await gauge.readHeld();
  const looks: PageMemory[] = [];
  while (performance.now() < until) {
    const now = await (collect ? gauge.readHeld() : gauge.read());
    looks.push({
      bufferBytes: now.bufferBytes - first.bufferBytes,
      blobBytes: now.blobBytes - idle.blobBytes,
      heapBytes: now.heapBytes,
    });
    await delay(LOOK_MS);
  }
  await stop.click();
  return { fixedBytes: first.bufferBytes - idle.bufferBytes, looks };
}

function chunksOf({ gateway }: Link): Pick<Figures, 'chunkBytes' | 'recordedChunks' | 'arrivedChunks'> {
  const sizes = [...gateway.objects.values()].map(({ reached }) => reached);
  const chunkBytes = Math.max(...sizes);
  return {
    chunkBytes,
    recordedChunks: Math.floor(SECONDS / CHUNK_SECONDS),
    arrivedChunks: sizes.filter((bytes) => bytes > chunkBytes / 2).length,
  };
}

function chromiumPath(): string {
  const found = CHROMIUM.find((path) => existsSync(path));
  if (found === undefined) throw new Error('Chromium is not installed (Debian: chromium)');
  return found;
}

function table(figures: readonly Figures[]): BenchTable {
  const rows = figures.flatMap((each) => {
    const { setup, chunkBytes, recordedChunks, arrivedChunks, fixedBytes, looks } = each;
    const chunks = (bytes: number) => `${(bytes / chunkBytes).toFixed(2)} chunks`;
    const held = looks.map(({ bufferBytes, blobBytes }) => bufferBytes + blobBytes);
    const most = Math.max(...held);
    const heaps = looks.map(({ heapBytes }) => heapBytes);
    const minute = Math.ceil(looks.length / 10);
    const growth = quantile(heaps.slice(-minute), 0.5) - quantile(heaps.slice(0, minute), 0.5);
    const what = setup.collect ? 'held' : 'there, waiting to be collected or not';
    return [
      [
        setup.name,
        `${what}: most`,
        chunks(most),
        setup.collect ? `${GOAL_CHUNKS} chunks` : '',
        setup.collect ? verdict(most <= GOAL_CHUNKS * chunkBytes) : '',
      ],
      ['', `${what}: median`, chunks(quantile(held, 0.5)), '', ''],
      [
        '',
        'JavaScript heap, from the first tenth to the last',
        `${Math.round(growth / 1000)} kB more`,
        '',
        '',
      ],
      ['', 'to record at all, not counted above', `${Math.round(fixedBytes / 1000)} kB`, '', ''],
      ['', 'chunks recorded; with the server at stop', `${recordedChunks}; ${arrivedChunks}`, '', ''],
    ];
  });
  const short = SECONDS < FULL_SECONDS ? `**Only ${SECONDS} s instead of ${FULL_SECONDS}.** ` : '';
  const looks = Math.min(...figures.map((each) => each.looks.length));
  const chunk = Math.max(...figures.map(({ chunkBytes }) => chunkBytes));
  return {
    title: 'What the recorder page holds in memory',
    intro: `${short}The recorder page records for ${SECONDS} s from a fake microphone in Chromium ${figures[0]?.version ?? ''}, with a profile on the disk, over a throttled link. Looked at some ${looks} times: the page’s ArrayBuffers (Runtime.getHeapUsage) and the Blobs whose bytes are in memory (chrome://blob-internals), after a garbage collection, so that only what is held counts; the chunk that is just being recorded is among it. A chunk is ${(chunk / 1000).toFixed(1)} kB, the largest that arrived. Not counted, and the same from the first second to the last: what the page needs to record at all (the level meter’s window).`,
    columns: ['uplink', 'what', 'measured', 'goal', ''],
    rows,
  };
}
