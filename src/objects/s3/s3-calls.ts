/**
 * Every call to S3 goes through here: a time-out, up to three tries where a try can heal, and errors of the port.
 *
 * All of the adapter's calls are idempotent (a PUT of the same bytes included), so an answer that got lost may be asked
 * for again. Only the upload of a stream cannot: its bytes have gone by.
 */
import { ExponentialBackoff, handleWhen, type RetryPolicy, retry } from 'cockatiel';
import { ObjectStoreUnavailable } from '../object-store.ts';
import { remedyOf } from './s3-remedies.ts';

const PASSING = new Set(['RequestTimeout', 'SlowDown']);
/** Without an HTTP status it was the network, unless it was one of these: our own time-out, or a fault on this side. */
const OURS = new Set(['AbortError', 'TypeError', 'RangeError', 'CredentialsProviderError']);

export interface CallOptions {
  /** One try's time, its body included. */
  readonly timeoutMs: number;
  /** Default true. */
  readonly retry?: boolean;
}

const retried: RetryPolicy = retry(handleWhen(isPassing), {
  maxAttempts: 2,
  backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 2_000 }),
});

/** @throws ObjectStoreUnavailable; the port's own errors come through. */
export async function callS3<T>(
  name: string,
  options: CallOptions,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const attempt = () => call(AbortSignal.timeout(options.timeoutMs));
  try {
    return await (options.retry === false ? attempt() : retried.execute(attempt));
  } catch (error) {
    throw s3Error(name, error);
  }
}

/** Like `callS3`, but null when the answer is that there is no such object. */
export async function findInS3<T>(
  name: string,
  options: CallOptions,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  const orNull = (error: unknown) => {
    // A HEAD's answer has no body: there, a missing bucket cannot be told from a missing object (`ping` can).
    if (['NoSuchKey', 'NotFound'].includes(codeOf(error))) return null;
    throw error;
  };
  return callS3(name, options, (signal) => call(signal).catch(orNull));
}

/** Whether the same call may succeed a moment later. */
export function isPassing(error: unknown): boolean {
  if (error instanceof S3Answer) return error.passing;
  const status = statusOf(error);
  if (status === undefined) return !isPortError(error) && !OURS.has(codeOf(error));
  return status >= 500 || status === 429 || PASSING.has(codeOf(error));
}

/** Our own judgement of an answer that the SDK took for good. */
export class S3Answer extends Error {
  readonly passing: boolean;
  constructor(message: string, passing: boolean) {
    super(message);
    this.passing = passing;
    this.name = 'S3Answer';
  }
}

function s3Error(name: string, error: unknown): unknown {
  if (isPortError(error) || codeOf(error) === 'TypeError') return error;
  return new ObjectStoreUnavailable(`S3 ${name}: ${reasonOf(error)}`, { cause: error });
}

/** S3's own code says more than its message; of a network fault the message says more. */
function reasonOf(error: unknown): string {
  const status = statusOf(error);
  if (status !== undefined) return `${codeOf(error)}, HTTP ${status}${remedyOf(codeOf(error))}`;
  if (error instanceof S3Answer) return error.message;
  return `${text(error, 'message') || codeOf(error)}${remedyOf(codeOf(error))}`;
}

/** Whether the store has answered, and the answer is no. */
export function isRefusal(error: unknown): boolean {
  const status = statusOf(error);
  return status !== undefined && status >= 300 && status < 500;
}

function isPortError(error: unknown): boolean {
  return text(error, 'code').startsWith('object_');
}

/** The code in S3's answer, e.g. `NoSuchKey`. */
export function codeOf(error: unknown): string {
  return text(error, 'name');
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const status = (error.$metadata as { httpStatusCode?: unknown } | undefined)?.httpStatusCode;
  return typeof status === 'number' ? status : undefined;
}

function text(error: unknown, field: 'name' | 'code' | 'message'): string {
  const value =
    typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[field] : undefined;
  return typeof value === 'string' ? value : '';
}
