/** What a DATA_DIR holds, and what of it goes into a backup, in folders of the same names. */
import { existsSync, readdirSync } from 'node:fs';
import { relative } from 'node:path';

export const DATABASE = 'postgres';
/** Of the disk's object store: its temporary files beside it are left out. */
export const OBJECTS = 'objects/objects';

const OF_ITS_OWN = new Set([DATABASE, 'objects']);
/** Which processes run just now. */
const PASSING = /^(parts\.json|postgres\.draft-.*)$/;

/** Secrets, the flags heard last, the port of Unleash: small, and copied as they are. */
export function smallParts(dataDir: string): string[] {
  return readdirSync(dataDir).filter((name) => !OF_ITS_OWN.has(name) && !PASSING.test(name));
}

export function isAbsentOrEmpty(folder: string): boolean {
  return !existsSync(folder) || readdirSync(folder).length === 0;
}

export function isWithin(folder: string, outer: string): boolean {
  const path = relative(outer, folder);
  return !path.startsWith('..');
}
