/** `/audio/session`: a recording's life over HTTP. Parse → command → answer; what is decided is decided in recording/. */
import { Router } from 'express';
import PQueue from 'p-queue';
import type { CompleteUpload } from '../recording/commands.ts';
import { defined } from '../recording/defined.ts';
import type { ObjectReference } from '../recording/events.ts';
import { chunkKey, imageKey } from '../recording/object-keys.ts';
import { takesChunks } from '../recording/reopening.ts';
import type { Session } from '../recording/session.ts';
import { statusDocument } from '../sessions/status.ts';
import { callerOf } from './authentication.ts';
import { awaitChunks, preferredWaitMs } from './await-chunks.ts';
import { createCommand, fingerprint, idempotentSessionId } from './create-session.ts';
import { ownSessions, userMetadata } from './own-session.ts';
import { parse, parseBody } from './parse.ts';
import type { HttpParts } from './parts.ts';
import { Problem, problemOf } from './problem.ts';
import {
  ChunkBody,
  ChunkParams,
  CompleteBody,
  CreateBody,
  FallbackBody,
  IdempotencyKey,
  PresignQuery,
} from './schemas.ts';
import { statusEvents } from './session-events.ts';
import { urlSigner } from './signed-urls.ts';

/** Objects looked at together when `complete` lists chunks that were never acknowledged. */
const DIGESTS_AT_ONCE = 8;

export function audioSessions(parts: HttpParts): Router {
  const { sessions, objects, texts, flags, now, newId, tracing } = parts;
  const { limits } = sessions;
  const own = ownSessions(parts);
  const urls = urlSigner(objects, limits, parts.urlLifeSeconds);
  const router = Router();

  router.post('/create', async (request, response) => {
    const body = parseBody(CreateBody, request);
    const idempotencyKey = parse(IdempotencyKey, request.get('idempotency-key'), 'header');
    const userId = await own.currentUserId(request);
    const flag = flags.chunkedUpload(callerOf(request).subject);
    const sessionId = idempotencyKey === undefined ? newId() : idempotentSessionId(userId, idempotencyKey);
    const span = { sessionId, linked: request.get('traceparent'), kind: 'server' } as const;
    const executed = await tracing.span('POST /audio/session/create', span, () =>
      sessions.execute(
        sessionId,
        () => createCommand({ sessionId, userId, body, flag, limits, now: now(), idempotencyKey }),
        userMetadata(userId, newId(), tracing.current()),
      ),
    );
    const { session, rejected } = executed;
    const repeated = rejected?.code === 'session_exists';
    if (rejected !== undefined && !repeated) throw problemOf(rejected);
    if (session === null || session.phase === 'erased') {
      throw new Problem(409, 'session_ended', 'the session of this Idempotency-Key was erased');
    }
    if (repeated && session.requestSha256 !== fingerprint(body)) {
      throw new Problem(
        422,
        'idempotency_key_reused',
        'this Idempotency-Key came with another request before',
      );
    }
    const indexes = Array.from({ length: session.authorizedThrough + 1 }, (_, index) => index);
    const chunkUrls = session.phase === 'recording' ? await urls.chunks(session, indexes) : [];
    response.status(201).json({
      sessionId,
      strategy: session.strategy,
      assignment: session.assignment,
      upload: {
        concurrency: flag.concurrency,
        chunkSeconds: session.segmenting.seconds,
        maxChunkBytes: session.strategy === 'single' ? limits.maxRecordingBytes : limits.maxChunkBytes,
        urls: chunkUrls,
        ...(session.images.length === 0 ? {} : { imageUrls: await urls.images(session) }),
      },
      expiresAt: session.expiresAt,
    });
  });

  router.get('/:id/presign', async (request, response) => {
    const { chunks } = parse(PresignQuery, request.query, 'query');
    const { session } = await own.execute(request, () => ({
      type: 'AuthorizeUpload',
      indexes: chunks,
      now: now(),
    }));
    response.json({ urls: await urls.chunks(session, chunks) });
  });

  router.post('/:id/chunks/:index', async (request, response) => {
    const { index } = parse(ChunkParams, request.params, 'path');
    const { bytes, sha256, ...details } = parseBody(ChunkBody, request);
    const claimed = { index, bytes, sha256 };
    const { session } = await own.execute(
      request,
      async (current) => {
        const known = current.chunks.get(index);
        const stored =
          known === undefined || known.sha256 !== sha256
            ? await objects.digest(chunkKey(current, index))
            : known;
        return { type: 'AcknowledgeChunk', claimed, stored, now: now(), ...defined(details) };
      },
      async ({ session: current, rejected }) => {
        if (rejected?.code === 'chunk_mismatch') await deleteWrong(current, [index]);
      },
    );
    response.json({ received: [...session.chunks.keys()].sort((a, b) => a - b) });
  });

  router.post('/:id/complete', async (request, response) => {
    const {
      acknowledged,
      images = [],
      durationMs,
      stoppedAt,
      sha256,
      ...body
    } = parseBody(CompleteBody, request);
    const chunks = body.chunks.map(({ index, bytes, sha256: digest, ...details }) => ({
      index,
      bytes,
      sha256: digest,
      ...defined(details),
    }));
    const complete = async (current: Session): Promise<CompleteUpload> => {
      const unknown = takesChunks(current, limits, now())
        ? chunks.filter(({ index }) => !current.chunks.has(index))
        : [];
      const storedChunks = await digests(unknown.map(({ index }) => [index, chunkKey(current, index)]));
      const storedImages = await digests(
        current.images.map((_, index) => [index, imageKey(current.sessionId, index)]),
      );
      return {
        type: 'CompleteUpload',
        acknowledged,
        chunks,
        images,
        storedChunks,
        storedImages,
        durationMs,
        stoppedAt,
        now: now(),
        ...defined({ sha256 }),
      };
    };
    const waitMs = preferredWaitMs(request);
    if (waitMs > 0) {
      const { session: current } = await own.load(request);
      if (takesChunks(current, limits, now()))
        await awaitChunks(current, chunks, waitMs, { objects, response });
    }
    const { session } = await own.execute(request, complete, async ({ session: current, rejected }) => {
      if (rejected?.code !== 'chunk_mismatch') return;
      const { mismatched = [] } = rejected.details as { mismatched?: readonly number[] };
      await deleteWrong(current, mismatched);
    });
    response.status(202).json({ sessionId: session.sessionId, state: session.phase });
  });

  /** The wrong object goes, so that the same URL can be used to put the right one; what was acknowledged stands. */
  async function deleteWrong(session: Session | null, indexes: readonly number[]): Promise<void> {
    if (session === null || !takesChunks(session, limits, now())) return;
    const wrong = indexes.filter((index) => !session.chunks.has(index));
    if (wrong.length > 0) await objects.delete(wrong.map((index) => chunkKey(session, index)));
  }

  async function digests(
    keys: readonly [index: number, key: string][],
  ): Promise<Map<number, ObjectReference | null>> {
    const queue = new PQueue({ concurrency: DIGESTS_AT_ONCE });
    const found = await queue.addAll(
      keys.map(
        ([index, key]) =>
          async (): Promise<[number, ObjectReference | null]> => [index, await objects.digest(key)],
      ),
    );
    return new Map(found);
  }

  router.post('/:id/fallback', async (request, response) => {
    const { reason } = parseBody(FallbackBody, request);
    const { session } = await own.execute(request, () => {
      const at = now();
      const expiresAt = new Date(Date.parse(at) + limits.idleMs).toISOString();
      return { type: 'FallBack', reason, expiresAt, now: at };
    });
    response.json({ urls: await urls.chunks(session, [0]) });
  });

  router.post('/:id/retry', async (request, response) => {
    const { session } = await own.execute(request, () => ({ type: 'RetrySession', now: now() }));
    response.status(202).json({ sessionId: session.sessionId, state: session.phase });
  });

  router.delete('/:id', async (request, response) => {
    const { session: before } = await own.load(request);
    await sessions.execute(
      before.sessionId,
      () => ({ type: 'EraseSession', now: now() }),
      userMetadata(before.userId, newId(), tracing.current()),
    );
    response.status(204).end();
  });

  router.get('/:id/status', async (request, response) => {
    const { session, version } = await own.load(request);
    const document = await statusDocument(session, version, now(), texts);
    const etag = `W/"${version}-${document.progress}"`;
    response.set({ ETag: etag, 'Cache-Control': 'private, no-store' });
    // "If-None-Match … weak comparison" (RFC 9110 §13.1.2).
    if (
      request
        .get('if-none-match')
        ?.split(/\s*,\s*/)
        .includes(etag)
    )
      response.status(304).end();
    else response.json(document);
  });

  router.get('/:id/events', statusEvents(parts, own));

  return router;
}
