/** How we speak to S3: where, as whom, how many connections, how long we wait. */
import { S3Client } from '@aws-sdk/client-s3';

const CONNECT_MS = 3_000;
/** A connection on which nothing moved for so long is given up, in the middle of a body too. */
const IDLE_MS = 20_000;

export interface S3Options {
  readonly bucket: string;
  readonly region: string;
  /** Left out for AWS itself. */
  readonly endpoint?: string;
  /** Where clients reach the store, when that is not where we do (inside a container network). Presigned URLs name it. */
  readonly publicEndpoint?: string;
  /** `https://host/bucket/key` instead of `https://bucket.host/key`. Default: with an endpoint of one's own. */
  readonly forcePathStyle?: boolean;
  /** Left out: AWS's own chain (environment, profile, container or instance role). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Connections at once; further calls wait in line. Default 64. */
  readonly maxSockets?: number;
}

export function createS3Client(options: S3Options, endpoint = options.endpoint): S3Client {
  const agent = { keepAlive: true, maxSockets: options.maxSockets ?? 64 };
  return new S3Client({
    region: options.region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: { ...options.credentials } }),
    forcePathStyle: options.forcePathStyle ?? endpoint !== undefined,
    // Retries are s3-calls.ts's alone.
    maxAttempts: 1,
    // The SDK's default adds CRC32 trailers that stores other than AWS do not read.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // `Expect: 100-continue` takes a new connection, outside of the limit, for each upload.
    expectContinueHeader: false,
    // The SDK would print warnings; what goes wrong is told by errors.
    logger: { debug: silent, info: silent, warn: silent, error: silent },
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      socketTimeout: IDLE_MS,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
}

function silent(): void {}
