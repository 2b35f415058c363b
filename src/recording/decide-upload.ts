/** Commands of the upload: URLs, chunks, fallback, and the deadline of a session gone quiet. */
import type {
  AcknowledgeChunk,
  AuthorizeUpload,
  ChunkDetails,
  FallBack,
  ManifestChunk,
  PassDeadline,
} from './commands.ts';
import { type Decision, nothing, refuse } from './decision.ts';
import type { ChunkReceived, ChunkRejected, ObjectReference } from './events.ts';
import type { RecordingLimits } from './limits.ts';
import { chunkKey } from './object-keys.ts';
import { whileRecording } from './reopening.ts';
import { hasEnded, type Session } from './session.ts';
import { contiguous } from './session-windows.ts';

/** More refusals than this are answered but no longer written down: a broken client can't flood the log. */
const MAX_RECORDED_REJECTIONS = 100;

/** Chunk indexes are 0 to one less than this. */
export function chunkCount(session: Session, limits: RecordingLimits): number {
  return session.strategy === 'single' ? 1 : limits.maxChunks;
}

/** Largest chunk allowed: the single strategy's one file is the whole recording. */
export function maxBytesOfChunk(session: Pick<Session, 'strategy'>, limits: RecordingLimits): number {
  return session.strategy === 'single' ? limits.maxRecordingBytes : limits.maxChunkBytes;
}

export function authorizeUpload(
  session: Session,
  command: AuthorizeUpload,
  limits: RecordingLimits,
): Decision {
  const { indexes, now: at } = command;
  return whileRecording(session, indexes, limits, at, ({ authorizedThrough }) => {
    const count = chunkCount(session, limits);
    if (indexes.some((index) => index >= count)) return outOfRange(count);
    const toIndex = Math.max(...indexes);
    if (toIndex <= authorizedThrough) return nothing; // a renewal is no new fact
    return {
      events: [{ type: 'UploadAuthorized', data: { at, fromIndex: authorizedThrough + 1, toIndex } }],
    };
  });
}

/** `count` is one more than the highest index. */
export function outOfRange(count: number): Decision {
  return refuse('chunk_index_out_of_range', `chunk indexes are 0 to ${count - 1}`, { maxIndex: count - 1 });
}

export function acknowledgeChunk(
  session: Session,
  command: AcknowledgeChunk,
  limits: RecordingLimits,
): Decision {
  const { claimed, now } = command;
  const known = session.chunks.get(claimed.index);
  if (known !== undefined && sameContent(known, claimed)) return nothing;
  return whileRecording(session, [claimed.index], limits, now, (open) => takeChunk(open, command, limits));
}

function takeChunk(session: Session, command: AcknowledgeChunk, limits: RecordingLimits): Decision {
  const { claimed, stored, now } = command;
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
  // Also here, not only at completion: the server may seal the session with what was acknowledged.
  if (bytesWith(session, claimed) > limits.maxRecordingBytes) return tooLarge(limits);
  return { events: [received(session, claimed, now, command)] };
}

/** What the recording would have with this chunk, which may take the place of another. */
function bytesWith(session: Session, chunk: ManifestChunk): number {
  let bytes = chunk.bytes;
  for (const known of session.chunks.values()) if (known.index !== chunk.index) bytes += known.bytes;
  return bytes;
}

export function tooLarge({ maxRecordingBytes }: RecordingLimits): Decision {
  return refuse('recording_too_large', `a recording has at most ${maxRecordingBytes} bytes`, {
    maxBytes: maxRecordingBytes,
  });
}

const MISMATCH_MESSAGES = {
  missing: 'nothing is stored for this chunk: put it to its URL first',
  size: 'the stored chunk does not have the size that was claimed, or has more than is allowed',
  checksum: 'the stored chunk does not have the SHA-256 that was claimed',
} as const;

/** How what is stored differs from what was claimed; null when it doesn't. */
export function mismatch(
  claimed: ManifestChunk,
  stored: ObjectReference | null,
  maxBytes: number,
): ChunkRejected['data']['reason'] | null {
  if (stored === null) return 'missing';
  if (stored.bytes !== claimed.bytes || stored.bytes > maxBytes || stored.bytes === 0) return 'size';
  return stored.sha256 === claimed.sha256 ? null : 'checksum';
}

export function sameContent(
  a: { bytes: number; sha256: string },
  b: { bytes: number; sha256: string },
): boolean {
  return a.bytes === b.bytes && a.sha256 === b.sha256;
}

export function received(
  session: Session,
  chunk: ManifestChunk,
  at: string,
  details: ChunkDetails = {},
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
  const arrived = contiguous(session.chunks);
  const chunks = arrived.length;
  const bytes = arrived.reduce((sum, chunk) => sum + chunk.bytes, 0);
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
