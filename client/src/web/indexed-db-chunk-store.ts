/**
 * Recordings in IndexedDB: one database, the records by recording, the chunks by recording and index. Chunks are Blobs:
 * the browser keeps them in files, and a joined recording is a list of files, not bytes in memory.
 *
 * A promise resolves when its transaction is complete with durability `strict` (flushed to the disk). A crash before
 * that leaves what was there before; after it, what was written. The connection is opened at first use and lost when
 * another tab upgrades or deletes the database, or the browser closes it (storage evicted, disk gone): the operation
 * under way is then done again over a new connection, once. All of them may be repeated: they put, get and delete.
 */
import {
  type DBSchema,
  type IDBPDatabase,
  type IDBPTransaction,
  type OpenDBCallbacks,
  openDB,
  unwrap,
} from 'idb';
import type { KeptRecording } from '../upload/kept-recording.ts';
import { isKeptRecording } from '../upload/kept-recording-guard.ts';
import { oldestFirst } from '../upload/oldest-first.ts';
import { type ChunkStore, type StoreCheck, StoreError } from '../upload/ports.ts';
import { storeErrorOf } from './store-error-of.ts';

interface Schema extends DBSchema {
  recordings: { key: string; value: unknown };
  chunks: { key: [recordingId: string, index: number]; value: Blob };
}

type Stores = ('recordings' | 'chunks')[];
type Transaction<Mode extends IDBTransactionMode> = IDBPTransaction<Schema, Stores, Mode>;

export type IndexedDbChunkStoreOptions = {
  /** The database; default `thankly-voice`. */
  readonly name?: string;
};

/**
 * Less is too little to begin with: an hour of Opus at 64 kbit/s has 29 MB, ten minutes of WAV at 16 kHz 19 MB (at
 * 48 kHz 58 MB), and what an earlier visit left may still be waiting for a connection.
 */
const ROOM_BYTES = 64 * 1024 * 1024;
/** Safari has been seen to leave an open request without any answer; recording must not wait for it for ever. */
const OPEN_MS = 10_000;
/** Firefox asks the person whether data may stay: until there is an answer it counts as no. */
const PERSIST_MS = 1_000;
const PROBE_ID = 'probe';

export function createIndexedDbChunkStore(options: IndexedDbChunkStoreOptions = {}): ChunkStore {
  const { name = 'thankly-voice' } = options;
  let connection: Promise<IDBPDatabase<Schema>> | null = null;

  function connect(): Promise<IDBPDatabase<Schema>> {
    if (connection !== null) return connection;
    const lost = () => {
      if (connection === opening) connection = null;
    };
    const opening = open(name, lost).catch((error) => {
      lost();
      throw storeErrorOf(error, 'not-available');
    });
    connection = opening;
    return opening;
  }

  /** Over another connection when this one turns out to be closed. */
  async function connected<T>(action: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    const used = connect();
    try {
      return await action(await used);
    } catch (error) {
      const closed = (error as { name?: unknown } | null)?.name === 'InvalidStateError';
      if (closed && connection === used) connection = null;
      if (connection === used || error instanceof StoreError) throw storeErrorOf(error);
    }
    const again = await connect();
    return action(again).catch((error) => {
      throw storeErrorOf(error);
    });
  }

  function write(stores: Stores, put: (transaction: Transaction<'readwrite'>) => Promise<unknown>[]) {
    return connected(async (database) => {
      const transaction = database.transaction(stores, 'readwrite', { durability: 'strict' });
      try {
        await Promise.all([...put(transaction), transaction.done]);
      } catch (error) {
        abort(transaction);
        throw unwrap(transaction).error ?? error;
      }
    });
  }

  async function blobs(recordingId: string, indexes: readonly number[]): Promise<Blob[]> {
    const found = await connected((database) => {
      const { store } = database.transaction('chunks');
      return Promise.all(indexes.map((index) => store.get([recordingId, index])));
    });
    await Promise.all(found.map((blob, place) => assertReadable(blob, indexes[place])));
    return found as Blob[];
  }

  async function blobOf(recordingId: string, index: number): Promise<Blob> {
    const [blob] = await blobs(recordingId, [index]);
    return blob as Blob;
  }

  async function bytesOf(recordingId: string, index: number): Promise<Uint8Array> {
    const blob = await blobOf(recordingId, index);
    return blob.arrayBuffer().then(
      (buffer) => new Uint8Array(buffer),
      (error) => {
        throw lostChunk(index, error);
      },
    );
  }

  async function probe(): Promise<void> {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const key: [string, number] = [PROBE_ID, Math.random()]; // another tab may be probing
    await write(['chunks'], (to) => [to.objectStore('chunks').put(new Blob([bytes]), key)]);
    const read = await bytesOf(...key);
    if (!bytes.every((byte, place) => byte === read[place])) {
      throw new StoreError('not-available', 'the browser does not give back what was written');
    }
    await write(['chunks'], (to) => [to.objectStore('chunks').delete(key)]);
  }

  return {
    async check(): Promise<StoreCheck> {
      const freeBytes = await freeBytesNow();
      try {
        await probe();
      } catch (error) {
        const { code } = storeErrorOf(error);
        return { usable: false, reason: code === 'full' ? 'full' : 'not-available', freeBytes };
      }
      if (freeBytes !== null && freeBytes < ROOM_BYTES) return { usable: false, reason: 'full', freeBytes };
      return { usable: true, lasting: await isLasting(), freeBytes };
    },

    async list() {
      const keys = await connected((database) => database.getAllKeys('recordings'));
      // One by one, each in a transaction of its own: one that cannot be read must not hide the others.
      const records = await Promise.all(
        keys.map((key) => connected((database) => database.get('recordings', key)).catch(() => undefined)),
      );
      return records.filter(isKeptRecording).sort(oldestFirst);
    },

    save(recording) {
      return write(['recordings'], (to) => [putRecord(to, recording)]);
    },

    saveChunk(recording, index, bytes) {
      const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
      return write(['recordings', 'chunks'], (to) => [
        to.objectStore('chunks').put(blob, [recording.recordingId, index]),
        putRecord(to, recording),
      ]);
    },

    chunk: blobOf,

    async joined(recordingId, indexes, mimeType) {
      return new Blob(await blobs(recordingId, indexes), { type: mimeType });
    },

    bytes: bytesOf,

    remove(recordingId) {
      return write(['recordings', 'chunks'], (to) => [
        to.objectStore('recordings').delete(recordingId),
        // Behind every [id, number]: a list is more than a number.
        to.objectStore('chunks').delete(IDBKeyRange.bound([recordingId], [recordingId, []])),
      ]);
    },
  };
}

/** @param lost called when the connection is of no use any more */
async function open(name: string, lost: () => void): Promise<IDBPDatabase<Schema>> {
  const callbacks: OpenDBCallbacks<Schema> = {
    upgrade(database) {
      database.createObjectStore('recordings');
      database.createObjectStore('chunks');
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      lost();
    },
    terminated: lost,
  };
  const opened = openDB<Schema>(name, 1, callbacks).catch((error) => {
    // A newer app, in another tab, has upgraded it: the stores of version 1 are still there.
    if ((error as Error).name === 'VersionError') return openDB<Schema>(name, undefined, callbacks);
    throw error;
  });
  return within(OPEN_MS, opened, () => {
    opened.then((late) => late.close()).catch(() => undefined);
    throw new StoreError('not-available', 'the browser does not open its database');
  });
}

async function putRecord(to: Transaction<'readwrite'>, recording: KeptRecording): Promise<void> {
  await to.objectStore('recordings').put(recording, recording.recordingId);
}

function abort(transaction: Transaction<'readwrite'>): void {
  transaction.done.catch(() => undefined);
  try {
    transaction.abort();
  } catch {
    // It was over already.
  }
}

/** A Blob is a reference: the file behind it may be gone (evicted, cut by a crash). Its last byte tells. */
async function assertReadable(blob: Blob | undefined, index: number | undefined): Promise<void> {
  if (!(blob instanceof Blob)) throw lostChunk(index);
  try {
    await blob.slice(-1).arrayBuffer();
  } catch (error) {
    throw lostChunk(index, error);
  }
}

function lostChunk(index: number | undefined, cause?: unknown): StoreError {
  return new StoreError('chunk-lost', `chunk ${index} is not on this device any more`, { cause });
}

async function freeBytesNow(): Promise<number | null> {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined ? null : Math.max(0, quota - (usage ?? 0));
  } catch {
    return null; // no StorageManager here
  }
}

async function isLasting(): Promise<boolean> {
  try {
    if (await navigator.storage.persisted()) return true;
    return await within(PERSIST_MS, navigator.storage.persist(), () => false);
  } catch {
    return false;
  }
}

/** What `promise` gives, or after so many milliseconds what `otherwise` does. */
function within<T>(milliseconds: number, promise: Promise<T>, otherwise: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      try {
        resolve(otherwise());
      } catch (error) {
        reject(error);
      }
    }, milliseconds);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
