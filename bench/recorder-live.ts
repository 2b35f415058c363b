/**
 * The recorder page, live, in a real Chromium with a fake microphone: how soon the words are on it while they are spoken,
 * and after stop all of them, and the entry. Recordings of 30 s in real time, one after the other: some seven minutes;
 * with --quick one over each link.
 */
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { numberedWords } from '../src/ai/sandbox/dtmf/encode.ts';
import { chromiumMissing, spokenFile } from '../test/support/chromium.ts';
import { type BenchOptions, BenchRefused } from './options.ts';
import { startPageApplication } from './recorder-live/page-application.ts';
import { PAGE_LINKS, type PageLink } from './recorder-live/page-links.ts';
import { recordOnPage, type Said, type Shown } from './recorder-live/record-on-page.ts';
import { shownTable } from './recorder-live/shown-table.ts';
import type { BenchTable } from './table.ts';
import { watchLoad } from './upload/machine-load.ts';

const RECORDINGS = 3;
/** With a pause after each tenth, and two seconds before the first: the last one ends half a second before stop. */
const WORDS = 46;
const PAUSE_EVERY = 10;
const STOP_MS = 30_000;
const BUILD_PAGES = join(import.meta.dirname, '../scripts/build-web.mjs');

export async function benchRecorderLive({ quick }: BenchOptions): Promise<BenchTable[]> {
  const missing = chromiumMissing();
  if (missing !== null) throw new BenchRefused(`recorder-live measures in Chromium, and ${missing}`);
  execFileSync(process.execPath, [BUILD_PAGES], { stdio: 'inherit' });
  const folder = await mkdtemp(join(tmpdir(), 'thankly-bench-'));
  await chmod(folder, 0o755); // as root, PostgreSQL runs as another user, who must be able to enter
  try {
    const words = numberedWords(WORDS);
    const microphone = join(folder, 'microphone.wav');
    await spokenFile(microphone, words, PAUSE_EVERY);
    const said = { words, microphone, stopMs: STOP_MS };
    const recordings = quick ? 1 : RECORDINGS;
    const loadOf = watchLoad();
    const rows = [];
    for (const link of PAGE_LINKS)
      rows.push({ link, shown: await recordOver(link, said, recordings, folder) });
    return [shownTable(rows, { said, recordings, quick, load: loadOf() })];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Those that got to their entry. */
async function recordOver(link: PageLink, said: Said, recordings: number, folder: string): Promise<Shown[]> {
  const application = await startPageApplication(folder, link);
  const shown: Shown[] = [];
  try {
    for (let made = 0; made < recordings; made += 1) {
      try {
        shown.push(await recordOnPage(application.url, link, said));
      } catch (error) {
        process.stderr.write(`  ${link.name}: ${String(error)}\n`);
      }
    }
    process.stderr.write(`  ${link.name}: ${shown.length} of ${recordings}\n`);
    return shown;
  } finally {
    await application.stop();
  }
}
