/** One process of the service itself (`src/main.ts`), killed and started again. */
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { printedBy } from '../../test/support/printed-by.ts';
import { end, hasEnded, kill9, launch } from './kept-process.ts';

export type NodeOptions = {
  readonly role: 'api' | 'worker';
  readonly index: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Folder of logs. */
  readonly logs: string;
  /** What its clock is off by at the next start. */
  readonly clockMs: () => number;
};

export interface NodeProcess {
  /** `http://127.0.0.1:40123`; null while it is not there. */
  readonly origin: string | null;
  /** Resolves when it is gone. */
  kill(): Promise<void>;
  /** Resolves when it answers. @throws Error when it does not in time */
  start(): Promise<void>;
  /** Turns its clock. */
  jump(): void;
  stop(): Promise<void>;
}

const START_MS = 60_000;
const TRIES = 5;
const CLOCK = pathToFileURL(join(import.meta.dirname, '../shifted-clock.ts')).href;

export function createNode({ role, index, environment, logs, clockMs }: NodeOptions): NodeProcess {
  let child: ChildProcess | null = null;
  let origin: string | null = null;
  const name = `${role}-${index}`;

  async function startOnce(): Promise<void> {
    const mine = launch({
      args: ['--import', CLOCK, 'src/main.ts'],
      environment: { ...environment, ROLE: role, PORT: '0', SOAK_CLOCK_MS: String(Math.round(clockMs())) },
      logFile: join(logs, `${name}.log`),
    });
    child = mine;
    mine.once('exit', () => {
      if (child === mine) origin = null;
    });
    const address = await printedBy(mine, /^ready (\S+)$/m, START_MS);
    if (!hasEnded(mine)) origin = address;
  }

  return {
    get origin() {
      return origin;
    },
    async kill() {
      origin = null;
      if (child !== null) await kill9(child);
    },
    async start() {
      // The database may be away just now: a process manager tries again, and so do we.
      for (let left = TRIES; ; left--) {
        try {
          return await startOnce();
        } catch (error) {
          if (child !== null) await kill9(child);
          if (left <= 1) throw new Error(`${name} does not start: ${String(error)}`);
        }
      }
    },
    jump() {
      if (child !== null && !hasEnded(child)) child.kill('SIGUSR2');
    },
    async stop() {
      origin = null;
      if (child !== null) await end(child);
    },
  };
}
