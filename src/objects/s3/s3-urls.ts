/**
 * Presigned S3 URLs (Signature Version 4 in the query).
 *
 * What binds an upload: content-type and if-none-match are *signed headers*, so a client that leaves them out or sends
 * others is refused. The SDK's presigner would leave content-type unsigned unless it is named in `signableHeaders`, and
 * would only move `x-amz-*` headers into the query. `If-None-Match: *` is what makes the URL good for one object.
 */
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { PresignedUrl, PresignPutOptions } from '../object-store.ts';

const SIGNED_PUT_HEADERS = new Set(['host', 'content-type', 'if-none-match']);

export class S3Urls {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #clock: () => Date;

  constructor(client: S3Client, bucket: string, clock: () => Date) {
    this.#client = client;
    this.#bucket = bucket;
    this.#clock = clock;
  }

  /** S3 signs no more than 7 days ahead. */
  async put(key: string, options: PresignPutOptions): Promise<PresignedUrl> {
    const signingDate = this.#clock();
    const url = await getSignedUrl(
      this.#client,
      new PutObjectCommand({
        Bucket: this.#bucket,
        Key: key,
        ContentType: options.contentType,
        IfNoneMatch: '*',
      }),
      { expiresIn: options.expiresInSeconds, signingDate, signableHeaders: SIGNED_PUT_HEADERS },
    );
    const headers = { 'content-type': options.contentType, 'if-none-match': '*' };
    return { url, method: 'PUT', headers, expiresAt: expiry(signingDate, options.expiresInSeconds) };
  }

  async get(key: string, expiresInSeconds: number): Promise<PresignedUrl> {
    const signingDate = this.#clock();
    const command = new GetObjectCommand({ Bucket: this.#bucket, Key: key });
    const url = await getSignedUrl(this.#client, command, { expiresIn: expiresInSeconds, signingDate });
    return { url, method: 'GET', headers: {}, expiresAt: expiry(signingDate, expiresInSeconds) };
  }
}

/** Signatures know whole seconds only. */
function expiry(signed: Date, inSeconds: number): string {
  return new Date((Math.floor(signed.getTime() / 1000) + inSeconds) * 1000).toISOString();
}
