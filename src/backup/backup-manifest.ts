import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Manifest = z.object({
  format: z.literal(1),
  /** ISO 8601, UTC: as of when. */
  takenAt: z.string(),
  /** PostgreSQL's major version: another one cannot read its files. */
  postgres: z.string(),
  objects: z.object({ files: z.number(), bytes: z.number() }).nullable(),
});
/** `backup.json`: what a backup is. */
export type Manifest = z.output<typeof Manifest>;

const fileOf = (folder: string) => join(folder, 'backup.json');

export function writeManifest(folder: string, manifest: Manifest): void {
  writeFileSync(fileOf(folder), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Null when the folder is no backup, or one that a newer version has made. */
export function readManifest(folder: string): Manifest | null {
  try {
    return Manifest.parse(JSON.parse(readFileSync(fileOf(folder), 'utf8')));
  } catch {
    return null;
  }
}
