import { ApiError } from './api-error.ts';
import type { CompleteRequest, SessionState } from './contract.ts';
import { type Patience, patiently } from './patiently.ts';
import type { VoiceApi } from './voice-api.ts';

/** Rounds in which what is missing is sent again. */
const MAX_ROUNDS = 3;

/**
 * Completes the session, trying again while the server is away; chunks that the server misses are sent again first.
 * @param sendAgain uploads the chunks of these indexes
 * @throws ApiError
 */
export async function completeUpload(
  sessionId: string,
  request: CompleteRequest,
  sendAgain: (missing: readonly number[]) => Promise<void>,
  { api, patience }: { readonly api: Pick<VoiceApi, 'complete'>; readonly patience: Patience },
): Promise<SessionState> {
  for (let round = 1; ; round++) {
    try {
      return (await patiently(() => api.complete(sessionId, request), patience)).state;
    } catch (error) {
      const missing = missingChunks(error, request);
      if (missing.length === 0 || round > MAX_ROUNDS) throw error;
      await sendAgain(missing);
    }
  }
}

/** Of those we hold: an index the server invents cannot be sent. */
function missingChunks(error: unknown, { chunks }: CompleteRequest): number[] {
  if (!(error instanceof ApiError) || error.code !== 'chunks_missing') return [];
  const { missing } = error.details;
  if (!Array.isArray(missing)) return [];
  return chunks.map(({ index }) => index).filter((index) => missing.includes(index));
}
