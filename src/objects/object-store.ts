/**
 * The object store: audio, transcripts, entries, images, by key. Events refer to objects by key, size and SHA-256.
 *
 * A key is `[a-z0-9][a-z0-9._-]*` segments of at most 200 characters joined by `/`, at most 512 characters in all;
 * anything else is refused with `ObjectKeyInvalid` before it touches a disk or a network.
 */
import type { Readable } from 'node:stream';

export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  /** Lower-case hex. Computed by us from the stored bytes, never taken from what an uploader claims. */
  readonly sha256: string;
}

/** What a listing knows of an object. (S3 lists no content types: `head` has them.) */
export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  /** ISO 8601, UTC. */
  readonly lastModified: string;
}

export interface ObjectHead extends ListedObject {
  readonly contentType: string;
}

export interface PutOptions {
  readonly contentType: string;
  /** Needed when the body is a stream: its exact length. A body of another length is refused and nothing is kept. */
  readonly bytes?: number;
}

export interface PresignPutOptions {
  readonly contentType: string;
  /** Where the store can, an upload above this is cut off; where it cannot (S3), `digest` tells and the caller deletes. */
  readonly maxBytes: number;
  readonly expiresInSeconds: number;
}

/** All that an uploader needs: send exactly these headers, with `method`, to `url`, before `expiresAt`. */
export interface PresignedUrl {
  readonly url: string;
  readonly method: 'PUT' | 'GET';
  readonly headers: Readonly<Record<string, string>>;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
}

export interface ObjectStore {
  /**
   * Writes whole or not at all; an object of the same key is replaced. A stream needs `options.bytes`.
   * @throws ObjectLengthMismatch (nothing was kept), and whatever the stream itself fails with.
   */
  put(key: string, body: Uint8Array | Readable, options: PutOptions): Promise<StoredObject>;
  /** The caller reads it to the end or destroys it. @throws ObjectNotFound */
  get(key: string): Promise<Readable>;
  /** The object in memory. @throws ObjectNotFound, ObjectTooLarge when it has more than `maxBytes` bytes. */
  read(key: string, maxBytes: number): Promise<Uint8Array>;
  head(key: string): Promise<ObjectHead | null>;
  /** Size and SHA-256 of what is really stored; null when there is nothing. */
  digest(key: string): Promise<StoredObject | null>;
  /** Deletes what is there; what is not there is no error. */
  delete(keys: readonly string[]): Promise<void>;
  /** Deletes everything whose key starts with `prefix` (which must end with `/`); resolves to how many. */
  deletePrefix(prefix: string): Promise<number>;
  /** In key order (ASCII), what stands under the keys that begin with `prefix`; the empty prefix lists everything. */
  list(prefix: string): AsyncIterable<ListedObject>;
  /**
   * A URL with which a client may PUT this one object, once: while an object stands under the key a further PUT is
   * answered 412 and changes nothing (so a re-used URL cannot replace what was acknowledged).
   */
  presignPut(key: string, options: PresignPutOptions): Promise<PresignedUrl>;
  presignGet(key: string, options: { readonly expiresInSeconds: number }): Promise<PresignedUrl>;
  /** Whether the store answers, for readiness. Rejects with the reason. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export class ObjectNotFound extends Error {
  readonly code = 'object_not_found';
  readonly key: string;
  constructor(key: string) {
    super(`no object under ${key}`);
    this.key = key;
    this.name = 'ObjectNotFound';
  }
}

export class ObjectTooLarge extends Error {
  readonly code = 'object_too_large';
  readonly key: string;
  readonly maxBytes: number;
  constructor(key: string, maxBytes: number) {
    super(`object ${key} has more than ${maxBytes} bytes`);
    this.key = key;
    this.maxBytes = maxBytes;
    this.name = 'ObjectTooLarge';
  }
}

export class ObjectKeyInvalid extends Error {
  readonly code = 'object_key_invalid';
  readonly key: string;
  constructor(key: string) {
    super(
      'not an object key: segments of a-z 0-9 . _ -, each at most 200 characters, joined by /, at most 512 in all',
    );
    this.key = key;
    this.name = 'ObjectKeyInvalid';
  }
}

/** The body's length was not what was announced; nothing was kept. */
export class ObjectLengthMismatch extends Error {
  readonly code = 'object_length_mismatch';
  readonly key: string;
  readonly announced: number;
  readonly received: number;
  constructor(key: string, announced: number, received: number) {
    super(`object ${key}: ${announced} bytes announced, ${received} received`);
    this.key = key;
    this.announced = announced;
    this.received = received;
    this.name = 'ObjectLengthMismatch';
  }
}

/** The store cannot be reached, or refuses us, after our retries. */
export class ObjectStoreUnavailable extends Error {
  readonly code = 'object_store_unavailable';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ObjectStoreUnavailable';
  }
}
