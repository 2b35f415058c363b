/** From the request of `create` to the command: the assignment is fixed here, once. */
import { createHash } from 'node:crypto';
import type { ChunkedUploadFlag } from '../../flags/flags.ts';
import type { CreateSession } from '../recording/commands.ts';
import type { RecordingLimits } from '../recording/limits.ts';
import type { CreateBody } from './schemas.ts';

/** URLs that come with the answer: the first minute of 5-second chunks. */
const FIRST_URLS = 12;

export type NewSession = {
  readonly sessionId: string;
  readonly userId: string;
  readonly body: CreateBody;
  readonly flag: ChunkedUploadFlag;
  readonly limits: RecordingLimits;
  readonly now: string;
  readonly idempotencyKey: string | undefined;
};

export function createCommand({
  sessionId,
  userId,
  body,
  flag,
  limits,
  now,
  idempotencyKey,
}: NewSession): CreateSession {
  const strategy = flag.assignment.variant;
  return {
    type: 'CreateSession',
    now,
    authorize: strategy === 'single' ? 1 : FIRST_URLS,
    data: {
      sessionId,
      userId,
      kind: body.kind,
      strategy,
      assignment: flag.assignment,
      mimeType: body.mimeType,
      segmenting: {
        mode: body.segmenting?.mode ?? 'stream',
        seconds: body.segmenting?.seconds ?? flag.chunkSeconds,
      },
      images: body.images ?? [],
      device: body.device ?? {},
      expiresAt: new Date(Date.parse(now) + limits.idleMs).toISOString(),
      ...(idempotencyKey === undefined ? {} : { requestSha256: fingerprint(body) }),
    },
  };
}

/** SHA-256 of the request, to tell a repetition from another request under the same key. */
export function fingerprint(body: CreateBody): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex');
}

/**
 * The same user and key always name the same session, so a repeated `create` finds it without a table of keys:
 * a UUID of version 8 (RFC 9562 §5.8) made from a SHA-256 of both.
 */
export function idempotentSessionId(userId: string, idempotencyKey: string): string {
  const hash = createHash('sha256').update(`${userId}\n${idempotencyKey}`).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
