/** KurrentDB's double for tests: in a folder of its own, in this process or, to be killed, in one of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DoubleOptions,
  type KurrentDbDouble,
  startKurrentDbDouble,
} from '../doubles/kurrentdb/kurrentdb-double.ts';
import { freePort } from './free-port.ts';
import { type Program, runProgram } from './process.ts';

export type TestKurrentDb = KurrentDbDouble & {
  readonly file: string;
  /** Stops it, and takes its folder away. */
  remove(): Promise<void>;
};

export async function startTestKurrentDb(options: Partial<DoubleOptions> = {}): Promise<TestKurrentDb> {
  const folder = await mkdtemp(join(tmpdir(), 'kurrentdb-double-'));
  const file = options.file ?? join(folder, 'events');
  const double = await startKurrentDbDouble({ ...options, file });
  return {
    ...double,
    file,
    async remove() {
      await double.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type KillableKurrentDb = {
  readonly url: string;
  /** kill −9, and the same again on the same port and file. */
  killAndRestart(): Promise<void>;
  kill(): Promise<void>;
  restart(): Promise<void>;
  remove(): Promise<void>;
};

export async function startKillableKurrentDb(): Promise<KillableKurrentDb> {
  const folder = await mkdtemp(join(tmpdir(), 'kurrentdb-double-'));
  const port = await freePort();
  let program: Program | null = null;
  const restart = async () => {
    program = runProgram('test/support/kurrentdb-double-child.ts', [join(folder, 'events'), String(port)]);
    await program.printed(/^ready/m);
  };
  const kill = async () => {
    program?.child.kill('SIGKILL');
    await program?.ended;
    program = null;
  };
  await restart();
  return {
    url: `kurrentdb://127.0.0.1:${port}?tls=false`,
    kill,
    restart,
    async killAndRestart() {
      await kill();
      await restart();
    },
    async remove() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
