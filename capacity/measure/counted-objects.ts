/** What a process asks of its object store, counted where the adapters are asked: requests and bytes, by kind of object. */
import { DiskObjectStore } from '../../src/objects/disk/disk-object-store.ts';
import type { ObjectStore } from '../../src/objects/object-store.ts';
import { S3ObjectStore } from '../../src/objects/s3/s3-object-store.ts';
import { type ObjectRoom, roomOf } from '../model/object-rooms.ts';

export type Requests = {
  readonly puts: number;
  readonly gets: number;
  readonly heads: number;
  readonly writtenBytes: number;
  readonly readBytes: number;
};
export type ObjectCounts = Readonly<Partial<Record<ObjectRoom, Requests>>>;

const NONE: Requests = { puts: 0, gets: 0, heads: 0, writtenBytes: 0, readBytes: 0 };

/** From now on, in this process. Gives what was counted so far when it is called. */
export function countObjects(): () => ObjectCounts {
  const counts: Partial<Record<ObjectRoom, Requests>> = {};
  const add = (key: string, more: Partial<Requests>) => {
    const room = roomOf(key);
    const so = counts[room] ?? NONE;
    counts[room] = Object.fromEntries(
      Object.entries(so).map(([name, value]) => [name, value + (more[name as keyof Requests] ?? 0)]),
    ) as Requests;
  };
  countIn(DiskObjectStore.prototype, add, { digestReads: false });
  // A SHA-256 of the store's own is believed of AWS alone: elsewhere, and of what a client uploaded, the object is read.
  countIn(S3ObjectStore.prototype, add, { digestReads: true });
  return () => ({ ...counts });
}

type Add = (key: string, more: Partial<Requests>) => void;
type Counted = Pick<ObjectStore, 'put' | 'read' | 'get' | 'head' | 'digest'>;

function countIn(store: Counted, add: Add, { digestReads }: { readonly digestReads: boolean }): void {
  const { put, read, get, head, digest } = store;
  store.put = async function counted(key, body, options) {
    const stored = await put.call(this, key, body, options);
    add(key, { puts: 1, writtenBytes: stored.bytes });
    return stored;
  };
  store.read = async function counted(key, maxBytes) {
    const bytes = await read.call(this, key, maxBytes);
    add(key, { gets: 1, readBytes: bytes.byteLength });
    return bytes;
  };
  store.get = async function counted(key) {
    const stream = await get.call(this, key);
    add(key, { gets: 1 });
    stream.on('data', (piece: Uint8Array) => add(key, { readBytes: piece.byteLength }));
    stream.pause(); // it flows when its reader wants it to
    return stream;
  };
  store.head = async function counted(key) {
    add(key, { heads: 1 });
    return head.call(this, key);
  };
  store.digest = async function counted(key) {
    const stored = await digest.call(this, key);
    add(key, digestReads ? { gets: 1, readBytes: stored?.bytes ?? 0 } : { heads: 1 });
    return stored;
  };
}
