/**
 * Before all tests: a door at which the first test that needs PostgreSQL has one started, for the whole run. Runs that
 * need none don't wait for one. It lives in the process that started jest, so it ends with it, also when that is killed.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgresServer, startEmbeddedPostgres } from '../../src/database/embedded.ts';
import { DOOR } from './test-database-door.ts';

const PREFIX = 'thankly-test-';

let stop: () => Promise<void> = async () => undefined;

export default async function globalSetup(): Promise<void> {
  if (process.env.TEST_DATABASE_URL !== undefined) return;
  removeLeftovers();
  const dataDir = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  let starting: Promise<EmbeddedPostgresServer> | null = null;
  const door = createServer((_request, response) => {
    starting ??= startEmbeddedPostgres(dataDir);
    starting.then(
      ({ connectionString }) => response.end(connectionString),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve, reject) => {
    door.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  door.unref();
  const address = door.address();
  if (address === null || typeof address === 'string') throw new Error('the door has no port');
  process.env[DOOR] = `http://127.0.0.1:${address.port}`;
  stop = async () => {
    door.close();
    door.closeAllConnections();
    const server = await starting?.catch(() => null);
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

/** Called by `global-teardown.ts`. */
export function stopTestDatabase(): Promise<void> {
  return stop();
}

/** Of runs that were killed. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
