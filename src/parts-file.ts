/**
 * `DATA_DIR/parts.json`: which processes of its own a running application has, and where they answer, for whoever works
 * on it from outside (`npm run gameday`). Readable by its owner only; it holds no secret.
 *
 *   none ──a part starts──▶ written ──another starts, or one again──▶ written anew ──the last one stops──▶ none
 *
 * It is replaced whole, so that a reader never finds half of one. A crash leaves it behind; it then names an application
 * that is gone, by process id and start time, and reads as none. Two applications on one DATA_DIR (only possible where
 * neither has a database of its own): the one that started a part last is in the file.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Part = z.object({ url: z.string(), pid: z.number().int().positive() });
/** Where it answers, and its process id, which another process has after a restart. */
export type Part = z.output<typeof Part>;

const Parts = z.object({
  /** The application's own process. */
  pid: z.number().int().positive(),
  /** When that process began, in the kernel's ticks; null where the system does not tell. */
  began: z.string().nullable(),
  sandbox: Part.optional(),
  unleash: Part.optional(),
});
export type Parts = z.output<typeof Parts>;
export type PartName = 'sandbox' | 'unleash';

/** The application has this part now. Call it again when it is another process. */
export function tellPart(dataDir: string, name: PartName, { url, pid }: Part): void {
  write(dataDir, { ...ours(dataDir), [name]: { url, pid } });
}

/** The part has stopped. The file is gone with the last one. */
export function forgetPart(dataDir: string, name: PartName): void {
  const parts = ours(dataDir);
  delete parts[name];
  if (parts.sandbox === undefined && parts.unleash === undefined) rmSync(fileOf(dataDir), { force: true });
  else write(dataDir, parts);
}

/** What the application that runs on DATA_DIR has told; null when it has told nothing, or runs no longer. */
export function runningParts(dataDir: string): Parts | null {
  const parts = lastParts(dataDir);
  return parts !== null && parts.began === beginningOf(parts.pid) && isAlive(parts.pid) ? parts : null;
}

/** Of this process; a file that another one has left begins anew. */
function ours(dataDir: string): Parts {
  const me = { pid: process.pid, began: beginningOf(process.pid) };
  const parts = lastParts(dataDir);
  return parts !== null && parts.pid === me.pid && parts.began === me.began ? parts : me;
}

/** What stands in the file, also of an application that is gone: its process ids may be other processes by now. */
export function lastParts(dataDir: string): Parts | null {
  try {
    return Parts.parse(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')));
  } catch {
    return null; // none, or none of ours
  }
}

/** Where it cannot be written (a full disk), nobody outside can work on the part; the application goes on. */
function write(dataDir: string, parts: Parts): void {
  const draft = `${fileOf(dataDir)}.${process.pid}`;
  try {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(draft, `${JSON.stringify(parts)}\n`, { mode: 0o600 });
    renameSync(draft, fileOf(dataDir));
  } catch {
    rmSync(draft, { force: true });
  }
}

const fileOf = (dataDir: string) => join(dataDir, 'parts.json');

/** "(22) starttime: The time the process started after system boot" (proc(5)); the name in (2) may hold spaces. */
function beginningOf(pid: number): string | null {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '';
    return afterName.split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
