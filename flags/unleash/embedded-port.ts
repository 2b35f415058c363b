/**
 * The port of the embedded Unleash, kept in DATA_DIR so that links to its pages stay good: the last one, else 4242
 * (Unleash's own), else any free one.
 */
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const FILE = 'unleash-port';
const USUAL = 4242;
/** An earlier Unleash of ours may be on its way out. */
const PATIENCE_MS = 5_000;
const LOOK_AGAIN_MS = 100;

/** Null when there was none, or no port is in the file. */
export function keptPort(dataDir: string): number | null {
  try {
    const port = Number(readFileSync(join(dataDir, FILE), 'utf8').trim());
    return Number.isInteger(port) && port > 0 && port <= 65_535 ? port : null;
  } catch {
    return null;
  }
}

export function keepPort(dataDir: string, port: number): void {
  writeFileSync(join(dataDir, FILE), `${port}\n`);
}

/** One that nobody listened on a moment ago; the last one is waited for a little. */
export async function choosePort(dataDir: string): Promise<number> {
  const kept = keptPort(dataDir);
  if (kept !== null) {
    const giveUpAt = performance.now() + PATIENCE_MS;
    do {
      if ((await listenable(kept)) !== null) return kept;
      await delay(LOOK_AGAIN_MS);
    } while (performance.now() < giveUpAt);
  }
  return (await listenable(USUAL)) ?? freePort();
}

export async function freePort(): Promise<number> {
  const port = await listenable(0);
  if (port === null) throw new Error('no free port');
  return port;
}

async function listenable(port: number): Promise<number | null> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return null;
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address === null || typeof address === 'string' ? null : address.port;
}
