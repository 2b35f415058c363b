/**
 * Days on which somebody talks to the recorder page, good and bad: each in a browser of its own, whose microphone plays
 * numbered words as tones in real time. A day fails when what is read is not what was said, each word once.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { type Browser, openBrowser, SLOW_3G, shapeLink, spokenFile } from './chromium.ts';
import { freePort } from './free-port.ts';
import { endProgram, type Program, runProgram } from './process.ts';
import { entryWith, openRecorder, recordFor, startRecording, watchWords } from './recorder-page.ts';

const PAUSE_EVERY = 10;
const CHUNK_SECONDS = 5;

export type Server = { readonly url: string; kill(): Promise<void>; restart(): Promise<void> };

/** Servers and browsers of a test run, and their folder. */
export class Stage {
  readonly folder: string;
  readonly #programs: Program[] = [];
  readonly #browsers: Browser[] = [];
  readonly #spoken = new Map<string, Promise<number>>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), 'thankly-page-'));
    await chmod(folder, 0o755); // as root, PostgreSQL runs as another user, who must be able to enter
    return new Stage(folder);
  }

  async server(name: string, more: Readonly<Record<string, string>> = {}): Promise<Server> {
    const port = await freePort();
    const environment = {
      PORT: String(port),
      DATA_DIR: join(this.folder, name),
      LOG_LEVEL: 'warn',
      WORKER_CONCURRENCY: '4', // many servers at once: each worker polls
      ...more,
    };
    const start = async () => {
      const program = runProgram('src/main.ts', [], environment);
      this.#programs.push(program);
      await program.printed(/^ready /m);
      return program;
    };
    let program = await start();
    return {
      url: `http://127.0.0.1:${port}`,
      async kill() {
        program.child.kill('SIGKILL');
        await program.ended;
      },
      async restart() {
        program = await start();
      },
    };
  }

  /** A file in which the words are said, and how long it is in seconds; made once for all who say them. */
  async spoken(
    first: number,
    count: number,
  ): Promise<{ microphone: string; seconds: number; words: string[] }> {
    const words = numberedWords(count, first);
    const microphone = join(this.folder, `${first}-${count}.wav`);
    const made = this.#spoken.get(microphone) ?? spokenFile(microphone, words, PAUSE_EVERY);
    this.#spoken.set(microphone, made);
    return { microphone, seconds: await made, words };
  }

  async browser(...options: Parameters<typeof openBrowser>): Promise<Browser> {
    const browser = await openBrowser(...options);
    this.#browsers.push(browser);
    return browser;
  }

  async close(): Promise<void> {
    for (const browser of this.#browsers) await browser.close();
    for (const program of this.#programs) await endProgram(program);
    await rm(this.folder, { recursive: true, force: true });
  }
}

export type Day = {
  readonly stage: Stage;
  readonly server: Server;
  /** What is said, numbered from `first` on: that tells the days on one server apart. */
  readonly first: number;
  readonly count: number;
};

/** A browser whose microphone plays the day's words, with the page open. */
async function speaker({ stage, server, first, count }: Day, parameters = '') {
  const { microphone, seconds, words } = await stage.spoken(first, count);
  const browser = await stage.browser({ microphone });
  await openRecorder(browser.page, server.url, parameters);
  const reopened = async () => {
    await browser.kill();
    const again = await stage.browser({ microphone, folder: browser.folder });
    await openRecorder(again.page, server.url);
  };
  const heard = async () => {
    expect((await entryWith(server.url, words)).transcript).toBe(words.join(' '));
  };
  return { words, seconds, browser, reopened, heard };
}

export const DAYS = {
  async 'in WebM'(day: Day) {
    const { seconds, browser, heard } = await speaker(day, '&mime=audio/webm');
    await recordFor(browser.page, seconds + 1);
    await heard();
  },

  async 'in mp4'(day: Day) {
    const { seconds, browser, heard } = await speaker(day, '&mime=audio/mp4');
    await recordFor(browser.page, seconds + 1);
    await heard();
  },

  /** Longer than the others: what is understood while somebody talks is some twenty seconds behind. */
  async 'with the words on the page while they are spoken'({ count, ...day }: Day) {
    const { words, seconds, browser, heard } = await speaker({ ...day, count: Math.max(count, 80) });
    const { page } = browser;
    const shown = watchWords(page);
    const recording = recordFor(page, seconds + 1);
    await page.getByText('Your words appear here as you speak.').waitFor();
    await recording;
    const spoken = [...(await shown.whileRecording())];
    await heard();
    expect(spoken.length).toBeGreaterThan(1); // not all of them at once
    for (const text of spoken) expect(words.join(' ').startsWith(text)).toBe(true);
    expect(spoken.at(-1)?.split(' ').length).toBeGreaterThan(words.length / 3);
  },

  async 'on slow 3G'(day: Day) {
    const { seconds, browser, heard } = await speaker(day);
    await shapeLink(browser, SLOW_3G);
    await recordFor(browser.page, seconds + 1);
    await heard();
  },

  async 'offline for twenty seconds'(day: Day) {
    const { seconds, browser, heard } = await speaker(day);
    const recording = recordFor(browser.page, seconds + 1);
    await delay(6_000);
    await shapeLink(browser, { offline: true });
    await delay(20_000);
    await shapeLink(browser, {});
    await recording;
    await heard();
  },

  async 'with the server killed and started again'(day: Day) {
    const { seconds, browser, heard } = await speaker(day);
    const recording = recordFor(browser.page, seconds + 1);
    await delay(8_000);
    await day.server.kill();
    await delay(3_000);
    await day.server.restart();
    await recording;
    await heard();
  },

  async 'with the tab killed while it records, and opened again'(day: Day) {
    const { seconds, browser, reopened, heard } = await speaker(day);
    await startRecording(browser.page);
    // The words are over; the last of them is in a chunk that was written down.
    await delay((seconds + CHUNK_SECONDS + 2) * 1000);
    await reopened();
    await heard();
  },

  async 'with the tab killed while it is offline, and opened again'(day: Day) {
    const { seconds, browser, reopened, heard } = await speaker(day);
    const recording = recordFor(browser.page, seconds + 1);
    await delay(7_000);
    await shapeLink(browser, { offline: true });
    await recording;
    await browser.page.getByText('It is sent by itself when the connection is back.').first().waitFor();
    await reopened();
    await heard();
  },
} satisfies Record<string, (day: Day) => Promise<void>>;

export type DayName = keyof typeof DAYS;
export const DAY_NAMES = Object.keys(DAYS) as DayName[];
