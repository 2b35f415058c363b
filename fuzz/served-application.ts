/** The whole program, as `npm start` runs it, in a process and a folder of its own: what is fuzzed is what is served. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { printedBy } from '../test/support/printed-by.ts';

export type ServedApplication = {
  readonly url: string;
  /** Signs tokens that it takes. */
  readonly secret: string;
  readonly dataDir: string;
  /** Null while it runs; else how it ended. */
  ended(): string | null;
  /** Resident bytes of its main process, by its own metrics. */
  residentBytes(): Promise<number>;
  isReady(): Promise<boolean>;
  /** All that it has logged. */
  logged(): string;
  stop(): Promise<void>;
};

const READY_MS = 180_000;
const STOP_MS = 30_000;
const ASK_MS = 20_000;

/** @throws Error with what it said last when it does not start */
export async function serveApplication(): Promise<ServedApplication> {
  const dataDir = await mkdtemp(join(tmpdir(), 'thankly-fuzz-'));
  const logFile = join(dataDir, 'fuzz.log');
  const secret = randomBytes(32).toString('base64url');
  const { PATH = '', HOME = '', TMPDIR = '' } = process.env;
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
    env: {
      PATH,
      HOME,
      TMPDIR,
      PORT: '0',
      DATA_DIR: dataDir,
      JWT_SECRET: secret,
      LOG_LEVEL: 'info',
      // A few people ask all of it: what is turned away is not tried.
      USER_REQUESTS_PER_SECOND: '10000',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(logFile);
  child.stderr.pipe(log);
  let end: string | null = null;
  const ended = once(child, 'close').then(([code, signal]) => {
    end = signal ?? `code ${code}`;
  });
  const logged = () => readFileSync(logFile, 'utf8');

  async function stop(): Promise<void> {
    if (end === null) child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
    await finished(log).catch(() => undefined);
    await rm(dataDir, { recursive: true, force: true });
  }

  const ask = (path: string) => fetch(`${url}${path}`, { signal: AbortSignal.timeout(ASK_MS) });
  let url: string;
  try {
    url = await printedBy(child, /^ready (\S+)$/m, READY_MS);
  } catch (error) {
    const last = logged().trim().split('\n').slice(-5).join('\n');
    await stop();
    throw new Error(`the application did not start: ${String(error)}\n${last}`);
  }
  return {
    url,
    secret,
    dataDir,
    ended: () => end,
    async residentBytes() {
      const metrics = await (await ask('/metrics')).text();
      return Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1]);
    },
    isReady: () =>
      ask('/readyz').then(
        ({ ok }) => ok,
        () => false,
      ),
    logged,
    stop,
  };
}
