/** `/entries`: what a person has said, written up, newest first. */
import { type Request, Router } from 'express';
import type { ObjectStore } from '../objects/object-store.ts';
import { defined } from '../recording/defined.ts';
import { ledgerOf } from '../recording/ledger.ts';
import type { Session } from '../recording/session.ts';
import type { EntryRow } from '../sessions/entry-list.ts';
import { decodeCursor, pageOf } from './cursor.ts';
import { ownSessions } from './own-session.ts';
import { parse } from './parse.ts';
import type { HttpParts } from './parts.ts';
import { Problem } from './problem.ts';
import { EntriesQuery } from './schemas.ts';

export function entries(parts: HttpParts): Router {
  const { entries: list, texts, objects, urlLifeSeconds } = parts;
  const own = ownSessions(parts);
  const router = Router();

  async function item(row: EntryRow) {
    const [entry, emotion, feedback] = await Promise.all([
      texts.find('entry', row.entry),
      texts.find('emotion', row.emotion),
      texts.find('feedback', row.feedback),
    ]);
    if (entry === null) return null;
    return {
      id: row.sessionId,
      createdAt: row.createdAt,
      title: entry.title,
      text: entry.text,
      emotion: emotion?.emotion ?? null,
      feedback: feedback?.feedback ?? null,
    };
  }

  router.get('/', async (request: Request, response) => {
    const { limit, before } = parse(EntriesQuery, request.query, 'query');
    const userId = await own.userId(request);
    const rows = await list.page(userId, {
      limit: limit + 1,
      ...(before === undefined ? {} : { before: decodeCursor(before) }),
    });
    const { page, next } = pageOf(rows, limit);
    const items = await Promise.all(page.map(item));
    response.json({
      entries: items.filter((entry) => entry !== null),
      next,
    });
  });

  router.get('/:id', async (request, response) => {
    const { session } = await own.load(request);
    const row: EntryRow | null =
      session.entry === undefined || session.phase === 'erased'
        ? null
        : {
            sessionId: session.sessionId,
            createdAt: session.createdAt,
            entry: session.entry,
            emotion: session.emotion ?? null,
            feedback: session.feedback ?? null,
          };
    const entry = row === null ? null : await item(row);
    if (entry === null) throw new Problem(404, 'entry_not_found', 'this session has no entry');
    const [transcript, audio] = await Promise.all([
      texts.find('transcript', session.transcript),
      soundOf(session, objects),
    ]);
    response.json({
      ...entry,
      transcript: transcript?.text ?? '',
      ...defined({ coverage: ledgerOf(session) }),
      audio: typeof audio === 'string' ? audio : 'kept',
    });
  });

  // Players send no token, so what they are given is a signed URL; it takes ranges.
  router.get('/:id/audio', async (request, response) => {
    const { session } = await own.load(request);
    const sound = session.phase === 'erased' ? 'gone' : await soundOf(session, objects);
    if (sound === 'not_joined')
      throw new Problem(409, 'audio_not_joined', 'this recording is not joined to one file');
    if (sound === 'gone')
      throw new Problem(410, 'audio_gone', 'the sound of this recording is no longer kept');
    const { key, ...about } = sound;
    const { url, expiresAt } = await objects.presignGet(key, { expiresInSeconds: urlLifeSeconds });
    response.set('Cache-Control', 'private, no-store').json({ url, expiresAt, ...about });
  });

  return router;
}

type Sound = {
  readonly key: string;
  readonly mimeType: string;
  readonly bytes: number;
  readonly durationMs: number;
};

/** The joined recording, by what really stands in the store: its retention may have passed. */
async function soundOf(
  { merged }: Session,
  objects: Pick<ObjectStore, 'head'>,
): Promise<Sound | 'not_joined' | 'gone'> {
  if (merged === undefined) return 'not_joined';
  const { key, mimeType, bytes, durationMs } = merged;
  return (await objects.head(key)) === null ? 'gone' : { key, mimeType, bytes, durationMs };
}
