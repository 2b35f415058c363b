/** A recording's chunks and images to the server, some at once. */
import { ApiError } from '../api-error.ts';
import { completeUpload } from '../complete-upload.ts';
import type { CreatedSession, ManifestChunk, SignedUrl } from '../contract.ts';
import { type Patience, patiently } from '../patiently.ts';
import { putObject, uploadChunk } from '../upload-chunk.ts';
import type { VoiceApi } from '../voice-api.ts';
import { type RecordingChunk, sha256Of } from './recording-file.ts';
import type { Progress } from './show.ts';

export type Upload = {
  readonly api: VoiceApi;
  readonly session: CreatedSession;
  readonly patience: Patience;
  readonly progress: Progress;
};

export type Image = { readonly bytes: Uint8Array; readonly mimeType: string };

export async function uploadImages(
  images: readonly Image[],
  { session, patience }: Upload,
): Promise<ManifestChunk[]> {
  const noOther = () => Promise.reject(new ApiError(403, 'url_expired', 'the image was not sent in time'));
  return Promise.all(
    images.map(async ({ bytes }, index) => {
      await putObject(bytes, urlOf(session.upload.imageUrls ?? [], index), noOther, { patience });
      return { index, bytes: bytes.length, sha256: sha256Of(bytes) };
    }),
  );
}

export type Pace = {
  readonly concurrency: number;
  /** None before it would have been recorded. */
  readonly realtime: boolean;
};

/** In order, `concurrency` at once; the first that fails stops the others from beginning another. */
export async function uploadChunks(
  chunks: readonly RecordingChunk[],
  urls: readonly SignedUrl[],
  { api, session, patience, progress }: Upload,
  { concurrency, realtime }: Pace,
): Promise<void> {
  const started = patience.now();
  const total = chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  let sent = 0;
  const waiting = [...chunks];
  progress.uploading(0, total);
  const lane = async () => {
    for (let chunk = waiting.shift(); chunk !== undefined; chunk = waiting.shift()) {
      if (realtime) await until(started + chunk.endMs, patience.now());
      const { bytes, ...described } = chunk;
      const toUpload = { ...described, bytes: bytes.length };
      try {
        await uploadChunk(session.sessionId, toUpload, bytes, urlOf(urls, chunk.index), { api, patience });
      } catch (error) {
        waiting.length = 0;
        throw error;
      }
      sent += bytes.length;
      progress.uploading(sent, total);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  progress.uploaded();
}

function until(moment: number, now: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, moment - now)));
}

export async function complete(
  chunks: readonly RecordingChunk[],
  images: readonly ManifestChunk[],
  durationMs: number,
  upload: Upload,
): Promise<void> {
  const manifest = chunks.map(({ index, bytes, sha256 }) => ({ index, bytes: bytes.length, sha256 }));
  const stoppedAt = new Date(upload.patience.now()).toISOString();
  const request = { chunks: manifest, durationMs, stoppedAt, ...(images.length === 0 ? {} : { images }) };
  const sendAgain = (missing: readonly number[]) => {
    const lost = chunks.filter(({ index }) => missing.includes(index));
    return uploadChunks(lost, [], upload, { concurrency: 1, realtime: false });
  };
  await completeUpload(upload.session.sessionId, request, sendAgain, upload);
}

/** From now on the whole file is chunk 0; answers with its URL. */
export async function fallBack(
  reason: string,
  { api, session, patience }: Upload,
): Promise<readonly SignedUrl[]> {
  return patiently(() => api.fallback(session.sessionId, reason), patience);
}

function urlOf(urls: readonly SignedUrl[], index: number): SignedUrl | null {
  return urls.find((url) => url.index === index) ?? null;
}
