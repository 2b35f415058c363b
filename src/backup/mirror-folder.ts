import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export type Mirrored = { readonly files: number; readonly bytes: number };

/**
 * Makes `to` hold what `from` holds: copies what is not there yet (a file of another size counts as such), removes what
 * is gone. Files come and go meanwhile; what vanished before it was copied is left out. Folder by folder, one file at a
 * time. Resolves to what `to` holds then.
 */
export async function mirrorFolder(from: string, to: string): Promise<Mirrored> {
  await mkdir(to, { recursive: true });
  const entries = await readdir(from, { withFileTypes: true }).catch(nothingIfAbsent);
  const there = new Set(entries.map(({ name }) => name));
  for (const name of await readdir(to))
    if (!there.has(name)) await rm(join(to, name), { recursive: true, force: true });
  let held: Mirrored = { files: 0, bytes: 0 };
  for (const entry of entries) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    const more = entry.isDirectory() ? await mirrorFolder(source, target) : await mirrorFile(source, target);
    held = { files: held.files + more.files, bytes: held.bytes + more.bytes };
  }
  return held;
}

async function mirrorFile(source: string, target: string): Promise<Mirrored> {
  try {
    const { size } = await stat(source);
    const known = await stat(target).catch(() => null);
    if (known?.size !== size) await copyFile(source, target);
    return { files: 1, bytes: size };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await rm(target, { force: true });
    return { files: 0, bytes: 0 };
  }
}

function nothingIfAbsent(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
