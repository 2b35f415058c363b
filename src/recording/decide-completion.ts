/** The end of the upload: whether everything listed is there, once and for good. */
import type { CompleteUpload, ManifestChunk } from './commands.ts';
import {
  chunkCount,
  maxBytesOfChunk,
  mismatch,
  outOfRange,
  received,
  sameContent,
  tooLarge,
} from './decide-upload.ts';
import { type Decision, nothing, refuse } from './decision.ts';
import type { RecordingEvent, UploadCompleted } from './events.ts';
import type { RecordingLimits } from './limits.ts';
import { imageKey } from './object-keys.ts';
import { notRecording, whileRecording } from './reopening.ts';
import type { Session } from './session.ts';

/** How far the client's clock may run ahead of ours and still be believed. */
const CLOCK_TOLERANCE_MS = 2_000;

export function completeUpload(session: Session, command: CompleteUpload, limits: RecordingLimits): Decision {
  if (session.phase !== 'recording') return completedBefore(session, command, limits);
  const { now } = command;
  const chunks = wholeList(session, command);
  if ((chunks.length === 0 && command.acknowledged === 0) || command.durationMs <= 0) {
    return refuse(
      'recording_empty',
      'nothing was recorded: a recording has at least one chunk and some duration',
    );
  }
  const count = chunkCount(session, limits);
  if (command.acknowledged > count || chunks.some((chunk) => chunk.index >= count)) return outOfRange(count);
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  if (bytes > limits.maxRecordingBytes) return tooLarge(limits);
  const checked = checkChunks(session, { ...command, chunks }, limits);
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
      ...(command.sha256 === undefined ? {} : { sha256: command.sha256 }),
    },
  };
  return { events: [...checked.events, upload] };
}

/** With the chunks that are only counted, as far as they are here: those stand for themselves. */
function wholeList(
  { chunks: known }: Session,
  { chunks, acknowledged }: Pick<CompleteUpload, 'chunks' | 'acknowledged'>,
): CompleteUpload['chunks'] {
  const listed = new Set(chunks.map(({ index }) => index));
  const counted = [...known.values()].filter(({ index }) => index < acknowledged && !listed.has(index));
  return [...counted.map(({ index, bytes, sha256 }) => ({ index, bytes, sha256 })), ...chunks];
}

/** Every listed chunk is there as listed; nothing is there that isn't listed; no index is left out. */
function checkChunks(session: Session, command: CompleteUpload, limits: RecordingLimits): Decision {
  const listed = new Set(command.chunks.map((chunk) => chunk.index));
  const last = Math.max(command.acknowledged - 1, ...listed);
  const missing = new Set<number>();
  for (let index = 0; index <= last; index++) {
    if (!listed.has(index) && !session.chunks.has(index)) missing.add(index); // one that is there is unlisted
  }
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
    else events.push(received(session, chunk, command.now, chunk));
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
function completedBefore(session: Session, command: CompleteUpload, limits: RecordingLimits): Decision {
  if (session.upload === undefined) return notRecording(session);
  const { by, chunks: sealed } = session.upload;
  const chunks = wholeList(session, command);
  const same =
    chunks.length === sealed &&
    command.acknowledged <= sealed &&
    chunks.every((chunk) => sameAsKnown(session, chunk));
  if (same) return nothing;
  const counted = Array.from({ length: command.acknowledged }, (_, index) => index);
  const all = new Set([...counted, ...command.chunks.map(({ index }) => index)]);
  const lacking = [...all].filter((index) => index >= sealed);
  // A client that comes back to a session the server has sealed brings the rest. Too late for that it is told what is not
  // in it, never 202.
  return whileRecording(
    session,
    lacking,
    limits,
    command.now,
    (open) => completeUpload(open, command, limits),
    () =>
      refuse('completed_differently', 'this session was completed with another list of chunks', {
        by,
        lacking,
      }),
  );
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
