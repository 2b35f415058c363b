/**
 * Saves a stream as a file where the browser puts its downloads, without holding it in memory: it is written to a file of
 * the origin's own (OPFS), and the download is made of that. Where there is none (Safari before 26, private windows of
 * Firefox) it goes through a Blob, which the browser may put on disk.
 *
 *   writing ──end──▶ offered ──a while later, or the next call──▶ removed
 *      └──broken off──▶ removed
 *
 * A page that is closed in between leaves the file to the next call.
 */
const FOLDER = 'thankly-voice-downloads';
/** The browser reads the file while it saves it, and doesn't tell when it is done. */
const OFFERED_MS = 5 * 60_000;

/** Resolves when the browser has been given the file. Rejects with what the stream errors with, or when the disk is full. */
export async function saveStream(body: ReadableStream<Uint8Array>, fileName: string): Promise<void> {
  const folder = await openFolder();
  if (folder === null) return offer(await new Response(body as BodyInit).blob(), fileName);
  const name = `${Date.now()}-${fileName}`;
  const handle = await folder.getFileHandle(name, { create: true });
  try {
    await body.pipeTo(await handle.createWritable());
    offer(await handle.getFile(), fileName);
  } catch (error) {
    await folder.removeEntry(name).catch(() => undefined);
    throw error;
  }
  setTimeout(() => void folder.removeEntry(name).catch(() => undefined), OFFERED_MS);
}

/** Removes what is left of earlier ones: for who erases everything. Never rejects. */
export async function forgetSavedStreams(): Promise<void> {
  const root = await navigator.storage?.getDirectory?.().catch(() => null);
  await root?.removeEntry(FOLDER, { recursive: true }).catch(() => undefined);
}

/** Emptied of what is old; null where files cannot be written so. */
async function openFolder(): Promise<FileSystemDirectoryHandle | null> {
  try {
    if (!('createWritable' in FileSystemFileHandle.prototype)) return null;
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(FOLDER, { create: true });
    for await (const name of folder.keys())
      if (Date.now() - Number.parseInt(name, 10) > OFFERED_MS)
        await folder.removeEntry(name).catch(() => undefined);
    return folder;
  } catch {
    return null;
  }
}

function offer(file: Blob, fileName: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), OFFERED_MS);
}
