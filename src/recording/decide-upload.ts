/** Commands of the upload: URLs, chunks, completion, fallback, and the deadline of a session gone quiet. */
import type {
  AcknowledgeChunk,
  AuthorizeUpload,
  CompleteUpload,
  FallBack,
  ManifestChunk,
  PassDeadline,
} from './commands.ts';
import { type Decision, nothing, refuse } from './decision.ts';
import type {
  ChunkReceived,
  ChunkRejected,
  ObjectReference,
  RecordingEvent,
  UploadCompleted,
} from './events.ts';
import type { RecordingLimits } from './limits.ts';
import { chunkKey, imageKey } from './object-keys.ts';
import { hasEnded, type Session } from './session.ts';

/** More refusals than this are answered but no longer written down: a broken client can't flood the log. */
const MAX_RECORDED_REJECTIONS = 100;

/** How far the client's clock may run ahead of ours and still be believed. */
const CLOCK_TOLERANCE_MS = 2_000;

function chunkCount(session: Session, limits: RecordingLimits): number {
  return session.strategy === 'single' ? 1 : limits.maxChunks;
}

/** Largest chunk allowed: the single strategy's one file is the whole recording. */
export function maxBytesOfChunk(session: Pick<Session, 'strategy'>, limits: RecordingLimits): number {
  return session.strategy === 'single' ? limits.maxRecordingBytes : limits.maxChunkBytes;
}

function notRecording(session: Session): Decision {
  return hasEnded(session)
    ? refuse('session_ended', `the session is ${session.phase}`)
    : refuse('session_not_recording', 'the upload of this session was completed');
}

export function authorizeUpload(
  session: Session,
  command: AuthorizeUpload,
  limits: RecordingLimits,
): Decision {
  if (session.phase !== 'recording') return notRecording(session);
  const count = chunkCount(session, limits);
  if (command.indexes.some((index) => index >= count)) return outOfRange(count);
  const toIndex = Math.max(...command.indexes);
  if (toIndex <= session.authorizedThrough) return nothing; // a renewal is no new fact
  const fromIndex = session.authorizedThrough + 1;
  return { events: [{ type: 'UploadAuthorized', data: { at: command.now, fromIndex, toIndex } }] };
}

function outOfRange(count: number): Decision {
  return refuse('chunk_index_out_of_range', `chunk indexes are 0 to ${count - 1}`, { maxIndex: count - 1 });
}

export function acknowledgeChunk(
  session: Session,
  command: AcknowledgeChunk,
  limits: RecordingLimits,
): Decision {
  const { claimed, stored, now } = command;
  const known = session.chunks.get(claimed.index);
  if (known !== undefined && sameContent(known, claimed)) return nothing;
  if (session.phase !== 'recording') return notRecording(session);
  const count = chunkCount(session, limits);
  if (claimed.index >= count) return outOfRange(count);
  const wrong = mismatch(claimed, stored, maxBytesOfChunk(session, limits));
  if (wrong !== null) {
    const event: ChunkRejected = {
      type: 'ChunkRejected',
      data: { at: now, index: claimed.index, reason: wrong },
    };
    return {
      events: session.rejections < MAX_RECORDED_REJECTIONS ? [event] : [],
      rejected: {
        code: 'chunk_mismatch',
        message: MISMATCH_MESSAGES[wrong],
        details: { index: claimed.index, reason: wrong },
      },
    };
  }
  return { events: [received(session, claimed, now, command)] };
}

const MISMATCH_MESSAGES = {
  missing: 'nothing is stored for this chunk: put it to its URL first',
  size: 'the stored chunk does not have the size that was claimed, or has more than is allowed',
  checksum: 'the stored chunk does not have the SHA-256 that was claimed',
} as const;

function mismatch(
  claimed: ManifestChunk,
  stored: ObjectReference | null,
  maxBytes: number,
): ChunkRejected['data']['reason'] | null {
  if (stored === null) return 'missing';
  if (stored.bytes !== claimed.bytes || stored.bytes > maxBytes || stored.bytes === 0) return 'size';
  return stored.sha256 === claimed.sha256 ? null : 'checksum';
}

function sameContent(a: { bytes: number; sha256: string }, b: { bytes: number; sha256: string }): boolean {
  return a.bytes === b.bytes && a.sha256 === b.sha256;
}

function received(
  session: Session,
  chunk: ManifestChunk,
  at: string,
  details: Pick<AcknowledgeChunk, 'startMs' | 'endMs' | 'levels' | 'uploadMs' | 'attempts'> = {},
): ChunkReceived {
  const { startMs, endMs, levels, uploadMs, attempts } = details;
  return {
    type: 'ChunkReceived',
    data: {
      at,
      index: chunk.index,
      key: chunkKey(session, chunk.index),
      bytes: chunk.bytes,
      sha256: chunk.sha256,
      ...(startMs === undefined ? {} : { startMs }),
      ...(endMs === undefined ? {} : { endMs }),
      ...(levels === undefined ? {} : { levels }),
      ...(uploadMs === undefined ? {} : { uploadMs }),
      ...(attempts === undefined ? {} : { attempts }),
    },
  };
}

export function completeUpload(session: Session, command: CompleteUpload, limits: RecordingLimits): Decision {
  if (session.phase !== 'recording') return completedBefore(session, command);
  const { chunks, now } = command;
  if (chunks.length === 0 || command.durationMs <= 0) {
    return refuse(
      'recording_empty',
      'nothing was recorded: a recording has at least one chunk and some duration',
    );
  }
  const count = chunkCount(session, limits);
  if (chunks.some((chunk) => chunk.index >= count)) return outOfRange(count);
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  if (bytes > limits.maxRecordingBytes) {
    return refuse('recording_too_large', `a recording has at most ${limits.maxRecordingBytes} bytes`, {
      maxBytes: limits.maxRecordingBytes,
    });
  }
  const checked = checkChunks(session, command, limits);
  if (checked.rejected !== undefined) return checked;
  const images = checkImages(session, command, limits);
  if (!Array.isArray(images)) return images;
  const upload: UploadCompleted = {
    type: 'UploadCompleted',
    data: {
      at: now,
      by: 'client',
      chunks: chunks.length,
      bytes,
      images,
      durationMs: command.durationMs,
      ...uploadWait(session, command),
    },
  };
  return { events: [...checked.events, upload] };
}

/** Every listed chunk is there as listed; nothing is there that isn't listed; no index is left out. */
function checkChunks(session: Session, command: CompleteUpload, limits: RecordingLimits): Decision {
  const listed = new Set(command.chunks.map((chunk) => chunk.index));
  const last = Math.max(...listed);
  const missing = new Set<number>();
  for (let index = 0; index <= last; index++) if (!listed.has(index)) missing.add(index);
  const events: RecordingEvent[] = [];
  const mismatched: number[] = [];
  for (const chunk of command.chunks) {
    const known = session.chunks.get(chunk.index);
    if (known !== undefined) {
      if (!sameContent(known, chunk)) mismatched.push(chunk.index);
      continue;
    }
    const stored = command.storedChunks.get(chunk.index) ?? null;
    const wrong = mismatch(chunk, stored, maxBytesOfChunk(session, limits));
    if (wrong === 'missing') missing.add(chunk.index);
    else if (wrong !== null) mismatched.push(chunk.index);
    else events.push(received(session, chunk, command.now));
  }
  if (missing.size > 0) {
    return refuse('chunks_missing', 'chunks of this recording have not arrived', {
      missing: [...missing].sort((a, b) => a - b),
    });
  }
  if (mismatched.length > 0) {
    return refuse('chunk_mismatch', 'stored chunks differ from what was listed', { mismatched });
  }
  const unlisted = [...session.chunks.keys()].filter((index) => !listed.has(index));
  if (unlisted.length > 0) {
    return refuse('chunks_unlisted', 'chunks were acknowledged that the list leaves out', { unlisted });
  }
  return { events };
}

type ImageReference = UploadCompleted['data']['images'][number];

/** Every image announced at `create` is listed and stored as listed. */
function checkImages(
  session: Session,
  command: CompleteUpload,
  limits: RecordingLimits,
): ImageReference[] | Decision {
  const missing: number[] = [];
  const images: ImageReference[] = [];
  for (let index = 0; index < session.images.length; index++) {
    const listed = command.images.find((image) => image.index === index);
    const stored = command.storedImages.get(index) ?? null;
    if (listed === undefined || stored === null || mismatch(listed, stored, limits.maxImageBytes) !== null) {
      missing.push(index);
    } else {
      images.push({
        index,
        key: imageKey(session.sessionId, index),
        bytes: listed.bytes,
        sha256: listed.sha256,
      });
    }
  }
  if (missing.length === 0) return images;
  return refuse('images_missing', 'announced images have not arrived as listed', { missing });
}

/** `complete` sent twice is one completion; with another list it is refused, for one of the two is wrong. */
function completedBefore(session: Session, command: CompleteUpload): Decision {
  if (session.upload === undefined) return notRecording(session);
  const same =
    session.upload.by === 'server'
      ? command.chunks.every((chunk) => !session.chunks.has(chunk.index) || sameAsKnown(session, chunk))
      : command.chunks.length === session.upload.chunks &&
        command.chunks.every((chunk) => sameAsKnown(session, chunk));
  return same
    ? nothing
    : refuse('completed_differently', 'this session was completed with another list of chunks');
}

function sameAsKnown(session: Session, chunk: ManifestChunk): boolean {
  const known = session.chunks.get(chunk.index);
  return known !== undefined && sameContent(known, chunk);
}

/** A phone's clock may be hours off: believed only when it falls into the session's own life. */
function uploadWait(session: Session, command: CompleteUpload): { uploadWaitMs?: number } {
  const stopped = Date.parse(command.stoppedAt);
  const now = Date.parse(command.now);
  if (stopped < Date.parse(session.createdAt) - CLOCK_TOLERANCE_MS || stopped > now + CLOCK_TOLERANCE_MS)
    return {};
  return { uploadWaitMs: Math.max(0, now - stopped) };
}

/** When the session is to be looked at again; null when no deadline is running. */
export function deadlineOf(session: Session, limits: RecordingLimits): string | null {
  if (session.phase !== 'recording') return null;
  return new Date(Date.parse(session.lastHeardAt) + limits.idleMs).toISOString();
}

/**
 * A session gone quiet is sealed with the chunks that arrived without a hole (a killed app loses at most the last
 * one); one without any expires.
 */
export function passDeadline(session: Session, command: PassDeadline, limits: RecordingLimits): Decision {
  const deadline = deadlineOf(session, limits);
  if (deadline === null || Date.parse(command.now) < Date.parse(deadline)) return nothing;
  let chunks = 0;
  let bytes = 0;
  for (let next = session.chunks.get(0); next !== undefined; next = session.chunks.get(chunks)) {
    chunks++;
    bytes += next.bytes;
  }
  if (chunks === 0) return { events: [{ type: 'SessionExpired', data: { at: command.now } }] };
  return {
    events: [{ type: 'UploadCompleted', data: { at: command.now, by: 'server', chunks, bytes, images: [] } }],
  };
}

/** The whole recording goes up as one file: while recording, or when a failed session asked for it. */
export function fallBack(session: Session, command: FallBack): Decision {
  const { now: at, reason, expiresAt } = command;
  if (session.phase === 'recording' && session.strategy === 'single') return nothing; // it is what happens already
  const asked = session.phase === 'failed' && session.failure?.action === 'upload_whole_file';
  if (session.phase === 'recording' || asked) {
    return { events: [{ type: 'UploadFellBack', data: { at, reason, expiresAt } }] };
  }
  if (hasEnded(session)) return refuse('session_ended', `the session is ${session.phase}`);
  return refuse('fallback_not_possible', 'the upload is complete and being processed');
}
