/**
 * Files being written, in a folder of the store's own file system so that a rename or link can put them in place.
 *
 * A name tells its process: `<pid>.<run>.<uuid>`. A crash leaves the file; the next start sweeps those whose process is
 * gone (or whose process id is now ours, or somebody's for more than a day), and leaves those of a living neighbour.
 */
import { randomUUID } from 'node:crypto';
import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './disk-errors.ts';

const RUN = randomUUID().slice(0, 8);
const FORGOTTEN_MS = 24 * 3_600_000;

export function tempPath(folder: string): string {
  return join(folder, `${process.pid}.${RUN}.${randomUUID()}`);
}

/** Resolves to how many were removed. */
export async function sweepTempFiles(folder: string, now: Date): Promise<number> {
  let swept = 0;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const [pid, run] = name.split('.');
    if (run === RUN) continue;
    const modified = await stat(path).then(
      (found) => found.mtimeMs,
      () => null,
    );
    if (modified === null) continue;
    const owned = Number(pid) !== process.pid && isAlive(Number(pid));
    if (owned && now.getTime() - modified < FORGOTTEN_MS) continue;
    await unlink(path).catch(() => undefined);
    swept += 1;
  }
  return swept;
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
