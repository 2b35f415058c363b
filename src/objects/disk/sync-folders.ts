/** Folders on disk that outlive a power cut: a new name is durable once the folder that holds it was synced. */
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes `path` and what is missing above it; every folder that got a new entry is synced. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  const top = dirname(first);
  for (let folder = dirname(path); folder.length >= top.length; folder = dirname(folder)) {
    await syncFolder(folder);
    if (folder === dirname(folder)) return;
  }
}

export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // Windows opens no folder for writing; NTFS journals its names.
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
