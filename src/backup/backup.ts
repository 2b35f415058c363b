/**
 * A backup of embedded mode while it runs, or while it stands still. Objects first, then the database, then the objects
 * once more: whatever an event of the copied log names was there before the database was copied, or came meanwhile.
 * What was erased meanwhile is gone from the backup as well.
 *
 *   DIR.partial ─▶ objects ─▶ database ─▶ objects again ─▶ secrets ─▶ backup.json ─▶ DIR
 *
 * Broken off anywhere there is no DIR; the next one begins anew.
 */
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Manifest, writeManifest } from './backup-manifest.ts';
import { DATABASE, isAbsentOrEmpty, isWithin, OBJECTS, smallParts } from './folders.ts';
import { mirrorFolder } from './mirror-folder.ts';

export type BackupParts = {
  readonly dataDir: string;
  readonly to: string;
  /** False when they are in S3, which is backed up by its own means. */
  readonly withObjects: boolean;
  /** Copies the cluster into that folder, which it makes. */
  readonly copyDatabase: (target: string) => Promise<void>;
  readonly now: () => string;
};

/** @throws Error with a line for a person */
export async function backUp({
  dataDir,
  to,
  withObjects,
  copyDatabase,
  now,
}: BackupParts): Promise<Manifest> {
  if (!isAbsentOrEmpty(to)) throw new Error(`${to} is not empty`);
  if (isWithin(to, dataDir)) throw new Error(`${to} is inside of DATA_DIR`);
  const draft = `${to}.partial`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  const objects = () => mirrorFolder(join(dataDir, OBJECTS), join(draft, OBJECTS));
  if (withObjects) await objects();
  const takenAt = now();
  await copyDatabase(join(draft, DATABASE));
  const held = withObjects ? await objects() : null;
  for (const name of smallParts(dataDir)) cpSync(join(dataDir, name), join(draft, name), { recursive: true });
  const postgres = readFileSync(join(draft, DATABASE, 'PG_VERSION'), 'utf8').trim();
  const manifest: Manifest = { format: 1, takenAt, postgres, objects: held };
  writeManifest(draft, manifest);
  mkdirSync(dirname(to), { recursive: true });
  rmSync(to, { recursive: true, force: true }); // it is empty
  renameSync(draft, to);
  return manifest;
}
