/**
 * A node of the service: `src/main.ts` as a process of its own, with what a machine of its own would give it: an address
 * that it keeps when it is started again, and a folder that nobody else sees.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { endProgram, type Program, runProgram } from './process.ts';

export type ServiceNode = {
  /** `api-0` */
  readonly name: string;
  /** `http://127.0.0.1:40123`, also while nobody answers there. */
  readonly origin: string;
  /** Resolves when it serves. @throws Error with what it printed when it does not */
  start(): Promise<void>;
  /** kill −9; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves to the exit code when the process is gone. */
  stop(): Promise<number | null>;
  /** Ends it, and removes its folder. */
  remove(): Promise<void>;
};

export type ServiceNodeOptions = {
  readonly role: 'api' | 'worker';
  readonly index: number;
  /** What it shares with the others. */
  readonly environment: Readonly<Record<string, string>>;
};

/** A start takes two seconds on a machine that has nothing else to do. */
const START_MS = 60_000;

export async function createServiceNode(options: ServiceNodeOptions): Promise<ServiceNode> {
  const { role, index, environment } = options;
  const port = await freePort();
  const dataDir = await mkdtemp(join(tmpdir(), `thankly-${role}-${index}-`));
  let program: Program | null = null;
  const end = async (how: (running: Program) => Promise<number | null>) => {
    const running = program;
    program = null;
    return running === null ? null : how(running);
  };
  const stop = () => end(async (running) => (await endProgram(running)).code);
  return {
    name: `${role}-${index}`,
    origin: `http://127.0.0.1:${port}`,
    async start() {
      program = runProgram('src/main.ts', [], {
        ...environment,
        ROLE: role,
        PORT: String(port),
        DATA_DIR: dataDir,
      });
      await program.printed(/^ready /m, START_MS);
    },
    kill: async () =>
      void (await end(async ({ child, ended }) => {
        child.kill('SIGKILL');
        return (await ended).code;
      })),
    stop,
    async remove() {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
