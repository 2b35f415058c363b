import type { Request } from 'express';
import type { EventMetadata } from '../eventlog/event-log.ts';
import type { RecordingCommand } from '../recording/commands.ts';
import type { Session } from '../recording/session.ts';
import type { Executed, Loaded } from '../sessions/sessions.ts';
import { callerOf } from './authentication.ts';
import { sessionIdOf } from './parse.ts';
import type { HttpParts } from './parts.ts';
import { Problem, problemOf } from './problem.ts';

const notFound = () => new Problem(404, 'session_not_found', 'there is no such session');

/** "Another user's session is 404": whether it exists is not told either. */
function owned(session: Session | null, userId: string): Session {
  if (session === null || session.userId !== userId) throw notFound();
  return session;
}

export type OwnSessions = {
  userId(request: Request): Promise<string>;
  /** The caller's session that the path names. */
  load(request: Request): Promise<{ readonly session: Session; readonly version: number }>;
  /**
   * Decides a command on it. A refusal is thrown as its problem, after `onRejected`.
   */
  execute(
    request: Request,
    commandFor: (session: Session) => RecordingCommand | Promise<RecordingCommand>,
    onRejected?: (executed: Executed) => Promise<void>,
  ): Promise<Executed & { readonly session: Session }>;
};

export function ownSessions({ sessions, pseudonyms, newId, tracing }: HttpParts): OwnSessions {
  const userIdOf = (request: Request) => pseudonyms.of(callerOf(request).subject);
  return {
    userId: userIdOf,
    async load(request) {
      const sessionId = sessionIdOf(request);
      const [userId, loaded]: [string, Loaded] = await Promise.all([
        userIdOf(request),
        sessions.load(sessionId),
      ]);
      return { session: owned(loaded.session, userId), version: loaded.version };
    },
    async execute(request, commandFor, onRejected) {
      const sessionId = sessionIdOf(request);
      const userId = await userIdOf(request);
      const executed = await sessions.execute(
        sessionId,
        (session) => commandFor(owned(session, userId)),
        userMetadata(userId, newId(), tracing.current()),
      );
      if (executed.rejected !== undefined) {
        await onRejected?.(executed);
        throw problemOf(executed.rejected);
      }
      return { ...executed, session: owned(executed.session, userId) };
    },
  };
}

/** `traceparent`: of the span that the request runs in. */
export function userMetadata(
  userId: string,
  correlationId: string,
  traceparent: string | undefined,
): EventMetadata {
  return { correlationId, actor: `user:${userId}`, ...(traceparent === undefined ? {} : { traceparent }) };
}
