/** Uploads one recording and follows it to its end; sends the whole file when the server asks for it. */
import { randomUUID } from 'node:crypto';
import { ApiError } from '../api-error.ts';
import type { CreatedSession, SessionStatus } from '../contract.ts';
import { type Patience, patiently, systemPatience } from '../patiently.ts';
import { createVoiceApi, type VoiceApi } from '../voice-api.ts';
import { cutIntoChunks, FileError } from './recording-file.ts';
import { type SendOptions, UsageError } from './send-options.ts';
import type { Progress } from './show.ts';
import {
  complete,
  fallBack,
  type Image,
  type Upload,
  uploadChunks,
  uploadImages,
} from './upload-recording.ts';

export type LoadedRecording = {
  readonly bytes: Uint8Array;
  readonly mimeType: string;
  readonly durationMs: number;
  readonly images: readonly Image[];
};

/** Answers with the final status. @throws ApiError, FileError, UsageError */
export async function sendRecording(
  recording: LoadedRecording,
  options: SendOptions,
  progress: Progress,
): Promise<SessionStatus> {
  const { bytes, mimeType, durationMs } = recording;
  // `splitIntoSegments` knows no MP3: better said before a session is made.
  if (options.mode === 'segments' && mimeType === 'audio/mpeg')
    throw new FileError('MP3 cannot be sent as segments');
  const patience = patienceThatTells(options.patienceMs, progress);
  const token = options.token ?? (await devToken(options, patience));
  const api = createVoiceApi({ baseUrl: options.url, token });
  const session = await create(api, recording, options, patience);
  progress.note(`session ${session.sessionId}, ${session.strategy} (${session.assignment.reason})`);

  const { upload: plan, strategy } = session;
  const cut = { mimeType, durationMs, seconds: options.chunkSeconds ?? plan.chunkSeconds };
  const mode = strategy === 'single' ? 'whole' : options.mode;
  const chunks = await cutIntoChunks(bytes, { ...cut, mode, maxChunkBytes: plan.maxChunkBytes });
  const upload: Upload = { api, session, patience, progress };
  const images = await uploadImages(recording.images, upload);
  const { realtime, concurrency = plan.concurrency } = options;
  await uploadChunks(chunks, plan.urls, upload, { concurrency, realtime });
  await complete(chunks, images, durationMs, upload);

  const status = await follow(upload);
  if (status.failure?.action !== 'upload_whole_file') return status;
  progress.note('the chunks could not be joined: sending the whole file');
  const urls = await fallBack('merge_failed', upload);
  // How large a whole file may be is for the server to say: `maxChunkBytes` was for chunks.
  const whole = await cutIntoChunks(bytes, {
    ...cut,
    mode: 'whole',
    maxChunkBytes: Number.POSITIVE_INFINITY,
  });
  await uploadChunks(whole, urls, upload, { concurrency: 1, realtime: false });
  await complete(whole, images, durationMs, upload);
  return follow(upload);
}

/** Says that it waits, but not at each of many tries. */
function patienceThatTells(patienceMs: number, progress: Progress): Patience {
  const patience = systemPatience(patienceMs);
  let told = Number.NEGATIVE_INFINITY;
  return {
    ...patience,
    sleep: (milliseconds) => {
      if (patience.now() - told > 10_000) progress.note('no good answer; trying again ...');
      told = patience.now();
      return patience.sleep(milliseconds);
    },
  };
}

async function devToken({ url, user }: SendOptions, patience: Patience): Promise<string> {
  const api = createVoiceApi({ baseUrl: url, token: '' });
  try {
    return await patiently(() => api.devToken(user), patience);
  } catch (error) {
    const isNone = error instanceof ApiError && (error.status === 404 || error.status === 403);
    throw isNone ? new UsageError(`${url} gives no development tokens: use --token`) : error;
  }
}

function create(
  api: VoiceApi,
  { mimeType, images }: LoadedRecording,
  { mode, chunkSeconds }: SendOptions,
  patience: Patience,
): Promise<CreatedSession> {
  const request = {
    mimeType,
    segmenting: { mode, ...(chunkSeconds === undefined ? {} : { seconds: chunkSeconds }) },
    device: { client: 'send', platform: process.platform },
    ...(images.length === 0
      ? {}
      : {
          kind: 'voice-with-images' as const,
          images: images.map((image) => ({ mimeType: image.mimeType })),
        }),
  };
  const idempotencyKey = randomUUID(); // a repeated create finds the session of the first
  return patiently(() => api.create(request, idempotencyKey), patience);
}

async function follow({ api, session, patience, progress }: Upload): Promise<SessionStatus> {
  let last: SessionStatus | null = null;
  for await (const status of api.events(session.sessionId, { patience })) {
    last = status;
    progress.processing(status);
  }
  return last ?? (await patiently(() => api.status(session.sessionId), patience));
}
