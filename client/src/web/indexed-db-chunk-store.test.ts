/** On fake-indexeddb, a DOUBLE. The real one is tested in Chromium: `test/e2e/web-adapters.test.ts`. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { IDBFactory } from 'fake-indexeddb';
import { deleteDB, openDB } from 'idb';
import { chunkStoreConformance } from '../upload/chunk-store-conformance.ts';
import type { KeptRecording } from '../upload/kept-recording.ts';
import { createIndexedDbChunkStore } from './indexed-db-chunk-store.ts';

const NAME = 'thankly-voice';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

chunkStoreConformance('IndexedDB (double)', async () => {
  globalThis.indexedDB = new IDBFactory();
  return {
    open: async () => createIndexedDbChunkStore(),
    plantRecord: (recordingId, record) => behindItsBack((db) => db.put('recordings', record, recordingId)),
    readRecord: (recordingId) => behindItsBack((db) => db.get('recordings', recordingId)),
    loseChunk: (recordingId, index) => behindItsBack((db) => db.delete('chunks', [recordingId, index])),
    read: async (body) => new Uint8Array(await (body as Blob).arrayBuffer()),
    dispose: async () => undefined,
  };
});

async function behindItsBack<T>(act: (db: Awaited<ReturnType<typeof openDB>>) => Promise<T>): Promise<T> {
  await createIndexedDbChunkStore().list(); // makes it
  const db = await openDB(NAME);
  try {
    return await act(db);
  } finally {
    db.close();
  }
}

const RECORDING = { recordingId: 'a', createdAt: '2026-11-24T09:30:00.000Z' } as KeptRecording;

describe('the connection', () => {
  it('gives way to a newer app, and the older one goes on with what that made of the database', async () => {
    const store = createIndexedDbChunkStore();
    await store.saveChunk(RECORDING, 0, Uint8Array.of(1));
    const newer = await openDB(NAME, 2, { upgrade: (db) => void db.createObjectStore('moods') });
    await store.saveChunk(RECORDING, 1, Uint8Array.of(2));
    expect(await store.bytes('a', 0)).toEqual(Uint8Array.of(1));
    expect(await store.bytes('a', 1)).toEqual(Uint8Array.of(2));
    newer.close();
    expect(await createIndexedDbChunkStore().bytes('a', 1)).toEqual(Uint8Array.of(2));
  });

  it('is opened again after the database was deleted under it', async () => {
    const store = createIndexedDbChunkStore();
    await store.saveChunk(RECORDING, 0, Uint8Array.of(1));
    await deleteDB(NAME);
    await expect(store.bytes('a', 0)).rejects.toMatchObject({ code: 'chunk-lost' });
    await store.saveChunk(RECORDING, 1, Uint8Array.of(2));
    expect(await store.bytes('a', 1)).toEqual(Uint8Array.of(2));
  });

  it('is opened again when the browser has closed it', async () => {
    const opened: IDBDatabase[] = [];
    const open = indexedDB.open.bind(indexedDB);
    jest.spyOn(indexedDB, 'open').mockImplementation((...args) => {
      const request = open(...args);
      request.addEventListener('success', () => opened.push(request.result));
      return request;
    });
    const store = createIndexedDbChunkStore();
    await store.saveChunk(RECORDING, 0, Uint8Array.of(1));
    opened[0]?.close();
    await Promise.all([
      store.saveChunk(RECORDING, 1, Uint8Array.of(2)),
      store.saveChunk(RECORDING, 2, Uint8Array.of(3)),
    ]);
    expect(await store.bytes('a', 0)).toEqual(Uint8Array.of(1));
    expect(await store.bytes('a', 2)).toEqual(Uint8Array.of(3));
    expect(opened).toHaveLength(2);
  });
});

describe('a write', () => {
  it('is flushed to the disk before it is said to be done', async () => {
    const transaction = jest.spyOn(IDBDatabase.prototype, 'transaction');
    const store = createIndexedDbChunkStore();
    await store.saveChunk(RECORDING, 0, Uint8Array.of(1));
    expect(transaction).toHaveBeenLastCalledWith(['recordings', 'chunks'], 'readwrite', {
      durability: 'strict',
    });
    transaction.mockRestore();
  });

  it('that finds the disk full says so, and leaves nothing behind', async () => {
    const store = createIndexedDbChunkStore();
    const put = jest.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('no room', 'QuotaExceededError');
    });
    const save = store.saveChunk(RECORDING, 0, Uint8Array.of(1));
    await expect(save).rejects.toMatchObject({ name: 'StoreError', code: 'full' });
    put.mockRestore();
    await expect(store.bytes('a', 0)).rejects.toMatchObject({ code: 'chunk-lost' });
  });
});

describe('a chunk whose file is gone', () => {
  it('is lost, though the database still names it', async () => {
    const store = createIndexedDbChunkStore();
    await store.saveChunk(RECORDING, 0, Uint8Array.of(1));
    const read = jest.spyOn(Blob.prototype, 'arrayBuffer').mockImplementation(async () => {
      throw new DOMException('the file could not be found', 'NotFoundError');
    });
    const lost = { name: 'StoreError', code: 'chunk-lost' };
    await expect(store.chunk('a', 0)).rejects.toMatchObject(lost);
    await expect(store.joined('a', [0], 'audio/webm')).rejects.toMatchObject(lost);
    await expect(store.bytes('a', 0)).rejects.toMatchObject(lost);
    read.mockRestore();
  });
});

describe('before recording', () => {
  const storage = { estimate: jest.fn(), persist: jest.fn(), persisted: jest.fn() } as {
    [name in 'estimate' | 'persist' | 'persisted']: jest.Mock<() => Promise<unknown>>;
  };
  beforeEach(() => {
    Object.defineProperty(navigator, 'storage', { value: storage, configurable: true });
    storage.estimate.mockResolvedValue({ quota: 1_000_000_000, usage: 1_000 });
    storage.persisted.mockResolvedValue(false);
    storage.persist.mockResolvedValue(false);
  });
  afterEach(() => {
    Reflect.deleteProperty(navigator, 'storage');
    jest.useRealTimers();
  });

  it('there is room, and what is written stays', async () => {
    storage.persisted.mockResolvedValue(true);
    expect(await createIndexedDbChunkStore().check()).toEqual({
      usable: true,
      lasting: true,
      freeBytes: 999_999_000,
    });
    expect(storage.persist).not.toHaveBeenCalled();
  });

  it('the browser is asked to keep it', async () => {
    storage.persist.mockResolvedValue(true);
    expect(await createIndexedDbChunkStore().check()).toMatchObject({ usable: true, lasting: true });
  });

  it('it may be thrown away, when the browser will not promise', async () => {
    expect(await createIndexedDbChunkStore().check()).toMatchObject({ usable: true, lasting: false });
  });

  it('a question to the person that stays open counts as no', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
    const asked = new Promise<void>((resolve) => {
      storage.persist.mockImplementation(() => {
        resolve();
        return new Promise(() => undefined);
      });
    });
    const check = createIndexedDbChunkStore().check();
    await asked;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await check).toMatchObject({ usable: true, lasting: false });
  });

  it('less than 64 MiB is too little', async () => {
    storage.estimate.mockResolvedValue({ quota: 64 * 1024 * 1024, usage: 1 });
    expect(await createIndexedDbChunkStore().check()).toEqual({
      usable: false,
      reason: 'full',
      freeBytes: 64 * 1024 * 1024 - 1,
    });
  });

  it('a full disk is found by writing, whatever the estimate says', async () => {
    const put = jest.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('no room', 'QuotaExceededError');
    });
    expect(await createIndexedDbChunkStore().check()).toMatchObject({ usable: false, reason: 'full' });
    put.mockRestore();
  });

  it('a browser that denies its database is told apart from a full one', async () => {
    jest.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    const store = createIndexedDbChunkStore();
    expect(await store.check()).toMatchObject({ usable: false, reason: 'not-available' });
    await expect(store.list()).rejects.toMatchObject({ name: 'StoreError', code: 'not-available' });
  });

  it('a browser without a database says so', async () => {
    Reflect.deleteProperty(globalThis, 'indexedDB');
    expect(await createIndexedDbChunkStore().check()).toMatchObject({
      usable: false,
      reason: 'not-available',
    });
  });

  it('a database that does not answer is not waited for for ever', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'] });
    jest.spyOn(indexedDB, 'open').mockImplementation(() => new EventTarget() as IDBOpenDBRequest);
    const check = createIndexedDbChunkStore().check();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(await check).toMatchObject({ usable: false, reason: 'not-available' });
  });

  it('leaves no trace of having tried', async () => {
    await createIndexedDbChunkStore().check();
    const db = await openDB(NAME);
    expect(await db.count('chunks')).toBe(0);
    db.close();
  });
});
