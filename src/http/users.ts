/** `/users/me`: what a person may ask about all that is kept of them. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { downloadZip } from 'client-zip';
import { Router } from 'express';
import { z } from 'zod';
import { callerOf } from './authentication.ts';
import { personArchive } from './export-person.ts';
import { ownSessions } from './own-session.ts';
import { parse } from './parse.ts';
import type { HttpParts } from './parts.ts';
import { Problem } from './problem.ts';

/** Archives made at once: each holds a file open, and a connection for as long as somebody reads. */
const MAX_EXPORTS = 4;

export function users(parts: HttpParts): Router {
  const { erasures, entries: list, pseudonyms, now, newId, log } = parts;
  const own = ownSessions(parts);
  const router = Router();
  let exporting = 0;

  router.delete('/me', async (request, response) => {
    const { subject } = callerOf(request);
    const at = now();
    const erasure = await erasures.request(subject, newId(), at);
    pseudonyms.forget(subject);
    if (erasure === null) {
      response.status(200).json({ id: null, requestedAt: at, finishedAt: at, sessionsLeft: 0 });
      return;
    }
    response
      .status(202)
      .location(`/users/me/erasures/${erasure.id}`)
      .json({ ...erasure, sessionsLeft: await sessionsLeft(erasure.id) });
  });

  // Its id is all that leads to it: who it was about is forgotten.
  router.get('/me/erasures/:id', async (request, response) => {
    const { id } = parse(ErasureParams, request.params, 'path');
    const erasure = await erasures.find(id);
    if (erasure === null) throw new Problem(404, 'erasure_not_found', 'there is no such erasure');
    response.json({ ...erasure, sessionsLeft: await sessionsLeft(id) });
  });

  async function sessionsLeft(erasureId: string): Promise<number> {
    const pseudonym = await erasures.pseudonymOf(erasureId);
    return pseudonym === null ? 0 : list.countOf(pseudonym);
  }

  router.get('/me/export', async (request, response) => {
    if (exporting >= MAX_EXPORTS)
      throw new Problem(
        503,
        'too_many_exports',
        'too many archives are being made',
        {},
        { 'Retry-After': '30' },
      );
    const userId = await own.userId(request);
    exporting++;
    try {
      const { body } = downloadZip(personArchive(userId, parts));
      response.attachment(`thankly-${now().slice(0, 10)}.zip`).type('application/zip');
      if (body !== null)
        await pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), response);
    } catch (error) {
      if (!response.headersSent) throw error;
      // The archive has begun: it breaks off, and whoever reads it sees that it has no end.
      log('warn', 'an export broke off', { err: error });
      response.destroy();
    } finally {
      exporting--;
    }
  });

  return router;
}

const ErasureParams = z.object({ id: z.uuid() });
