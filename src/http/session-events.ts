/**
 * `GET /audio/session/:id/events`: the status document, pushed (Server-Sent Events, WHATWG HTML §9.2).
 *
 * One `status` event at once and one after each change; its id is the stream's version, so `Last-Event-ID` resumes
 * without repeating what was seen. Between changes only the computed progress moves: a tick a second, from memory.
 * After completed, failed, expired or erased the stream ends; a client that comes back having seen that end is
 * answered 204, upon which an EventSource stays closed.
 */
import type { Request, RequestHandler, Response } from 'express';
import type { Session } from '../recording/session.ts';
import { statusDocument } from '../sessions/status.ts';
import { streamPlaces } from './admission/stream-places.ts';
import { callerOf } from './authentication.ts';
import { beginEventStream } from './event-stream.ts';
import type { OwnSessions } from './own-session.ts';
import type { HttpParts } from './parts.ts';

const TICK_MS = 1_000;
const PLACES = { perNode: 2_000, perCaller: 20 };

export function statusEvents(parts: HttpParts, own: OwnSessions): RequestHandler {
  const places = streamPlaces(PLACES);
  return async (request, response) => {
    const giveBack = places.take(callerOf(request).subject);
    try {
      const { session, version } = await own.load(request);
      const seen = lastEventId(request);
      if (isOver(session) && seen === version) response.status(204).end();
      else await pushStatus(parts, session.sessionId, seen, request, response);
    } finally {
      giveBack();
    }
  };
}

function lastEventId(request: Request): number | null {
  const value = request.get('last-event-id');
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : null;
}

function isOver(session: Session): boolean {
  return session.phase !== 'recording' && session.phase !== 'processing';
}

/** Resolves when the session has ended or the client has gone. */
async function pushStatus(
  parts: HttpParts,
  sessionId: string,
  seen: number | null,
  request: Request,
  response: Response,
): Promise<void> {
  const { sessions, texts, changes, now, log } = parts;
  const endPings = beginEventStream(request, response);

  let sentVersion = seen;
  let sentProgress = -1;
  let current: { session: Session; version: number } | null = null;
  let wake: () => void = () => undefined;
  let changed = true; // the first look is owed
  let gone = false;
  const stopListening = changes.listen(sessionId, () => {
    changed = true;
    wake();
  });
  const ticker = setInterval(() => wake(), TICK_MS);
  response.on('close', () => {
    gone = true;
    wake();
  });

  try {
    while (!gone) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      if (changed) {
        changed = false;
        const loaded = await sessions.load(sessionId);
        if (loaded.session === null) break;
        current = { session: loaded.session, version: loaded.version };
      }
      if (current !== null) {
        const document = await statusDocument(current.session, current.version, now(), texts);
        if (gone) break;
        if (current.version !== sentVersion || (sentProgress >= 0 && document.progress > sentProgress)) {
          const flushed = response.write(
            `id: ${current.version}\nevent: status\ndata: ${JSON.stringify(document)}\n\n`,
          );
          // A client that doesn't read is not buffered for: it is cut off and may come back.
          if (!flushed && response.writableLength > 1024 * 1024) break;
          sentVersion = current.version;
        }
        sentProgress = document.progress;
        if (isOver(current.session)) break;
      }
      if (!changed) await woken;
    }
  } catch (error) {
    // The answer has begun: all that is left is to end it; the client comes back with Last-Event-ID.
    log('warn', 'an event stream broke off', { sessionId, err: error });
  } finally {
    stopListening();
    clearInterval(ticker);
    endPings();
    response.end();
  }
}
