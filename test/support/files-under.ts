import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Paths of all files under a folder that somebody else writes to and deletes from meanwhile: a folder that goes while
 * it is looked into has none. (`readdir` with `recursive` fails then.)
 */
export async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(noneIfGone);
  const found = await Promise.all(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesUnder(path);
      return entry.isFile() ? [path] : [];
    }),
  );
  return found.flat();
}

function noneIfGone(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
