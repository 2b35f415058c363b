/**
 * What the last run may have left behind on a database folder. PostgreSQL itself refuses to start twice on one
 * folder; this tells the reasons apart, so that a start right after a crash waits instead of failing:
 *
 *   in use     its guard lives and so does the application that started it: the folder belongs to another copy
 *   ending     its guard lives, the application is gone: it is stopping the server by itself (a second or two)
 *   orphan     the guard is gone too (kill −9 of everything but PostgreSQL): the server is ended here
 *   stale      no server, but `postmaster.pid` names a process that lives: the number was given to another program
 *              since (usual after a container's restart), and PostgreSQL would refuse: the file is removed
 *
 * Linux only (it reads /proc); elsewhere PostgreSQL's own refusal is waited out by the caller.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresFailed } from './embedded-failed.ts';

/** The guard's arguments: by them it is known again from outside. */
export const GUARD_FILE = 'embedded-process.ts';

const FAST_SHUTDOWN_MS = 8_000;
const PATIENCE_MS = 15_000;
const LOOK_MS = 50;

/** Resolves when nothing runs on the folder. @throws EmbeddedPostgresFailed when another copy does. */
export async function waitForOldServer(
  databaseDir: string,
  onProgress: (line: string) => void,
): Promise<void> {
  if (process.platform !== 'linux' || !existsSync(databaseDir)) return;
  const started = Date.now();
  let asked = false;
  for (
    let processes = serverProcesses(databaseDir);
    processes.length > 0;
    processes = serverProcesses(databaseDir)
  ) {
    const waited = Date.now() - started;
    const server = postmasterPid(databaseDir);
    const guard = server === null ? null : guardOf(server);
    if (guard?.ownerLives) throw inUse(databaseDir);
    if (waited > PATIENCE_MS) {
      throw new EmbeddedPostgresFailed(
        `the PostgreSQL of the last run does not end (process ${processes.join(', ')}): end it, then start again`,
      );
    }
    if (!asked) {
      onProgress('waiting for the database of the last run to end');
      if (guard === null && server !== null && processes.includes(server)) signal(server, 'SIGINT'); // fast shutdown
      asked = true;
    }
    if (guard === null && waited > FAST_SHUTDOWN_MS) for (const pid of processes) signal(pid, 'SIGQUIT'); // immediate
    await delay(LOOK_MS);
  }
  const named = postmasterPid(databaseDir);
  if (named !== null && existsSync(`/proc/${named}`))
    rmSync(join(databaseDir, 'postmaster.pid'), { force: true });
}

export function inUse(databaseDir: string): EmbeddedPostgresFailed {
  return new EmbeddedPostgresFailed(
    `DATA_DIR is in use: another copy runs on ${databaseDir}; stop it, or start with another DATA_DIR`,
    'in_use',
  );
}

/** "Line 1: postmaster PID" (PostgreSQL's documentation of postmaster.pid). */
function postmasterPid(databaseDir: string): number | null {
  try {
    const pid = Number(readFileSync(join(databaseDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return Number.isInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

/** Every process of PostgreSQL (server and backends) works in its data folder. */
function serverProcesses(databaseDir: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter(
      (pid) =>
        link(`/proc/${pid}/cwd`) === databaseDir &&
        basename(link(`/proc/${pid}/exe`) ?? '').startsWith('postgres'),
    )
    .map(Number);
}

/** The guard that runs this server; null when its parent is none. */
function guardOf(server: number): { readonly ownerLives: boolean } | null {
  const guard = parentOf(server);
  const words = guard === null ? [] : commandLine(guard);
  const at = words.findIndex((word) => basename(word) === GUARD_FILE);
  if (guard === null || at < 0) return null;
  return { ownerLives: parentOf(guard) === Number(words[at + 1]) };
}

function parentOf(pid: number): number | null {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return null;
  }
}

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function link(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended meanwhile
  }
}
