/** One recording from create to its entry, by the client's own functions, as an app would send it. */
import { createHash, randomUUID } from 'node:crypto';
import {
  type CreatedSession,
  type CreateRequest,
  completeUpload,
  type ManifestChunk,
  putObject,
  type SessionStatus,
  type SignedUrl,
  systemPatience,
  uploadChunk,
} from '@thankly/voice-client';
import { CheckFailed, type Context, demand, type Finished } from './check.ts';
import { heardShare } from './heard-share.ts';
import { picture, type Sample } from './samples.ts';

/** While an object store or a node is away for a moment. */
const NETWORK_MS = 20_000;
const CHUNKS = 2;

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Makes a session, which is deleted at the end whatever becomes of it. */
export function create(
  { deployment, made }: Context,
  token: string,
  request: CreateRequest,
  idempotencyKey: string = randomUUID(),
): Promise<CreatedSession> {
  const body = { device: { client: 'acceptance' }, ...request };
  return made.make(deployment.api(token, { toItsEnd: true }).create(body, idempotencyKey), token);
}

export type Kind = 'voice' | 'voice-with-images';

/** What `create` is asked for. */
export function requestFor({ mimeType }: Sample, kind: Kind): CreateRequest {
  const images = kind === 'voice' ? {} : { kind, images: [{ mimeType: picture().mimeType }] };
  return { mimeType, segmenting: { mode: 'slices' }, ...images };
}

export type Sent = {
  readonly context: Context;
  readonly token: string;
  readonly sample: Sample;
  readonly session: CreatedSession;
};

/** Sends the sample in chunks, or as one file to the URL of a fallback, and waits for its entry. @throws CheckFailed */
export async function sendAndFollow(sent: Sent, asOneFile: readonly SignedUrl[] | null): Promise<Finished> {
  const { context, token, sample, session } = sent;
  const api = context.deployment.api(token);
  const patience = systemPatience(NETWORK_MS);
  const parts = asOneFile === null ? inChunks(sample.bytes) : [sample.bytes];
  const urls = asOneFile ?? session.upload.urls;
  const chunks = parts.map((bytes, index) => ({ index, bytes: bytes.length, sha256: sha256(bytes) }));
  const upload = async (index: number) => {
    const [bytes, chunk] = [parts[index], chunks[index]];
    if (bytes === undefined || chunk === undefined) throw new CheckFailed(`it misses a chunk ${index}`);
    const url = urls.find((each) => each.index === index) ?? null;
    await uploadChunk(session.sessionId, chunk, bytes, url, { api, patience });
  };
  const images = await sendImages(session);
  for (const { index } of chunks) await upload(index);
  const request = {
    chunks,
    durationMs: sample.durationMs,
    stoppedAt: new Date().toISOString(),
    ...(images.length === 0 ? {} : { images }),
  };
  const sendAgain = async (missing: readonly number[]) => void (await Promise.all(missing.map(upload)));
  await completeUpload(session.sessionId, request, sendAgain, { api, patience });
  const status = await followed(sent);
  judge(status, sent);
  return { sessionId: session.sessionId, bytes: sample.bytes, token };
}

function inChunks(bytes: Uint8Array): Uint8Array[] {
  const each = Math.ceil(bytes.length / CHUNKS);
  return Array.from({ length: CHUNKS }, (_, index) => bytes.subarray(index * each, (index + 1) * each));
}

async function sendImages({ upload: { imageUrls = [] } }: CreatedSession): Promise<ManifestChunk[]> {
  const { bytes } = picture();
  const expired = () => Promise.reject(new CheckFailed("the picture's URL was no longer good"));
  return Promise.all(
    imageUrls.map(async (url) => {
      await putObject(bytes, url, expired, { patience: systemPatience(NETWORK_MS) });
      return { index: url.index, bytes: bytes.length, sha256: sha256(bytes) };
    }),
  );
}

/** The last status that is pushed. @throws CheckFailed when it takes longer than it may */
async function followed({ context, token, session }: Sent): Promise<SessionStatus> {
  const { patienceMs, deployment } = context;
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), patienceMs);
  let last: SessionStatus | null = null;
  try {
    const signal = AbortSignal.any([giveUp.signal, deployment.interrupted]);
    const events = deployment.api(token).events(session.sessionId, { signal });
    for await (const status of events) last = status;
  } catch (error) {
    if (!giveUp.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
  }
  const at = `${last?.state ?? 'nothing'}, ${last?.stage ?? 'no stage'}`;
  demand(!giveUp.signal.aborted, `no entry within ${patienceMs / 1000} s: ${at}`);
  if (last === null) throw new CheckFailed('the events ended without a status');
  return last;
}

function judge(status: SessionStatus, { context, sample }: Sent): void {
  const { state, failure, transcript, entry, provider } = status;
  demand(
    state === 'completed',
    `it ended ${state}${failure === undefined ? '' : `: ${failure.code}, ${failure.message}`}`,
  );
  if (provider !== undefined) context.found.provider = provider;
  demand(
    entry !== undefined && entry.title !== '' && entry.text !== '',
    'there is no entry with title and text',
  );
  // What the first recording says is known only to the sandbox: to a real provider it is noise.
  if (sample.heardAtLeast === 1 && provider !== 'sandbox') return;
  const share = heardShare(sample.words, transcript?.text ?? '');
  demand(
    share >= sample.heardAtLeast,
    `of ${sample.words.length} words ${Math.round(share * sample.words.length)} were heard: ${transcript?.text ?? 'no transcript'}`,
  );
}
