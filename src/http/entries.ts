/** `/entries`: what a person has said, written up, newest first. */
import { type Request, Router } from 'express';
import type { EntryRow } from '../sessions/entry-list.ts';
import { decodeCursor, pageOf } from './cursor.ts';
import { ownSessions } from './own-session.ts';
import { parse } from './parse.ts';
import type { HttpParts } from './parts.ts';
import { Problem } from './problem.ts';
import { EntriesQuery } from './schemas.ts';

export function entries(parts: HttpParts): Router {
  const { entries: list, texts } = parts;
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
    const transcript = await texts.find('transcript', session.transcript);
    response.json({ ...entry, transcript: transcript?.text ?? '' });
  });

  return router;
}
