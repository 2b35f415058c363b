/** One chunk to its signed URL, and acknowledged: whatever is lost on the way is done again. */
import { ApiError, errorOf } from './api-error.ts';
import type { ChunkDetails, ManifestChunk, SignedUrl } from './contract.ts';
import { type Patience, patiently } from './patiently.ts';
import type { VoiceApi } from './voice-api.ts';

export type UploadParts = {
  readonly api: VoiceApi;
  readonly fetch?: typeof fetch;
  readonly patience: Patience;
  /** A link slower than this is taken for stalled; bytes a second, default 8,000. */
  readonly slowest?: number;
};

/** What the answer to a PUT means. */
export function putOutcome(status: number): 'stored' | 'renew' | 'again' | 'refused' {
  if (status >= 200 && status < 300) return 'stored';
  // The object is there: an earlier try arrived, and its answer was lost.
  if (status === 412) return 'stored';
  // Expired, or signed for something else: a fresh URL may do.
  if (status === 403) return 'renew';
  if (status === 408 || status === 429 || status >= 500 || status === 0) return 'again';
  return 'refused';
}

const MIN_TIMEOUT_MS = 15_000;
const SLOWEST = 8_000;

/** Puts the bytes; a URL that is no longer good is renewed. Answers with how many tries it took. */
export async function putObject(
  bytes: Uint8Array,
  url: SignedUrl | undefined,
  renew: () => Promise<SignedUrl>,
  { fetch: fetchOption, patience, slowest = SLOWEST }: Omit<UploadParts, 'api'>,
): Promise<number> {
  const doFetch = fetchOption ?? fetch;
  let current = url;
  let renewals = 0;
  let attempts = 0;
  await patiently(async () => {
    attempts++;
    current ??= await renew();
    const response = await doFetch(current.url, {
      method: current.method,
      headers: current.headers,
      body: bytes as Uint8Array<ArrayBuffer>,
      signal: AbortSignal.timeout(MIN_TIMEOUT_MS + Math.ceil((bytes.length / slowest) * 1000)),
    }).catch(() => null);
    const outcome = putOutcome(response?.status ?? 0);
    if (outcome === 'stored') {
      await response?.arrayBuffer().catch(() => undefined);
      return;
    }
    const error =
      response === null
        ? new ApiError(0, 'unreachable', 'the object store cannot be reached')
        : await errorOf(response);
    if (outcome === 'renew' && renewals < 3) {
      renewals++;
      current = undefined;
      throw new ApiError(0, error.code, error.message);
    }
    throw error;
  }, patience);
  return attempts;
}

/** Puts a chunk and has it acknowledged; a damaged one is put again. */
export async function uploadChunk(
  sessionId: string,
  chunk: ManifestChunk & Pick<ChunkDetails, 'startMs' | 'endMs' | 'levels'>,
  bytes: Uint8Array,
  url: SignedUrl | undefined,
  parts: UploadParts,
): Promise<void> {
  const { api, patience } = parts;
  const started = patience.now();
  const renew = async (): Promise<SignedUrl> => {
    const [renewed] = await api.presign(sessionId, String(chunk.index));
    if (renewed === undefined) throw new ApiError(0, 'not_json', 'the server gave no URL');
    return renewed;
  };
  let attempts = 0;
  for (let damaged = 0; ; damaged++) {
    attempts += await putObject(bytes, damaged === 0 ? url : undefined, renew, parts);
    const uploadMs = patience.now() - started;
    try {
      await patiently(() => api.acknowledge(sessionId, { ...chunk, uploadMs, attempts }), patience);
      return;
    } catch (error) {
      const again = error instanceof ApiError && error.code === 'chunk_mismatch' && damaged < 3;
      if (!again) throw error;
    }
  }
}
