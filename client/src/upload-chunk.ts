/**
 * One chunk to its signed URL, and acknowledged: whatever is lost on the way is done again.
 *
 * put → (again | URL renewed → put)* → stored → acknowledged; damaged on the way: put again, at a fresh URL. A crash
 * anywhere leaves an object that a second upload of the same chunk finds (412) and has acknowledged.
 */
import { afterPut, putsAgain } from './after-put.ts';
import { ApiError, errorOf } from './api-error.ts';
import type { ChunkDetails, ManifestChunk, SignedUrl } from './contract.ts';
import { type Patience, patiently } from './patiently.ts';
import { readText } from './read-text.ts';
import type { VoiceApi } from './voice-api.ts';

export type PutParts = {
  readonly fetch?: typeof fetch;
  readonly patience: Patience;
  /** A link slower than this is taken for stalled; bytes a second, default 8,000. */
  readonly slowest?: number;
  /** Milliseconds that a put may take beside that; default 15,000. */
  readonly timeoutMs?: number;
};

export type UploadParts = PutParts & { readonly api: Pick<VoiceApi, 'presign' | 'acknowledge'> };

const TIMEOUT_MS = 15_000;
const SLOWEST = 8_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Puts the bytes; a URL that is no longer good is renewed. Answers with how many tries it took.
 * @param url null: none yet, one is asked for
 */
export async function putObject(
  bytes: Uint8Array,
  url: SignedUrl | null,
  renew: () => Promise<SignedUrl>,
  parts: PutParts,
): Promise<number> {
  let current = url;
  let renewals = 0;
  return patiently(async (attempt) => {
    current ??= await renew();
    const response = await put(bytes, current, parts);
    const decision = afterPut(response?.status ?? 0, renewals);
    if (decision === 'stored') {
      // Read to its end, so that the connection can carry the next one.
      if (response !== null) await readText(response, MAX_ANSWER_BYTES).catch(() => undefined);
      return attempt;
    }
    const error =
      response === null
        ? new ApiError(0, 'unreachable', 'the object store cannot be reached')
        : await errorOf(response);
    if (decision === 'refused') throw refused(error);
    if (decision === 'renew') {
      renewals++;
      current = null;
    }
    throw new ApiError(0, error.code, error.message, error.details, error.retryAfterMs);
  }, parts.patience);
}

async function put(bytes: Uint8Array, url: SignedUrl, parts: PutParts): Promise<Response | null> {
  const { slowest = SLOWEST, timeoutMs = TIMEOUT_MS, fetch: doFetch = fetch } = parts;
  const signal = AbortSignal.timeout(timeoutMs + Math.ceil((bytes.length / slowest) * 1000));
  // Whatever went wrong, there was no answer. The URL is a secret: it stays out of every message.
  return doFetch(url.url, {
    method: url.method,
    headers: url.headers,
    body: bytes as Uint8Array<ArrayBuffer>,
    signal,
  }).catch(() => null);
}

function refused({ status, code, message, details }: ApiError): ApiError {
  return code === 'not_json' // an object store says it in XML
    ? new ApiError(status, 'put_refused', `the object store refused the upload (${status})`)
    : new ApiError(status, code, message, details);
}

/** A chunk as it is to be acknowledged. */
export type ChunkToUpload = ManifestChunk & Pick<ChunkDetails, 'startMs' | 'endMs' | 'levels'>;

/** Puts a chunk and has it acknowledged; one that arrived damaged is put again. @throws ApiError */
export async function uploadChunk(
  sessionId: string,
  chunk: ChunkToUpload,
  bytes: Uint8Array,
  url: SignedUrl | null,
  parts: UploadParts,
): Promise<void> {
  const { api, patience } = parts;
  const started = patience.now();
  const renew = async (): Promise<SignedUrl> => {
    const urls = await api.presign(sessionId, String(chunk.index));
    const renewed = urls.find(({ index }) => index === chunk.index);
    if (renewed === undefined) throw new ApiError(200, 'not_json', 'the server gave no URL');
    return renewed;
  };
  let attempts = 0;
  for (let damaged = 0; ; damaged++) {
    attempts += await putObject(bytes, damaged === 0 ? url : null, renew, parts);
    const uploadMs = Math.max(0, patience.now() - started);
    try {
      await patiently(() => api.acknowledge(sessionId, { ...chunk, uploadMs, attempts }), patience);
      return;
    } catch (error) {
      if (!putsAgain(error, damaged)) throw error;
    }
  }
}
