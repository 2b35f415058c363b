import type { Request } from 'express';
import type { EventMetadata } from '../eventlog/event-log.ts';
import type { RecordingCommand } from '../recording/commands.ts';
import type { Session } from '../recording/session.ts';
import type { Executed, Loaded } from '../sessions/sessions.ts';
import { callerOf } from './authentication.ts';
import { sessionIdOf } from './parse.ts';
import type { HttpParts } from './parts.ts';
import { Problem, problemOf } from './problem.ts';

const NOT_FOUND = 'session_not_found';
const notFound = () => new Problem(404, NOT_FOUND, 'there is no such session');

/** "Another user's session is 404": whether it exists is not told either. */
function owned(session: Session | null, userId: string): Session {
  if (session === null || session.userId !== userId) throw notFound();
  return session;
}

export type OwnSessions = {
  userId(request: Request): Promise<string>;
  /** For what is begun: who was forgotten a moment ago, perhaps on another node, is somebody new in it. */
  currentUserId(request: Request): Promise<string>;
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
  const currentUserId = (request: Request) => pseudonyms.current(callerOf(request).subject);

  /** What is not theirs by what this node remembers may be, by who they are since a moment ago. */
  async function asOwner<T>(request: Request, work: (userId: string) => Promise<T>): Promise<T> {
    const remembered = await userIdOf(request);
    try {
      return await work(remembered);
    } catch (error) {
      if (!(error instanceof Problem && error.code === NOT_FOUND)) throw error;
      const userId = await currentUserId(request);
      if (userId === remembered) throw error;
      return work(userId);
    }
  }

  return {
    userId: userIdOf,
    currentUserId,
    async load(request) {
      const sessionId = sessionIdOf(request);
      // Asked for at once; the one that is not awaited when the other fails must not be an unhandled rejection.
      const loading: Promise<Loaded> = sessions.load(sessionId);
      loading.catch(() => undefined);
      return asOwner(request, async (userId) => {
        const { session, version } = await loading;
        return { session: owned(session, userId), version };
      });
    },
    async execute(request, commandFor, onRejected) {
      const sessionId = sessionIdOf(request);
      const { executed, userId } = await asOwner(request, async (userId) => ({
        userId,
        executed: await sessions.execute(
          sessionId,
          (session) => commandFor(owned(session, userId)),
          userMetadata(userId, newId(), tracing.current()),
        ),
      }));
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
