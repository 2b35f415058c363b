/** A process that is started again after each kill, with its output in a file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '../..');
const STOP_MS = 15_000;

export type Launch = {
  /** Of the project, such as `src/main.ts`; or what comes before it, such as `--import`. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
};

/** Starts it in a session of its own: the terminal's Ctrl-C does not reach it before we are done with it. */
export function launch({ args, environment, logFile }: Launch): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  try {
    return spawn(process.execPath, [...args], {
      cwd: ROOT,
      detached: true,
      env: { ...inherited, ...environment },
      stdio: ['ignore', 'pipe', log, 'ipc'],
    });
  } finally {
    closeSync(log); // the child has its own
  }
}

export const hasEnded = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null || child.pid === undefined;

/** Resolves when it is gone. */
export async function kill9(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** SIGTERM, and SIGKILL when that is not heard. */
export async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const late = new AbortController();
  delay(STOP_MS, undefined, { signal: late.signal, ref: false }).then(
    () => child.kill('SIGKILL'),
    () => undefined,
  );
  await gone;
  late.abort();
}
