/** Does one action, once: what it needs of the network and the device, and how that went, as a value. Never rejects. */
import { afterPut } from '../after-put.ts';
import { ApiError } from '../api-error.ts';
import type { CompleteRequest, SessionStatus, SignedUrl } from '../contract.ts';
import { hasEnded } from '../follow-status.ts';
import { systemPatience } from '../patiently.ts';
import type { VoiceApi } from '../voice-api.ts';
import { lastIsUnderWay } from './due-actions.ts';
import type { ActionFailure, ActionResult } from './happenings.ts';
import type { KeptChunk, KeptRecording, StoredChunk } from './kept-recording.ts';
import type { ChunkStore, Clock, JoinSegments, PutAnswer, UploadBody, Uploader } from './ports.ts';
import { StoreError } from './ports.ts';
import type { RecordingDigest } from './recording-digest.ts';
import { type Action, keyOf, type Upload } from './upload.ts';
import { uploadTimeout } from './upload-timeout.ts';
import { UploadUrls } from './upload-urls.ts';
import { wholeFile } from './whole-file.ts';

export type ActionParts = {
  readonly api: VoiceApi;
  readonly clock: Clock;
  readonly random: () => number;
  readonly store: ChunkStore;
  readonly uploader: Uploader;
  readonly joinSegments: JoinSegments;
  readonly digest: RecordingDigest;
  /** Told to the server at `create`, such as `{ platform: 'web' }`. */
  readonly device: Readonly<Record<string, string>>;
};

/** What lasts from one action to the next: no truth in it that could not be fetched again. */
export type ActionContext = {
  readonly urls: { current: UploadUrls | null };
  /** Put, and perhaps not acknowledged yet: an answer that was lost doesn't have the bytes sent again. */
  readonly stored: Set<number>;
  readonly onMeasured: (bytes: number, milliseconds: number) => void;
  readonly onStatus: (status: SessionStatus) => void;
  /** Whether the recording has ended with this chunk, by now. */
  readonly isLast: (index: number) => boolean;
};

/** For the last chunk, which is being put. Well within the request's own time-out. */
const COMPLETE_WAIT_S = 8;

export async function performAction(
  action: Action,
  upload: Upload,
  parts: ActionParts,
  context: ActionContext,
  signal: AbortSignal,
): Promise<ActionResult> {
  try {
    return await perform(action, upload, parts, context, signal);
  } catch (error) {
    if (signal.aborted) return { type: 'cut-off' };
    return { type: 'failed', failure: failureOf(error), now: parts.clock.now(), random: parts.random() };
  }
}

async function perform(
  action: Action,
  upload: Upload,
  parts: ActionParts,
  context: ActionContext,
  signal: AbortSignal,
): Promise<ActionResult> {
  const { api } = parts;
  const { record } = upload;
  switch (action.kind) {
    case 'create':
      return create(record, parts, context);
    case 'send': {
      const chunk = record.chunks.find(({ index }) => index === action.index);
      if (chunk === undefined) throw new StoreError('chunk-lost', 'no such chunk');
      const body = await parts.store.chunk(record.recordingId, action.index);
      const stored = await put(chunk, body, action, upload, parts, context, signal);
      // `complete` is next, and tells of it too. Should it not be there after all, it is put again.
      if (context.isLast(chunk.index) && context.stored.delete(chunk.index))
        return { type: 'chunk-sent', index: chunk.index, stored };
      await acknowledge(chunk, stored, upload, parts, context);
      return { type: 'chunk-sent', index: chunk.index };
    }
    case 'fall-back': {
      const sessionId = sessionOf(record);
      startAnew(context, new UploadUrls(api, sessionId, await api.fallback(sessionId, action.reason)));
      return { type: 'told-fallback' };
    }
    case 'send-whole': {
      const { body, bytes, sha256 } = await wholeFile(record, parts.store, parts.digest, parts.joinSegments);
      const endMs = record.ended?.durationMs ?? 0;
      const whole = { index: 0, bytes, sha256, startMs: 0, endMs };
      const stored = await put(whole, body, action, upload, parts, context, signal);
      await acknowledge(whole, stored, upload, parts, context);
      return { type: 'whole-sent', bytes, sha256 };
    }
    case 'complete':
      await api.complete(sessionOf(record), await completionOf(record, parts.digest), {
        waitSeconds: lastIsUnderWay(upload) ? COMPLETE_WAIT_S : 0,
      });
      return { type: 'completed' };
    case 'follow':
      return follow(sessionOf(record), api, context, signal);
    case 'reprocess':
      await api.retry(sessionOf(record));
      return { type: 'reprocessed' };
    case 'erase':
      await api.erase(action.sessionId);
      return { type: 'erased', sessionId: action.sessionId };
    default:
      return action satisfies never;
  }
}

/** What was put before was put elsewhere. */
function startAnew({ urls, stored }: ActionContext, fresh: UploadUrls): void {
  urls.current = fresh;
  stored.clear();
}

function sessionOf({ session }: KeptRecording): string {
  if (session === null) throw new ApiError(0, 'no_session', 'there is no session yet');
  return session.sessionId;
}

async function create(
  record: KeptRecording,
  { api, device }: ActionParts,
  context: ActionContext,
): Promise<ActionResult> {
  const { mimeType, mode, chunkSeconds, recordingId, round } = record;
  const request = { mimeType, segmenting: { mode, seconds: chunkSeconds }, device };
  const { sessionId, strategy, upload } = await api.create(request, `${recordingId}-${round}`);
  startAnew(context, new UploadUrls(api, sessionId, upload.urls));
  return { type: 'created', round, session: { sessionId, strategy, concurrency: upload.concurrency } };
}

type Described = Pick<KeptChunk, 'index' | 'bytes' | 'sha256' | 'startMs' | 'endMs' | 'levels'>;

async function put(
  chunk: Described,
  body: UploadBody,
  action: Action,
  upload: Upload,
  parts: ActionParts,
  context: ActionContext,
  signal: AbortSignal,
): Promise<StoredChunk> {
  const { api, clock } = parts;
  const sessionId = sessionOf(upload.record);
  const failures = upload.failing.get(keyOf(action))?.count ?? 0;
  const { stored } = context;
  context.urls.current ??= new UploadUrls(api, sessionId, []);
  const urls = context.urls.current;
  const started = clock.now();
  let puts = 0;
  if (!stored.has(chunk.index)) {
    const options = { urls, failures, speed: upload.speed, ahead: action.kind === 'send' };
    puts = await putUntilStored(chunk, body, options, parts, signal);
    context.onMeasured(chunk.bytes, Math.max(0, clock.now() - started));
    urls.forget(chunk.index); // it was used up: what is put again needs another
    stored.add(chunk.index);
  }
  stopIfAborted(signal);
  const uploadMs = Math.max(0, Math.round(clock.now() - started));
  return { uploadMs, attempts: Math.max(1, failures + puts) };
}

async function acknowledge(
  chunk: Described,
  put: StoredChunk,
  { record }: Upload,
  { api }: ActionParts,
  { stored }: ActionContext,
): Promise<void> {
  const { index } = chunk;
  try {
    await api.acknowledge(sessionOf(record), described(chunk, put));
    stored.delete(index); // should the server lose it, it is put again
  } catch (error) {
    if (error instanceof ApiError && !error.passing) stored.delete(index); // what stands there is not it
    throw error;
  }
}

/** @param put absent while it is being put, or when what it took is not known any more */
function described({ index, bytes, sha256, startMs, endMs, levels }: Described, put?: StoredChunk) {
  return { index, bytes, sha256, startMs, endMs, ...put, ...(levels === undefined ? {} : { levels }) };
}

type PutOptions = {
  readonly urls: UploadUrls;
  readonly failures: number;
  readonly speed: number | null;
  readonly ahead: boolean;
};

/** One PUT, and another at once where only its URL was no longer good. Resolves to how many it took. */
async function putUntilStored(
  { index, bytes }: Described,
  body: UploadBody,
  { urls, failures, speed, ahead }: PutOptions,
  { clock, uploader }: ActionParts,
  signal: AbortSignal,
): Promise<number> {
  for (let renewals = 0; ; renewals++) {
    const url: SignedUrl = await urls.of(index, ahead);
    stopIfAborted(signal);
    const answer = await putInTime(body, url, uploadTimeout(bytes, speed, failures), clock, uploader, signal);
    stopIfAborted(signal);
    const decision = afterPut(answer.status, renewals);
    if (decision === 'stored') return renewals + 1;
    urls.forget(index);
    if (decision === 'renew') continue;
    const { status, retryAfterMs } = answer;
    if (decision === 'again') {
      throw new ApiError(
        0,
        status === 0 ? 'unreachable' : `http_${status}`,
        'the upload failed',
        {},
        retryAfterMs,
      );
    }
    throw new ApiError(status, 'put_refused', `the object store refused the upload (${status})`);
  }
}

/** By hand: not every platform's AbortSignal has `any` and `timeout`. */
async function putInTime(
  body: UploadBody,
  url: SignedUrl,
  timeoutMs: number,
  clock: Clock,
  uploader: Uploader,
  signal: AbortSignal,
): Promise<PutAnswer> {
  const cut = new AbortController();
  const abort = () => cut.abort();
  signal.addEventListener('abort', abort, { once: true });
  const stop = clock.after(timeoutMs, abort);
  try {
    return await uploader.put(body, url, cut.signal);
  } finally {
    stop();
    signal.removeEventListener('abort', abort);
  }
}

function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new ApiError(0, 'aborted', 'cut off');
}

async function completionOf(record: KeptRecording, digest: RecordingDigest): Promise<CompleteRequest> {
  const { ended, whole, chunks } = record;
  const stop = { durationMs: ended?.durationMs ?? 0, stoppedAt: ended?.stoppedAt ?? '' };
  if (whole !== null) return { chunks: [{ index: 0, ...whole }], ...stop, sha256: whole.sha256 };
  // What the server has said it has is only counted: a list of ten minutes takes half a second of a slow link.
  const open = chunks.findIndex(({ acknowledged: known }) => !known);
  const acknowledged = open === -1 ? chunks.length : open;
  const list = chunks.slice(acknowledged).map(({ stored, ...chunk }) => described(chunk, stored));
  // Segments are joined by remuxing: the result has another digest.
  return record.mode === 'segments'
    ? { acknowledged, chunks: list, ...stop }
    : { acknowledged, chunks: list, ...stop, sha256: await digest.of(record) };
}

/** Short: what lasts longer is for the upload's own waits, which an app can show. */
const FOLLOW_PATIENCE_MS = 10_000;

async function follow(
  sessionId: string,
  api: VoiceApi,
  { onStatus }: ActionContext,
  signal: AbortSignal,
): Promise<ActionResult> {
  const patience = systemPatience(FOLLOW_PATIENCE_MS);
  for await (const status of api.events(sessionId, { patience, signal })) {
    onStatus(status);
    if (hasEnded(status)) return { type: 'followed' };
  }
  const status = await api.status(sessionId); // it had been told before
  onStatus(status);
  if (hasEnded(status)) return { type: 'followed' };
  throw new ApiError(0, 'stream_ended', 'the event stream ended before the session did');
}

function failureOf(error: unknown): ActionFailure {
  if (error instanceof StoreError) {
    return { status: -1, code: error.code, message: error.message, passing: error.code !== 'chunk-lost' };
  }
  if (!(error instanceof ApiError)) {
    return { status: -1, code: 'client_error', message: String(error).slice(0, 200), passing: false };
  }
  const { status, code, message, passing, retryAfterMs, details } = error;
  const named = details.missing ?? details.mismatched;
  const indexes = Array.isArray(named)
    ? named.filter((index): index is number => Number.isInteger(index))
    : null;
  return {
    status,
    code,
    message,
    passing,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(indexes === null ? {} : { indexes }),
  };
}
