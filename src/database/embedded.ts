/**
 * PostgreSQL 18 from npm under DATA_DIR, for `npm start` on an empty machine. A guard runs it (`embedded-process.ts`),
 * so that it is stopped in good order however we end; what an earlier run has left is cleared first (`old-server.ts`).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresFailed } from './embedded-failed.ts';
import { embeddedPlaces } from './embedded-places.ts';
import type { GuardNews, GuardStart } from './embedded-process.ts';
import { EMBEDDED_USER } from './embedded-server.ts';
import { isReachable } from './is-reachable.ts';
import { GUARD_FILE, inUse, waitForOldServer } from './old-server.ts';
import { keptSecret } from './secrets.ts';

export interface EmbeddedPostgresServer {
  /** Holds the password: not for logs. */
  readonly connectionString: string;
  /** The guard's process id. */
  readonly pid: number;
  /** Fast shutdown; resolves when the server and its guard are gone. */
  stop(): Promise<void>;
}

/** The secret's name in DATA_DIR. */
const PASSWORD = 'postgres-password';
const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 20_000;
/** Another server was on its way out, or in, when we looked: look again for so long. */
const LOCKED_PATIENCE_MS = 15_000;
const LOCKED_AGAIN_MS = 200;

/**
 * Starts it, making the cluster the first time. `onProgress` gets a line for a person who waits.
 * @throws EmbeddedPostgresFailed with `reason: 'in_use'` when another copy runs on this DATA_DIR.
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  onProgress: (line: string) => void = () => undefined,
): Promise<EmbeddedPostgresServer> {
  const places = embeddedPlaces(dataDir, onProgress);
  const password = keptSecret(dataDir, PASSWORD);
  const giveUpAt = Date.now() + LOCKED_PATIENCE_MS;
  for (;;) {
    await waitForOldServer(places.databaseDir, onProgress);
    const port = await freePort();
    try {
      const guard = await startGuard({ places, port, password }, onProgress);
      return {
        connectionString: connectionStringOf(password, port),
        pid: guard.pid ?? 0,
        stop: () => stopGuard(guard),
      };
    } catch (error) {
      if (!isLocked(error)) throw error;
      if (Date.now() > giveUpAt) throw inUse(places.databaseDir);
      await delay(LOCKED_AGAIN_MS);
    }
  }
}

/** Of the server that runs under DATA_DIR now and answers; null when none does. Holds the password: not for logs. */
export async function answeringEmbedded(dataDir: string): Promise<string | null> {
  const told = runningEmbedded(dataDir);
  return told !== null && (await isReachable(told)) ? told : null;
}

/** Likewise, as its file tells: which may be of one that was killed. */
export function runningEmbedded(dataDir: string): string | null {
  try {
    // "Line 4: port number" (PostgreSQL's documentation of postmaster.pid, which is gone when the server is).
    const port = Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[3]);
    const password = readFileSync(join(dataDir, PASSWORD), 'utf8').trim();
    return port > 0 ? connectionStringOf(password, port) : null;
  } catch {
    return null;
  }
}

function connectionStringOf(password: string, port: number): string {
  return `postgres://${EMBEDDED_USER}:${password}@127.0.0.1:${port}/postgres`;
}

function isLocked(error: unknown): boolean {
  return error instanceof EmbeddedPostgresFailed && /lock file|shared memory block/.test(error.message);
}

async function startGuard(start: GuardStart, onProgress: (line: string) => void): Promise<ChildProcess> {
  const guard = fork(join(import.meta.dirname, GUARD_FILE), [String(process.pid)], {
    detached: true, // a session of its own: the terminal's Ctrl-C is for the application
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
  });
  const started = new Promise<void>((resolve, reject) => {
    const failed = (line: string) =>
      reject(new EmbeddedPostgresFailed(`PostgreSQL could not start: ${line}`));
    const timer = setTimeout(() => failed('it took too long'), START_TIMEOUT_MS);
    guard.on('message', (news: GuardNews) => {
      if (news.type === 'progress') return onProgress(news.line);
      clearTimeout(timer);
      if (news.type === 'failed') failed(news.line);
      else resolve();
    });
    guard.on('error', (error) => failed(error.message));
    guard.on('exit', () => {
      clearTimeout(timer);
      failed('its guard ended');
    });
    guard.send(start, () => undefined); // that it could not be sent shows in its exit
  });
  try {
    await started;
    return guard;
  } catch (error) {
    await stopGuard(guard);
    throw error;
  }
}

/** Closing the channel is the sign to stop, the same that our death gives. */
async function stopGuard(guard: ChildProcess): Promise<void> {
  if (guard.exitCode !== null || guard.signalCode !== null || guard.pid === undefined) return;
  const ended = once(guard, 'exit');
  if (guard.connected) guard.disconnect();
  const timer = setTimeout(() => guard.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
