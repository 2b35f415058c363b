/**
 * The guard: a process of its own that runs the embedded PostgreSQL and outlives the application just long enough to
 * stop it properly, however the application went (the terminal's Ctrl-C reaches neither it nor PostgreSQL; kill −9 of
 * the application closes the IPC channel).
 *
 *   waiting ──start──▶ making (first time only) ──▶ starting ──▶ running ──channel closed, SIGTERM──▶ ending ──▶ gone
 *                                    └──PostgreSQL ends──▶ failed ──▶ gone
 *                                                        running ──PostgreSQL ends by itself──▶ starting
 *
 * A crash while making leaves a folder under another name, which the next start removes; one at any later time leaves
 * a cluster that PostgreSQL recovers from its log. If the guard itself is killed, PostgreSQL runs on, and the next start
 * ends it (`old-server.ts`).
 *
 * Arguments: the application's process id (`old-server.ts` reads it). Everything else comes over IPC.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { EmbeddedPlaces } from './embedded-places.ts';
import { makeCluster, startServer } from './embedded-server.ts';

/** From the application to the guard. */
export type GuardStart = {
  readonly places: EmbeddedPlaces;
  readonly port: number;
  readonly password: string;
};

/** From the guard to the application. */
export type GuardNews =
  | { readonly type: 'progress'; readonly line: string }
  | { readonly type: 'started' }
  | { readonly type: 'failed'; readonly line: string };

const FAST_SHUTDOWN_MS = 15_000;
/** Before each try to start it again: what the killed one left (backends, shared memory) must be gone. */
const RESTART_MS = [500, 1_000, 2_000, 4_000, 8_000];

let running: ChildProcess | null = null;
let ending = false;

function tell(news: GuardNews): void {
  if (process.connected) process.send?.(news, () => undefined);
}

async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  const child = running;
  if (child !== null && child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGINT'); // "fast shutdown": ends the sessions and writes a checkpoint
    const late = delay(FAST_SHUTDOWN_MS, undefined, { ref: false }).then(() => child.kill('SIGQUIT'));
    await Promise.race([ended, late.then(() => ended)]);
  }
  process.exit(code);
}

const track = (child: ChildProcess) => {
  running = child;
};

async function start({ places, port, password }: GuardStart): Promise<void> {
  try {
    await makeCluster(places, password, track, (line) => tell({ type: 'progress', line }));
    let server = await startServer(places, port, track);
    tell({ type: 'started' });
    while (!ending) {
      await server.ended;
      if (ending) return;
      tell({
        type: 'progress',
        line: `PostgreSQL ended by itself (${server.lastLine()}); starting it again`,
      });
      server = await startAgain(places, port);
    }
  } catch (error) {
    if (ending) return;
    tell({ type: 'failed', line: said(error) });
    await end(1);
  }
}

async function startAgain(places: EmbeddedPlaces, port: number) {
  let last: unknown;
  for (const pause of RESTART_MS) {
    await delay(pause);
    try {
      return await startServer(places, port, track);
    } catch (error) {
      if (ending) throw error;
      last = error;
      tell({ type: 'progress', line: `PostgreSQL did not start (${said(error)}); trying again` });
    }
  }
  throw last;
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

process.once('message', (message: GuardStart) => void start(message));
process.on('disconnect', () => void end(0));
process.on('SIGTERM', () => void end(0));
process.on('SIGINT', () => void end(0));
