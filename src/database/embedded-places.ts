/**
 * Where the embedded PostgreSQL lives and as whom it runs. PostgreSQL refuses to run as root: started by root it runs
 * as the user `postgres` (made if need be), who must be able to enter its folders. Root's home is closed to it, and a
 * clone there is common (a container, a fresh server); then the programs and the data are under `/var/lib/thankly-voice`
 * instead, with a link in their place in DATA_DIR.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Binaries, installedBinaries } from './embedded-binaries.ts';
import { EmbeddedPostgresFailed } from './embedded-failed.ts';

export type EmbeddedPlaces = {
  /** Holds `bin`, `lib` and `share`. */
  readonly binaries: string;
  /** The cluster's folder, without links; it need not be there yet. */
  readonly databaseDir: string;
  /** As whom to run; null: as ourselves. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
};

const OUTSIDE = '/var/lib/thankly-voice';

/** @throws EmbeddedPostgresFailed */
export function embeddedPlaces(dataDir: string, onProgress: (line: string) => void): EmbeddedPlaces {
  mkdirSync(dataDir, { recursive: true });
  const root = realpathSync(dataDir);
  const binaries = installedBinaries();
  if (process.getuid?.() !== 0) {
    return { binaries: binaries.folder, databaseDir: join(root, 'postgres'), owner: null };
  }
  return {
    binaries: canEnter(binaries.folder) ? binaries.folder : copyOutside(binaries),
    databaseDir: canEnter(root) ? join(root, 'postgres') : dataOutside(root, onProgress),
    owner: postgresUser(),
  };
}

/** Whether others than the owner may enter the folder and all above it. */
function canEnter(folder: string): boolean {
  for (let each = realpathSync(folder); ; each = dirname(each)) {
    if ((statSync(each).mode & 0o001) === 0) return false;
    if (each === dirname(each)) return true;
  }
}

/** 60 MB, copied once a version. */
function copyOutside({ folder, version }: Binaries): string {
  const copy = join(OUTSIDE, `postgresql-${version}`);
  if (existsSync(copy)) return copy;
  makeOutside();
  const draft = `${copy}.${process.pid}`;
  cpSync(folder, draft, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(copy)) throw error; // else another process was first
  }
  return copy;
}

function dataOutside(root: string, onProgress: (line: string) => void): string {
  const databaseDir = join(OUTSIDE, createHash('sha256').update(root).digest('hex').slice(0, 16));
  const link = join(root, 'postgres');
  if (!lstatSync(link, { throwIfNoEntry: false })) {
    // A DATA_DIR that was deleted and made again: what it held before goes too.
    rmSync(databaseDir, { recursive: true, force: true });
    makeOutside();
    symlinkSync(databaseDir, link);
    onProgress(`keeping the database in ${databaseDir}: root's home is closed to PostgreSQL's own user`);
  }
  return databaseDir;
}

function makeOutside(): void {
  mkdirSync(OUTSIDE, { recursive: true });
  chmodSync(OUTSIDE, 0o755);
}

function postgresUser(): { uid: number; gid: number } {
  try {
    if (idOf('-u') === null) {
      execFileSync('groupadd', ['--system', '--force', 'postgres'], { stdio: 'ignore' });
      execFileSync('useradd', ['--system', '--gid', 'postgres', '--no-create-home', 'postgres'], {
        stdio: 'ignore',
      });
    }
    const uid = idOf('-u');
    const gid = idOf('-g');
    if (uid !== null && gid !== null) return { uid, gid };
  } catch {
    // told below
  }
  throw new EmbeddedPostgresFailed(
    'PostgreSQL refuses to run as root, and the user "postgres" could not be made: make one, set DATABASE_URL, or start as another user',
  );
}

function idOf(which: '-u' | '-g'): number | null {
  try {
    return Number(
      execFileSync('id', [which, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  } catch {
    return null;
  }
}

/** Gives a file or folder to the user that PostgreSQL runs as. */
export function giveTo(owner: EmbeddedPlaces['owner'], path: string): void {
  if (owner !== null) chownSync(path, owner.uid, owner.gid);
}
