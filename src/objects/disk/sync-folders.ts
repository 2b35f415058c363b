/** Folders on disk that outlive a power cut: a new name is durable once the folder that holds it was synced. */
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from './disk-errors.ts';

/** Folders made by this process whose names are not durable yet, each with a mark of its making. */
const unsynced = new Map<string, symbol>();

/** Makes `path` and what is missing above it; every folder that got a new entry is synced. */
export async function makeFolder(path: string): Promise<void> {
  await makeAndNote(path);
  await syncNoted(path);
}

/**
 * Has `enter` put a name into `folder`, which is made first. Resolves when the name is durable, and so are the folders
 * that lead to it, whoever in this process made them. Entered before anything is synced, since a neighbour's delete may
 * take a folder away for as long as it is empty.
 */
export async function enterFolder(folder: string, enter: () => Promise<void>): Promise<void> {
  await makeAndNote(folder);
  await enter();
  await syncFolder(folder);
  await syncNoted(folder);
}

async function makeAndNote(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) unsynced.set(made, Symbol(made));
}

async function syncNoted(path: string): Promise<void> {
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    const making = unsynced.get(folder);
    if (making === undefined) continue;
    await syncFolder(dirname(folder));
    if (unsynced.get(folder) === making) unsynced.delete(folder);
  }
}

/** One that is gone again has nothing to be kept. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // Windows opens no folder for writing; NTFS journals its names.
  const handle = await open(path, 'r').catch((error) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  });
  try {
    await handle?.sync();
  } finally {
    await handle?.close();
  }
}
