/**
 * Where the embedded PostgreSQL lives and as whom it runs. PostgreSQL refuses to run as root: started by root it runs
 * as the user `postgres` (made if need be), who must be able to enter its folders.
 *
 * - A DATA_DIR that only root may enter is opened to the group `postgres`, for entering and nothing else (mode 710).
 * - Root's home is not ours to open, and a clone there is common (a container, a fresh server): then the programs are
 *   copied to `/var/lib/thankly-voice`, and the data is made there, with a link in its place in DATA_DIR. Who deletes
 *   such a DATA_DIR has to delete what the link names, too; nothing there is ever deleted by itself.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
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
  readonly owner: User | null;
};

export type User = { readonly uid: number; readonly gid: number };

const OUTSIDE = '/var/lib/thankly-voice';

/** @throws EmbeddedPostgresFailed */
export function embeddedPlaces(dataDir: string, onProgress: (line: string) => void): EmbeddedPlaces {
  mkdirSync(dataDir, { recursive: true });
  const root = realpathSync(dataDir);
  const binaries = installedBinaries();
  if (process.getuid?.() !== 0) {
    return { binaries: binaries.folder, databaseDir: join(root, 'postgres'), owner: null };
  }
  const owner = postgresUser();
  return {
    binaries: canEnter(binaries.folder, owner) ? binaries.folder : copyOutside(binaries),
    databaseDir: dataFolder(root, owner, onProgress),
    owner,
  };
}

function dataFolder(root: string, owner: User, onProgress: (line: string) => void): string {
  const folder = join(root, 'postgres');
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return readlinkSync(folder);
  if (canEnter(dirname(root), owner)) {
    if (!canEnter(root, owner)) letIn(root, owner);
    return folder;
  }
  const databaseDir = join(OUTSIDE, randomBytes(8).toString('hex'));
  makeOutside();
  symlinkSync(databaseDir, folder);
  onProgress(`keeping the database in ${databaseDir}: root's home is closed to PostgreSQL's own user`);
  return databaseDir;
}

/** Whether PostgreSQL's user may enter the folder and all above it. */
function canEnter(folder: string, { gid }: User): boolean {
  for (let each = realpathSync(folder); ; each = dirname(each)) {
    const { mode, gid: group } = statSync(each);
    if ((mode & 0o001) === 0 && !(group === gid && (mode & 0o010) !== 0)) return false;
    if (each === dirname(each)) return true;
  }
}

function letIn(folder: string, { gid }: User): void {
  const { uid, mode } = statSync(folder);
  chownSync(folder, uid, gid);
  chmodSync(folder, (mode & 0o7707) | 0o010);
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

function makeOutside(): void {
  mkdirSync(OUTSIDE, { recursive: true });
  chmodSync(OUTSIDE, 0o755);
}

function postgresUser(): User {
  try {
    if (idOf('-u') === null) {
      run('groupadd', '--system', '--force', 'postgres');
      run('useradd', '--system', '--gid', 'postgres', '--no-create-home', 'postgres');
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
    return Number(run('id', which, 'postgres'));
  } catch {
    return null;
  }
}

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 10_000,
  });
}

/** Puts a cluster's files in their place in a new DATA_DIR, as PostgreSQL's user's. @throws EmbeddedPostgresFailed */
export function placeCluster(files: string, dataDir: string): void {
  const { databaseDir, owner } = embeddedPlaces(dataDir, () => undefined);
  cpSync(files, databaseDir, { recursive: true, verbatimSymlinks: true });
  chmodSync(databaseDir, 0o700); // PostgreSQL asks for that
  giveTo(owner, databaseDir);
  for (const path of readdirSync(databaseDir, { recursive: true, encoding: 'utf8' }))
    giveTo(owner, join(databaseDir, path));
}

/** Gives a file or folder to the user that PostgreSQL runs as. */
export function giveTo(owner: User | null, path: string): void {
  if (owner !== null) chownSync(path, owner.uid, owner.gid);
}
