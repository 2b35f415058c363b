/**
 * The object store on S3, or on what speaks its language.
 *
 * What holds, and on what it rests:
 * - "A URL is good for one object" rests on the store honouring `If-None-Match: *` on PUT. AWS does (since August 2024),
 *   Ceph's radosgw 16 does (conformance suite: of 8 simultaneous uploads one wins), but not in a versioned bucket. So
 *   `npm run s3:setup` tries it on the bucket and fails when the store ignores it.
 * - S3 cannot limit an upload by a presigned PUT: `maxBytes` is not enforced here; `digest` shows the size.
 * - `digest` reads the object and hashes it. A store's own SHA-256 is believed only where the store is AWS
 *   (`storeVerifiesSha256`): AWS refuses an upload whose checksum is wrong; radosgw 16 was seen to accept it. It exists
 *   for what `put` writes from memory; what a client uploads by URL has none, since it would have to be signed ahead.
 * - Objects are single PUTs (S3's limit: 5 GiB; ours have at most hundreds of MB), so no multipart upload is ever left
 *   half done. A PUT is atomic and S3 is strongly consistent.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { checkContentType, checkFolder, checkKey, checkPrefix } from '../object-key.ts';
import {
  type ListedObject,
  type ObjectHead,
  ObjectLengthMismatch,
  ObjectNotFound,
  type ObjectStore,
  ObjectTooLarge,
  type PresignedUrl,
  type PresignPutOptions,
  type PutOptions,
  type StoredObject,
} from '../object-store.ts';
import { announcedBody } from './announced-body.ts';
import { callS3, findInS3, isRefusal, S3Answer } from './s3-calls.ts';
import { createS3Client, type S3Options } from './s3-client.ts';
import { S3Urls } from './s3-urls.ts';

/** A question with a short answer; and one object's bytes. */
const SHORT = { timeoutMs: 15_000 };
const LONG = { timeoutMs: 10 * 60_000 };
/** What DeleteObjects takes at once; also a page of a listing. */
const PAGE = 1_000;

export interface S3ObjectStoreOptions extends S3Options {
  /** When URLs are signed. */
  readonly clock?: () => Date;
  /** Whether a SHA-256 that the store tells was verified by it. Default: only for AWS itself (no `endpoint`). */
  readonly storeVerifiesSha256?: boolean;
}

export class S3ObjectStore implements ObjectStore {
  readonly #client: S3Client;
  readonly #publicClient: S3Client;
  readonly #urls: S3Urls;
  readonly #bucket: string;
  readonly #storeVerifiesSha256: boolean;

  constructor(options: S3ObjectStoreOptions) {
    this.#client = createS3Client(options);
    this.#publicClient =
      options.publicEndpoint === undefined ? this.#client : createS3Client(options, options.publicEndpoint);
    this.#urls = new S3Urls(this.#publicClient, options.bucket, options.clock ?? (() => new Date()));
    this.#bucket = options.bucket;
    this.#storeVerifiesSha256 = options.storeVerifiesSha256 ?? options.endpoint === undefined;
  }

  async put(key: string, body: Uint8Array | Readable, options: PutOptions): Promise<StoredObject> {
    checkKey(key);
    checkContentType(options.contentType);
    if (!(body instanceof Uint8Array)) return this.#putStream(key, body, options);
    const bytes = body.byteLength;
    if (options.bytes !== undefined && options.bytes !== bytes) {
      throw new ObjectLengthMismatch(key, options.bytes, bytes);
    }
    const digest = createHash('sha256').update(body).digest();
    const input = { ...this.#at(key), Body: body, ContentLength: bytes, ContentType: options.contentType };
    const checksum = this.#storeVerifiesSha256 ? { ChecksumSHA256: digest.toString('base64') } : {};
    await callS3('put', LONG, (abortSignal) =>
      this.#client.send(new PutObjectCommand({ ...input, ...checksum }), { abortSignal }),
    );
    return { key, bytes, sha256: digest.toString('hex') };
  }

  async #putStream(key: string, source: Readable, options: PutOptions): Promise<StoredObject> {
    const { bytes, contentType } = options;
    if (bytes === undefined) throw new TypeError('a stream needs its length announced: options.bytes');
    const body = announcedBody(key, source, bytes);
    const broken = new AbortController();
    body.stream.once('error', () => broken.abort());
    const input = { ...this.#at(key), Body: body.stream, ContentLength: bytes, ContentType: contentType };
    try {
      await callS3('put', { ...LONG, retry: false }, (signal) =>
        this.#client.send(new PutObjectCommand(input), {
          abortSignal: AbortSignal.any([signal, broken.signal]),
        }),
      );
    } catch (error) {
      throw body.failure() ?? error;
    } finally {
      body.stream.destroy();
      source.destroy();
    }
    return { key, bytes, sha256: body.sha256() };
  }

  async get(key: string): Promise<Readable> {
    const found = await this.#open(key, LONG);
    if (found === null) throw new ObjectNotFound(key);
    return found.body;
  }

  async read(key: string, maxBytes: number): Promise<Uint8Array> {
    checkKey(key);
    const content = await findInS3('read', LONG, async (abortSignal) => {
      const { body, bytes } = await this.#request(key, abortSignal);
      if (bytes > maxBytes) {
        body.destroy();
        throw new ObjectTooLarge(key, maxBytes);
      }
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      return whole(key, Buffer.concat(chunks), bytes);
    });
    if (content === null) throw new ObjectNotFound(key);
    return content;
  }

  async head(key: string): Promise<ObjectHead | null> {
    checkKey(key);
    const found = await findInS3('head', SHORT, (abortSignal) =>
      this.#client.send(new HeadObjectCommand(this.#at(key)), { abortSignal }),
    );
    return (
      found && {
        key,
        bytes: found.ContentLength ?? 0,
        contentType: found.ContentType ?? 'application/octet-stream',
        lastModified: (found.LastModified ?? new Date(0)).toISOString(),
      }
    );
  }

  async digest(key: string): Promise<StoredObject | null> {
    checkKey(key);
    if (this.#storeVerifiesSha256) {
      const known = await this.#storedChecksum(key);
      if (known !== 'unknown') return known;
    }
    return findInS3('digest', LONG, async (abortSignal) => {
      const { body, bytes } = await this.#request(key, abortSignal);
      const hash = createHash('sha256');
      let received = 0;
      for await (const chunk of body) {
        hash.update(chunk);
        received += chunk.byteLength;
      }
      if (received !== bytes) throw new S3Answer(`${received} of ${bytes} bytes came`, true);
      return { key, bytes, sha256: hash.digest('hex') };
    });
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) checkKey(key);
    for (let at = 0; at < keys.length; at += PAGE) await this.#deletePage(keys.slice(at, at + PAGE));
  }

  async deletePrefix(prefix: string): Promise<number> {
    checkFolder(prefix);
    let deleted = 0;
    for await (const page of this.#pages(prefix)) {
      const keys = page.map((entry) => entry.key);
      await this.#deletePage(keys);
      deleted += keys.length;
    }
    return deleted;
  }

  async *list(prefix: string): AsyncGenerator<ListedObject> {
    checkPrefix(prefix);
    for await (const page of this.#pages(prefix)) yield* page;
  }

  async presignPut(key: string, options: PresignPutOptions): Promise<PresignedUrl> {
    checkKey(key);
    checkContentType(options.contentType);
    return this.#urls.put(key, options);
  }

  async presignGet(key: string, options: { readonly expiresInSeconds: number }): Promise<PresignedUrl> {
    checkKey(key);
    return this.#urls.get(key, options.expiresInSeconds);
  }

  async ping(): Promise<void> {
    const Bucket = this.#bucket;
    await callS3(`ping of bucket ${Bucket}`, { timeoutMs: 5_000, retry: false }, async (abortSignal) => {
      try {
        await this.#client.send(new HeadBucketCommand({ Bucket }), { abortSignal });
      } catch (error) {
        if (!isRefusal(error)) throw error;
        // A HEAD's answer has no body, and so no reason; a listing, for which one needs the same right, has.
        await this.#client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1 }), { abortSignal });
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    this.#client.destroy();
    this.#publicClient.destroy();
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: key };
  }

  async #open(key: string, options: { timeoutMs: number }) {
    checkKey(key);
    return findInS3('get', options, (abortSignal) => this.#request(key, abortSignal));
  }

  async #request(key: string, abortSignal: AbortSignal): Promise<{ body: Readable; bytes: number }> {
    const { Body, ContentLength } = await this.#client.send(new GetObjectCommand(this.#at(key)), {
      abortSignal,
    });
    if (!(Body instanceof Readable) || ContentLength === undefined)
      throw new S3Answer('an answer without a body', false);
    return { body: Body, bytes: ContentLength };
  }

  async #storedChecksum(key: string): Promise<StoredObject | null | 'unknown'> {
    const found = await findInS3('digest', SHORT, (abortSignal) =>
      this.#client.send(new HeadObjectCommand({ ...this.#at(key), ChecksumMode: 'ENABLED' }), {
        abortSignal,
      }),
    );
    if (found === null) return null;
    const digest = Buffer.from(found.ChecksumSHA256 ?? '', 'base64');
    // 32 bytes: the digest of the whole object, and not a composite `…-3` over the parts of a multipart upload.
    if (digest.byteLength !== 32 || found.ContentLength === undefined || found.ChecksumType === 'COMPOSITE')
      return 'unknown';
    return { key, bytes: found.ContentLength, sha256: digest.toString('hex') };
  }

  async #deletePage(keys: readonly string[]): Promise<void> {
    const Delete = { Objects: keys.map((Key) => ({ Key })), Quiet: true };
    await callS3('delete', SHORT, async (abortSignal) => {
      const command = new DeleteObjectsCommand({ Bucket: this.#bucket, Delete });
      const { Errors = [] } = await this.#client.send(command, { abortSignal });
      const [first] = Errors;
      if (first === undefined) return;
      const passing = first.Code === 'InternalError' || first.Code === 'SlowDown';
      throw new S3Answer(`${Errors.length} of ${keys.length} not deleted: ${first.Code}`, passing);
    });
  }

  async *#pages(prefix: string): AsyncGenerator<ListedObject[]> {
    let token: string | undefined;
    do {
      const from = token === undefined ? {} : { ContinuationToken: token };
      const input = { Bucket: this.#bucket, Prefix: prefix, MaxKeys: PAGE, ...from };
      const page: ListObjectsV2CommandOutput = await callS3('list', SHORT, (abortSignal) =>
        this.#client.send(new ListObjectsV2Command(input), { abortSignal }),
      );
      const entries = (page.Contents ?? []).map((entry) => ({
        key: entry.Key ?? '',
        bytes: entry.Size ?? 0,
        lastModified: (entry.LastModified ?? new Date(0)).toISOString(),
      }));
      if (entries.length > 0) yield entries;
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }
}

/** A connection cut in the middle ends a body early without an error. */
function whole(key: string, content: Buffer, bytes: number): Uint8Array {
  if (content.byteLength !== bytes)
    throw new S3Answer(`${content.byteLength} of ${bytes} bytes of ${key} came`, true);
  return content;
}
