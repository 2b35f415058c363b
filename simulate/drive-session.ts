/** One recording session over HTTP, as a phone makes it: begun, and later completed and followed to its end. */
import { randomUUID } from 'node:crypto';
import { ApiError } from '../client/src/api-error.ts';
import type { CreatedSession, SessionStatus } from '../client/src/contract.ts';
import { hasEnded } from '../client/src/follow-status.ts';
import { type Patience, patiently } from '../client/src/patiently.ts';
import { putObject } from '../client/src/upload-chunk.ts';
import type { VoiceApi } from '../client/src/voice-api.ts';
import type { Clock } from './clock.ts';
import type { PlannedSession } from './plan-stage.ts';
import { type Chunk, MIME_TYPE, type Sound } from './recording.ts';

export type DriveParts = {
  readonly clock: Clock;
  readonly patience: Patience;
  readonly sound: Sound;
  /** Ends everything at once, by its reason. */
  readonly halt: AbortController;
};

export type OpenSession = {
  readonly created: CreatedSession;
  readonly meantToFail: boolean;
  /** From stop until `complete`. */
  readonly waitMs: number;
  readonly api: VoiceApi;
};

/** @throws ApiError */
export async function createSession(
  api: VoiceApi,
  planned: PlannedSession,
  patience: Patience,
): Promise<OpenSession> {
  const { user, fails, waitMs } = planned;
  const device = { platform: 'simulated', model: user.device };
  const request = { mimeType: MIME_TYPE, segmenting: { mode: 'stream' as const }, device };
  // With a key, a `create` whose answer was lost makes no second session.
  const key = randomUUID();
  const created = await patiently(() => api.create(request, key), patience);
  const arm = created.assignment.variant;
  return { created, meantToFail: fails[arm], waitMs: waitMs[arm], api };
}

/** @throws ApiError */
export async function uploadSession(session: OpenSession, { patience, sound }: DriveParts): Promise<void> {
  const { api, created } = session;
  for (const { bytes, manifest } of chunksOf(session, sound)) {
    const { index } = manifest;
    const renew = async () => urlOf(await api.presign(created.sessionId, String(index)), index);
    await putObject(bytes, urlOf(created.upload.urls, index), renew, { patience });
  }
}

/**
 * The phone said stop `waitMs` ago: the server believes that only of a session that is as old.
 * @throws ApiError
 */
export async function completeSession(
  session: OpenSession,
  { clock, patience, sound }: DriveParts,
): Promise<void> {
  const chunks = chunksOf(session, sound).map(({ manifest }) => manifest);
  const stoppedAt = new Date(clock.now() - session.waitMs).toISOString();
  const request = { chunks, durationMs: sound.durationMs, stoppedAt };
  await patiently(() => session.api.complete(session.created.sessionId, request), patience);
}

/** Answers with the last status. @throws ApiError `not_ended` after three minutes */
export type Follow = (session: OpenSession) => Promise<SessionStatus>;

const FIRST_LOOK_MS = { least: 50, most: 2_000 };
const A_LITTLE_AFTER = 1.3;
const SLOWEST_LOOK_MS = 2_000;
const END_MS = 3 * 60_000;

/**
 * Follows sessions to their ends by polling. The first look comes a little after a session is usually done, the next
 * ones ever later: measured, 1.3 looks a session (1.6 without that little). The status's ETag would spare nothing:
 * between two looks the progress has moved.
 */
export function createFollower({ clock, patience, halt }: DriveParts): Follow {
  let usualMs = FIRST_LOOK_MS.least;
  return async ({ api, created }) => {
    const started = clock.now();
    let waitMs = Math.min(FIRST_LOOK_MS.most, Math.max(FIRST_LOOK_MS.least, usualMs * A_LITTLE_AFTER));
    for (;;) {
      await clock.sleep(waitMs, halt.signal);
      halt.signal.throwIfAborted();
      const status = await patiently(() => api.status(created.sessionId), patience);
      const tookMs = clock.now() - started;
      if (hasEnded(status)) {
        usualMs += ((status.timings.processingMs ?? tookMs) - usualMs) / 16;
        return status;
      }
      if (tookMs > END_MS) throw new ApiError(0, 'not_ended', 'the session did not end in three minutes');
      waitMs = Math.min(SLOWEST_LOOK_MS, waitMs * 1.5);
    }
  };
}

function chunksOf({ created, meantToFail }: OpenSession, { broken, good }: Sound): readonly Chunk[] {
  const recording = meantToFail ? broken : good;
  return created.strategy === 'chunked' ? recording.inChunks : recording.whole;
}

function urlOf(urls: CreatedSession['upload']['urls'], index: number) {
  const url = urls.find((each) => each.index === index);
  if (url === undefined) throw new ApiError(200, 'not_json', 'the server gave no URL');
  return url;
}
