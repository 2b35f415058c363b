/** Reads and replaces a bucket's lifecycle and CORS rules, and tries what the adapter relies on. */
import { randomUUID } from 'node:crypto';
import {
  type BucketLocationConstraint,
  type CORSRule,
  CreateBucketCommand,
  DeleteBucketCorsCommand,
  DeleteBucketLifecycleCommand,
  DeleteObjectCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  type LifecycleRule,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { callS3, codeOf } from './s3-calls.ts';

const SHORT = { timeoutMs: 15_000 };

export class BucketRules {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** Makes it unless it is there; answers with whether it did. @param location a region of AWS, where that is needed */
  async create(location: string | null): Promise<boolean> {
    const head = new HeadBucketCommand({ Bucket: this.#bucket });
    const isThere = await callS3('look for the bucket', SHORT, (abortSignal) =>
      this.#client.send(head, { abortSignal }).then(
        () => true,
        (error: unknown) => {
          // A HEAD's answer has no body to say NoSuchBucket.
          if (['NotFound', 'NoSuchBucket'].includes(codeOf(error))) return false;
          throw error;
        },
      ),
    );
    if (isThere) return false;
    const create = new CreateBucketCommand({
      Bucket: this.#bucket,
      ...(location === null
        ? {}
        : { CreateBucketConfiguration: { LocationConstraint: location as BucketLocationConstraint } }),
    });
    await callS3('create the bucket', SHORT, (abortSignal) => this.#client.send(create, { abortSignal }));
    return true;
  }

  async lifecycle(): Promise<readonly LifecycleRule[]> {
    const command = new GetBucketLifecycleConfigurationCommand({ Bucket: this.#bucket });
    return callS3('read lifecycle', SHORT, (abortSignal) =>
      this.#client
        .send(command, { abortSignal })
        .then((answer) => answer.Rules ?? [], none('NoSuchLifecycleConfiguration')),
    );
  }

  async replaceLifecycle(rules: readonly LifecycleRule[]): Promise<void> {
    const at = { Bucket: this.#bucket };
    await callS3('write lifecycle', SHORT, (abortSignal): Promise<unknown> => {
      if (rules.length === 0) return this.#client.send(new DeleteBucketLifecycleCommand(at), { abortSignal });
      const input = { ...at, LifecycleConfiguration: { Rules: [...rules] } };
      return this.#client.send(new PutBucketLifecycleConfigurationCommand(input), { abortSignal });
    });
  }

  async cors(): Promise<readonly CORSRule[]> {
    const command = new GetBucketCorsCommand({ Bucket: this.#bucket });
    return callS3('read CORS', SHORT, (abortSignal) =>
      this.#client
        .send(command, { abortSignal })
        .then((answer) => answer.CORSRules ?? [], none('NoSuchCORSConfiguration')),
    );
  }

  async replaceCors(rules: readonly CORSRule[]): Promise<void> {
    const at = { Bucket: this.#bucket };
    await callS3('write CORS', SHORT, (abortSignal): Promise<unknown> => {
      if (rules.length === 0) return this.#client.send(new DeleteBucketCorsCommand(at), { abortSignal });
      const input = { ...at, CORSConfiguration: { CORSRules: [...rules] } };
      return this.#client.send(new PutBucketCorsCommand(input), { abortSignal });
    });
  }

  /** A versioned bucket keeps what is deleted: erasing a person would not. */
  async isVersioned(): Promise<boolean> {
    const command = new GetBucketVersioningCommand({ Bucket: this.#bucket });
    const answer = await callS3('read versioning', SHORT, (abortSignal) =>
      this.#client.send(command, { abortSignal }),
    );
    return answer.Status === 'Enabled';
  }

  /** Whether a second PUT with `If-None-Match: *` is refused, tried with an object that is deleted afterwards. */
  async honoursIfNoneMatch(): Promise<boolean> {
    const at = { Bucket: this.#bucket, Key: `uploads/setup-probe/${randomUUID()}` };
    const put = new PutObjectCommand({ ...at, Body: 'probe', IfNoneMatch: '*' });
    try {
      await callS3('probe', { ...SHORT, retry: false }, (abortSignal) =>
        this.#client.send(put, { abortSignal }),
      );
      return await callS3('probe', SHORT, (abortSignal) =>
        this.#client.send(put, { abortSignal }).then(
          () => false,
          (error: unknown) => {
            if (codeOf(error) === 'PreconditionFailed') return true;
            throw error;
          },
        ),
      );
    } finally {
      const remove = new DeleteObjectCommand(at);
      await callS3('probe', SHORT, (abortSignal) => this.#client.send(remove, { abortSignal }));
    }
  }
}

function none(code: string): (error: unknown) => readonly [] {
  return (error) => {
    if (codeOf(error) === code) return [];
    throw error;
  };
}
