/**
 * The object store on a local disk, for one machine: objects as files (object-files.ts), and URLs that the app itself
 * serves (upload-handler.ts). The default when no S3 bucket is configured.
 */
import { Readable } from 'node:stream';
import { checkContentType, checkFolder, checkKey, checkPrefix } from '../object-key.ts';
import {
  type ListedObject,
  type ObjectHead,
  ObjectNotFound,
  type ObjectStore,
  ObjectTooLarge,
  type PresignedUrl,
  type PresignPutOptions,
  type PutOptions,
  type StoredObject,
} from '../object-store.ts';
import { onDisk } from './disk-errors.ts';
import { ObjectFiles, type OpenObject } from './object-files.ts';
import { type Grant, UrlSigner } from './url-signer.ts';

const MEBIBYTE = 1024 * 1024;
const READ_BLOCK_BYTES = 256 * 1024;

export interface DiskObjectStoreOptions {
  /** A folder of its own, on a file system with hard links. */
  readonly root: string;
  /** Where clients reach the app, e.g. `http://127.0.0.1:8080`. Asked at each signing: the port may be known late. */
  readonly publicUrl: () => string;
  /** At least 16 bytes; keep it over restarts, or URLs handed out before stop working. */
  readonly secret: string | Uint8Array;
  readonly clock?: () => Date;
  /** Writes are refused (`StorageFull`) when they would leave less than this free. Default 64 MiB. */
  readonly minFreeBytes?: number;
}

export class DiskObjectStore implements ObjectStore {
  /** For upload-handler.ts. */
  readonly files: ObjectFiles;
  /** For upload-handler.ts. */
  readonly signer: UrlSigner;
  readonly clock: () => Date;
  readonly #publicUrl: () => string;

  private constructor(files: ObjectFiles, options: DiskObjectStoreOptions) {
    this.files = files;
    this.signer = new UrlSigner(options.secret);
    this.clock = options.clock ?? (() => new Date());
    this.#publicUrl = options.publicUrl;
  }

  /** @throws ObjectStoreUnavailable when the folder cannot be made, written or linked in; RangeError on a short secret */
  static async open(options: DiskObjectStoreOptions): Promise<DiskObjectStore> {
    const files = await ObjectFiles.open(options.root, options.minFreeBytes ?? 64 * MEBIBYTE);
    return new DiskObjectStore(files, options);
  }

  async put(key: string, body: Uint8Array | Readable, options: PutOptions): Promise<StoredObject> {
    checkKey(key);
    checkContentType(options.contentType);
    const bytes = options.bytes ?? (body instanceof Uint8Array ? body.byteLength : undefined);
    if (bytes === undefined) throw new TypeError('a stream needs its length announced: options.bytes');
    const source = body instanceof Uint8Array ? Readable.from([body], { objectMode: true }) : body;
    return this.files.write(key, source, { contentType: options.contentType, bytes, mode: 'replace' });
  }

  async get(key: string): Promise<Readable> {
    const object = await this.files.open(key);
    if (object === null) throw new ObjectNotFound(key);
    return readRange(object, 0, object.bytes - 1);
  }

  async read(key: string, maxBytes: number): Promise<Uint8Array> {
    const object = await this.files.open(key);
    if (object === null) throw new ObjectNotFound(key);
    try {
      if (object.bytes > maxBytes) throw new ObjectTooLarge(key, maxBytes);
      const content = new Uint8Array(object.bytes);
      for (let at = 0; at < object.bytes; ) {
        const { bytesRead } = await onDisk(() => object.handle.read(content, at, object.bytes - at, at));
        if (bytesRead === 0) throw new Error(`object ${key} ended early`);
        at += bytesRead;
      }
      return content;
    } finally {
      await object.handle.close();
    }
  }

  async head(key: string): Promise<ObjectHead | null> {
    const found = await this.#describe(key);
    return (
      found && { key, bytes: found.bytes, contentType: found.contentType, lastModified: found.lastModified }
    );
  }

  /** The digest was computed while the bytes were written and stands in the same file: no second reading. */
  async digest(key: string): Promise<StoredObject | null> {
    const found = await this.#describe(key);
    return found && { key, bytes: found.bytes, sha256: found.sha256 };
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) checkKey(key);
    for (const key of keys) await this.files.remove(key);
  }

  async deletePrefix(prefix: string): Promise<number> {
    checkFolder(prefix);
    let deleted = 0;
    for await (const key of this.files.walk(prefix)) if (await this.files.remove(key)) deleted += 1;
    return deleted;
  }

  async *list(prefix: string): AsyncGenerator<ListedObject> {
    checkPrefix(prefix);
    for await (const key of this.files.walk(prefix)) {
      const found = await this.#describe(key);
      if (found !== null) yield { key, bytes: found.bytes, lastModified: found.lastModified }; // null: deleted since the folder was read
    }
  }

  async presignPut(key: string, options: PresignPutOptions): Promise<PresignedUrl> {
    checkKey(key);
    checkContentType(options.contentType);
    const { contentType, maxBytes } = options;
    const expires = this.#expiry(options.expiresInSeconds);
    return this.#url({ method: 'PUT', key, expires, contentType, maxBytes }, { 'content-type': contentType });
  }

  async presignGet(key: string, options: { readonly expiresInSeconds: number }): Promise<PresignedUrl> {
    checkKey(key);
    return this.#url({ method: 'GET', key, expires: this.#expiry(options.expiresInSeconds) }, {});
  }

  async ping(): Promise<void> {
    await this.files.probe();
  }

  async close(): Promise<void> {}

  async #describe(key: string): Promise<OpenObject | null> {
    const object = await this.files.open(key);
    await object?.handle.close();
    return object;
  }

  #expiry(inSeconds: number): number {
    return Math.floor(this.clock().getTime() / 1000 + inSeconds);
  }

  #url(grant: Grant, headers: Record<string, string>): PresignedUrl {
    const base = this.#publicUrl().replace(/\/+$/, '');
    return {
      url: `${base}/objects/${grant.key}?${this.signer.query(grant)}`,
      method: grant.method,
      headers,
      expiresAt: new Date(grant.expires * 1000).toISOString(),
    };
  }
}

/** The bytes `first` to `last` (both included); closes the object's file when it ends or is destroyed. */
export function readRange(object: OpenObject, first: number, last: number): Readable {
  if (last < first) {
    void object.handle.close();
    return Readable.from([], { objectMode: false });
  }
  return object.handle.createReadStream({ start: first, end: last, highWaterMark: READ_BLOCK_BYTES });
}
