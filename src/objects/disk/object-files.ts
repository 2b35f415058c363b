/**
 * Objects as files under `<root>/objects/`, written through `<root>/incoming/`.
 *
 * A write goes through three states; a crash in each leaves:
 *  1. *receiving*: bytes and running digest into a temp file. Crash: a temp file, swept at the next start.
 *  2. *sealed*: the length is right, the footer is written, the file synced. Crash: the same.
 *  3. *in place*: one `rename` (replace) or one `link` (create; it fails if the name is taken, whoever came first)
 *     puts the whole object under its key, then its folder is synced. Crash before the sync: the old state or the new
 *     one, never a part; the writer was not yet told that it is stored.
 *
 * Segment `a` of a key is the folder `a`, or the file `a~object`; `~` is in no key, so `a` and `a/b` can both exist.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, link, open, readdir, rename, rm, rmdir, statfs, unlink } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { checkKey } from '../object-key.ts';
import { ObjectKeyInvalid, ObjectLengthMismatch, type StoredObject } from '../object-store.ts';
import { errorCode, ObjectExists, onDisk, StorageFull } from './disk-errors.ts';
import { encodeFooter, type ObjectMeta, readFooter } from './object-file.ts';
import { enterFolder, makeFolder } from './sync-folders.ts';
import { sweepTempFiles, tempPath } from './temp-files.ts';

const SUFFIX = '~object';
/** A folder can be removed by a neighbour's delete while we make it, and between our making it and our using it. */
const PLACE_TRIES = 20;

export interface WriteOptions {
  readonly contentType: string;
  /** The announced length; another one keeps nothing. */
  readonly bytes: number;
  /** `create` throws `ObjectExists` when the key is taken, and then changes nothing. */
  readonly mode: 'replace' | 'create';
}

export interface OpenObject extends ObjectMeta {
  readonly lastModified: string;
  /** The caller closes it. What it reads stays as it was opened, whatever is written under the key meanwhile. */
  readonly handle: FileHandle;
}

export class ObjectFiles {
  readonly #objects: string;
  readonly #incoming: string;
  readonly #minFreeBytes: number;

  private constructor(root: string, minFreeBytes: number) {
    this.#objects = join(root, 'objects');
    this.#incoming = join(root, 'incoming');
    this.#minFreeBytes = minFreeBytes;
  }

  /** Makes the folders, sweeps what a crash left and proves that the file system can do what is asked of it. */
  static async open(root: string, minFreeBytes: number): Promise<ObjectFiles> {
    const files = new ObjectFiles(resolve(root), minFreeBytes);
    await onDisk(async () => {
      await makeFolder(files.#objects);
      await makeFolder(files.#incoming);
      await sweepTempFiles(files.#incoming, new Date());
      await files.probe();
    });
    return files;
  }

  /** Writes, links and removes an empty file: fails on a full, read-only or link-less file system. */
  async probe(): Promise<void> {
    const temp = tempPath(this.#incoming);
    await onDisk(async () => {
      try {
        await (await open(temp, 'wx')).close();
        await link(temp, `${temp}.link`);
      } finally {
        await rm(`${temp}.link`, { force: true });
        await rm(temp, { force: true });
      }
    });
  }

  /**
   * @throws ObjectLengthMismatch, ObjectExists, StorageFull, ObjectStoreUnavailable; what `source` throws comes through.
   */
  async write(key: string, source: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<StoredObject> {
    const target = this.#path(key);
    await this.#refuseWhenFull(options.bytes);
    const temp = tempPath(this.#incoming);
    const handle = await onDisk(() => open(temp, 'wx', 0o600));
    try {
      const sha256 = await receive(handle, key, source, options);
      await onDisk(() => handle.close());
      await this.#place(key, temp, target, options.mode);
      return { key, bytes: options.bytes, sha256 };
    } finally {
      await handle.close().catch(() => undefined);
      await rm(temp, { force: true }).catch(() => undefined); // left over only after a failure; else swept later
    }
  }

  async open(key: string): Promise<OpenObject | null> {
    const path = this.#path(key);
    return onDisk(async () => {
      const handle = await open(path, 'r').catch(nullWhenAbsent);
      if (handle === null) return null;
      try {
        return { handle, ...(await readFooter(handle)) };
      } catch (error) {
        await handle.close();
        throw error;
      }
    });
  }

  /** Resolves to whether there was one. Folders that became empty go with it. */
  async remove(key: string): Promise<boolean> {
    const path = this.#path(key);
    return onDisk(async () => {
      const found = await unlink(path).then(() => true, nullWhenAbsent);
      await this.#removeEmptyFolders(dirname(path));
      return found ?? false;
    });
  }

  /** Keys in ASCII order; holds the names of one folder (and of those above it) at a time. */
  async *walk(prefix: string): AsyncGenerator<string> {
    const cut = prefix.lastIndexOf('/') + 1;
    yield* this.#walkFolder(prefix.slice(0, cut), prefix.slice(cut));
  }

  async *#walkFolder(folder: string, start: string): AsyncGenerator<string> {
    const entries = await onDisk(() =>
      readdir(join(this.#objects, folder), { withFileTypes: true }).catch(nullWhenAbsent),
    );
    const names = (entries ?? [])
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name.slice(0, -SUFFIX.length)))
      .filter((name) => name.startsWith(start))
      .sort((a, b) => (a < b ? -1 : 1));
    for (const name of names) {
      if (name.endsWith('/')) yield* this.#walkFolder(folder + name, '');
      else yield folder + name;
    }
  }

  async #place(key: string, temp: string, target: string, mode: WriteOptions['mode']): Promise<void> {
    const enter = () => (mode === 'replace' ? rename(temp, target) : link(temp, target));
    await onDisk(async () => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await enterFolder(dirname(target), enter);
        } catch (error) {
          if (errorCode(error) !== 'ENOENT' || attempt >= PLACE_TRIES) throw error;
        }
      }
    }).catch((error) => {
      throw errorCode(error.cause) === 'EEXIST' ? new ObjectExists(key) : error;
    });
  }

  async #removeEmptyFolders(from: string): Promise<void> {
    for (let folder = from; folder.startsWith(this.#objects + sep); folder = dirname(folder)) {
      try {
        await rmdir(folder);
      } catch (error) {
        if (errorCode(error) === 'ENOENT') continue;
        return; // not empty, or not ours to judge: an empty folder left behind harms nothing
      }
    }
  }

  /** The same disk usually holds the database: stop taking uploads before that one has no room. */
  async #refuseWhenFull(bytes: number): Promise<void> {
    const { bavail, bsize } = await onDisk(() => statfs(this.#incoming));
    if (bavail * bsize - bytes < this.#minFreeBytes) throw new StorageFull();
  }

  #path(key: string): string {
    checkKey(key);
    const path = resolve(this.#objects, ...`${key}${SUFFIX}`.split('/'));
    if (!path.startsWith(this.#objects + sep)) throw new ObjectKeyInvalid(key); // the grammar forbids it already
    return path;
  }
}

async function receive(
  handle: FileHandle,
  key: string,
  source: AsyncIterable<Uint8Array>,
  options: WriteOptions,
): Promise<string> {
  const hash = createHash('sha256');
  let received = 0;
  for await (const chunk of source) {
    received += chunk.byteLength;
    if (received > options.bytes) throw new ObjectLengthMismatch(key, options.bytes, received);
    hash.update(chunk);
    await onDisk(() => handle.appendFile(chunk));
  }
  if (received !== options.bytes) throw new ObjectLengthMismatch(key, options.bytes, received);
  const sha256 = hash.digest('hex');
  await onDisk(async () => {
    await handle.appendFile(encodeFooter({ bytes: received, sha256, contentType: options.contentType }));
    await handle.sync();
  });
  return sha256;
}

function nullWhenAbsent(error: unknown): null {
  const code = errorCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return null;
  throw error;
}
