/**
 * Joins the chunks to the one recording: byte ranges and recorder timeslices by concatenation, segments by remuxing
 * (no re-encoding). The recording is held in memory once; 10 minutes at 64 kbit/s are 4.8 MB.
 */
import PQueue from 'p-queue';
import { MediaError } from '../media/media-error.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { MergeFailed, RecordingMerged } from '../recording/events.ts';
import { recordingKey } from '../recording/object-keys.ts';
import type { Chunk } from '../recording/session.ts';
import { isWindowed } from '../recording/session-windows.ts';
import { baseType } from './media-type.ts';
import type { Step, StepContext } from './step.ts';
import { chunksOf, readChunk } from './stored-chunks.ts';

const CHUNKS_AT_ONCE = 4;

type Joined = {
  readonly bytes: Uint8Array;
  readonly mimeType: string;
  readonly durationMs: number;
  readonly how: RecordingMerged['data']['how'];
  readonly truncated: boolean;
};

export const merge: Step = async (context) => {
  try {
    const merged = await store(context, await join(context));
    const { how, sha256 } = merged.data;
    const claimed = how === 'remuxed' ? undefined : context.session.upload?.sha256;
    // Every chunk is what was acknowledged, and still the whole is not what was recorded: the wrong chunk in its place.
    return [
      claimed === undefined || claimed === sha256 ? merged : failed(context, 'recording_digest_mismatch'),
    ];
  } catch (error) {
    // What was uploaded cannot be joined: a fact, not a failed attempt. `decide` knows what is left to try.
    if (error instanceof MediaError) return [failed(context, error.code)];
    throw error;
  }
};

async function join(context: StepContext): Promise<Joined> {
  const { session, objects, media, audio } = context;
  const chunks = chunksOf(session);
  const mimeType = baseType(session.mimeType);
  // What is heard in windows has been read for them.
  const held = isWindowed(session) ? await audio.of(session) : null;
  if (held?.mode === 'segments' && chunks.length > 1) {
    // They are taken over, and may still be needed for a window.
    const segments = held.segments.map((segment) => async () => segment.bytes.slice());
    const { bytes, durationMs } = await media.joinSegments(segments, mimeType);
    return { bytes, mimeType, durationMs, how: 'remuxed', truncated: false };
  }
  const bytes = held?.mode === 'stream' ? held.bytes : await readAll(chunks, objects);
  const { durationMs, truncated, mimeType: actual } = await media.probe(bytes, mimeType);
  return {
    bytes,
    mimeType: actual,
    durationMs,
    how: chunks.length === 1 ? 'as-is' : 'concatenated',
    truncated,
  };
}

/** A few at a time: each costs a round trip to the store, and stands in memory until it is copied. */
async function readAll(chunks: readonly Chunk[], objects: ObjectStore): Promise<Uint8Array> {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.bytes, 0));
  const queue = new PQueue({ concurrency: CHUNKS_AT_ONCE });
  let offset = 0;
  const reads = chunks.map((chunk) => {
    const at = offset;
    offset += chunk.bytes;
    return async () => bytes.set(await readChunk(objects, chunk), at);
  });
  await queue.addAll(reads);
  return bytes;
}

async function store(context: StepContext, joined: Joined): Promise<RecordingMerged> {
  const { session, generation, objects, now } = context;
  const { bytes, mimeType, durationMs, how, truncated } = joined;
  const key = recordingKey(session.sessionId, generation, mimeType);
  const stored = await objects.put(key, bytes, { contentType: mimeType });
  return {
    type: 'RecordingMerged',
    data: { at: now(), generation, ...stored, mimeType, durationMs, how, truncated },
  };
}

function failed({ generation, now }: StepContext, reason: string): MergeFailed {
  return { type: 'MergeFailed', data: { at: now(), generation, reason } };
}
