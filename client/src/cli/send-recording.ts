/** Uploads one recording and follows it to its end. */
import { randomUUID } from 'node:crypto';
import { ApiError } from '../api-error.ts';
import type { CreatedSession, SessionStatus, SignedUrl } from '../contract.ts';
import { followStatus } from '../follow-status.ts';
import { type Patience, patiently } from '../patiently.ts';
import { putObject, uploadChunk } from '../upload-chunk.ts';
import { createVoiceApi, type VoiceApi } from '../voice-api.ts';
import { cutIntoChunks, type RecordingChunk, sha256Of } from './recording-file.ts';
import type { SendOptions } from './send-options.ts';

export type LoadedRecording = {
  readonly bytes: Uint8Array;
  readonly mimeType: string;
  readonly durationMs: number;
  readonly images: readonly { readonly bytes: Uint8Array; readonly mimeType: string }[];
};

export type Progress = {
  note(line: string): void;
  uploading(sentBytes: number, totalBytes: number): void;
  uploaded(): void;
  processing(status: SessionStatus): void;
};

export async function sendRecording(
  recording: LoadedRecording,
  options: SendOptions,
  token: string,
  progress: Progress,
): Promise<SessionStatus> {
  const patience: Patience = {
    patienceMs: options.patienceMs,
    now: Date.now,
    random: Math.random,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
  const api = createVoiceApi({ baseUrl: options.url, token });
  const session = await create(api, recording, options, patience);
  progress.note(`session ${session.sessionId}, ${session.strategy} (${session.assignment.reason})`);

  const seconds = options.chunkSeconds ?? session.upload.chunkSeconds;
  const chunks = await cutIntoChunks(recording.bytes, {
    mode: session.strategy === 'single' ? 'whole' : options.mode,
    mimeType: recording.mimeType,
    durationMs: recording.durationMs,
    seconds,
    maxChunkBytes: session.upload.maxChunkBytes,
  });
  const upload = { api, session, patience, progress };
  const images = await uploadImages(recording, upload);
  const concurrency = options.concurrency ?? session.upload.concurrency;
  await uploadChunks(chunks, session.upload.urls, upload, { concurrency, realtime: options.realtime });
  await complete(chunks, images, recording.durationMs, upload);

  const status = await follow(upload);
  if (status.failure?.action !== 'upload_whole_file') return status;
  progress.note('the chunks could not be read; sending the whole file');
  const urls = await patiently(() => api.fallback(session.sessionId, 'merge_failed'), patience);
  const whole = await cutIntoChunks(recording.bytes, {
    mode: 'whole',
    mimeType: recording.mimeType,
    durationMs: recording.durationMs,
    seconds,
    maxChunkBytes: 0,
  });
  await uploadChunks(whole, urls, upload, { concurrency: 1, realtime: false });
  await complete(whole, images, recording.durationMs, upload);
  return follow(upload);
}

type Upload = {
  readonly api: VoiceApi;
  readonly session: CreatedSession;
  readonly patience: Patience;
  readonly progress: Progress;
};

function create(
  api: VoiceApi,
  { mimeType, images }: LoadedRecording,
  options: SendOptions,
  patience: Patience,
): Promise<CreatedSession> {
  const { mode, chunkSeconds } = options;
  const idempotencyKey = randomUUID(); // a repeated create finds the session of the first
  return patiently(
    () =>
      api.create(
        {
          mimeType,
          segmenting: { mode, ...(chunkSeconds === undefined ? {} : { seconds: chunkSeconds }) },
          device: { client: 'send', platform: process.platform },
          ...(images.length === 0
            ? {}
            : { kind: 'voice-with-images', images: images.map((image) => ({ mimeType: image.mimeType })) }),
        },
        idempotencyKey,
      ),
    patience,
  );
}

async function uploadImages({ images }: LoadedRecording, { session, patience }: Upload) {
  return Promise.all(
    images.map(async ({ bytes }, index) => {
      const url = session.upload.imageUrls?.[index];
      const noOther = () =>
        Promise.reject(new ApiError(403, 'url_expired', 'the image was not sent in time'));
      await putObject(bytes, url, noOther, { patience });
      return { index, bytes: bytes.length, sha256: sha256Of(bytes) };
    }),
  );
}

/** Some at once, in order; in real time none before it would have been recorded. */
async function uploadChunks(
  chunks: readonly RecordingChunk[],
  urls: readonly SignedUrl[],
  { api, session, patience, progress }: Upload,
  { concurrency, realtime }: { concurrency: number; realtime: boolean },
): Promise<void> {
  const started = patience.now();
  const total = chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  let sent = 0;
  let next = 0;
  progress.uploading(0, total);
  const lane = async () => {
    for (let chunk = chunks[next++]; chunk !== undefined; chunk = chunks[next++]) {
      if (realtime) await patience.sleep(Math.max(0, started + chunk.endMs - patience.now()));
      const { bytes, index, sha256, startMs, endMs } = chunk;
      const url = urls.find((candidate) => candidate.index === index);
      await uploadChunk(
        session.sessionId,
        { index, bytes: bytes.length, sha256, startMs, endMs },
        bytes,
        url,
        { api, patience },
      );
      sent += bytes.length;
      progress.uploading(sent, total);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  progress.uploaded();
}

async function complete(
  chunks: readonly RecordingChunk[],
  images: readonly { index: number; bytes: number; sha256: string }[],
  durationMs: number,
  { api, session, patience }: Upload,
): Promise<void> {
  const manifest = chunks.map(({ index, bytes, sha256 }) => ({ index, bytes: bytes.length, sha256 }));
  const stoppedAt = new Date(patience.now()).toISOString();
  const request = { chunks: manifest, durationMs, stoppedAt, ...(images.length === 0 ? {} : { images }) };
  await patiently(() => api.complete(session.sessionId, request), patience);
}

async function follow({ api, session, patience, progress }: Upload): Promise<SessionStatus> {
  let last: SessionStatus | null = null;
  for await (const status of followStatus(api, session.sessionId, patience)) {
    last = status;
    progress.processing(status);
  }
  return last ?? (await patiently(() => api.status(session.sessionId), patience));
}
