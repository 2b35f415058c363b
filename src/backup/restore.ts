/**
 * A backup becomes a DATA_DIR. It is made whole beside its place (DATA_DIR.restoring) and then given its name; broken
 * off anywhere there is no DATA_DIR, and the next one begins anew. The backup stays as it is.
 */
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, readManifest } from './backup-manifest.ts';
import { DATABASE, isAbsentOrEmpty, OBJECTS, smallParts } from './folders.ts';
import { mirrorFolder } from './mirror-folder.ts';

export type RestoreParts = {
  readonly from: string;
  readonly dataDir: string;
  /** PostgreSQL's major version here. */
  readonly postgres: string;
  /** Puts the cluster's files where PostgreSQL has them in that DATA_DIR, as its user's. */
  readonly placeDatabase: (files: string, dataDir: string) => void;
};

/** @throws Error with a line for a person */
export async function restore({ from, dataDir, postgres, placeDatabase }: RestoreParts): Promise<Manifest> {
  const manifest = readManifest(from);
  if (manifest === null) throw new Error(`${from} is no backup of this version of Thankly Voice`);
  if (manifest.postgres !== postgres)
    throw new Error(
      `it is of PostgreSQL ${manifest.postgres}, and here is ${postgres}: restore it where it was made`,
    );
  if (!isAbsentOrEmpty(dataDir)) throw new Error(`${dataDir} is not empty: move it away first`);
  const draft = `${dataDir}.restoring`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  for (const name of smallParts(from)) {
    if (name !== 'backup.json') cpSync(join(from, name), join(draft, name), { recursive: true });
  }
  if (existsSync(join(from, OBJECTS))) await mirrorFolder(join(from, OBJECTS), join(draft, OBJECTS));
  placeDatabase(join(from, DATABASE), draft);
  rmSync(dataDir, { recursive: true, force: true }); // it is empty
  renameSync(draft, dataDir);
  return manifest;
}
