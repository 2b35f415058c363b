/**
 * Whose job is next when many wait. Of one person's sessions that have something to be done, the first has turn 0, the next
 * one turn 1, and so on: a job goes behind all jobs of lower turns, whoever's. So everybody's first session goes before
 * anybody's second, and who has five hundred keeps nobody waiting who has one. With one session each, which is as good as
 * always, all have turn 0.
 *
 *   unknown ──something is to be done──▶ has a turn ──nothing is, it ended, or nothing was heard of it for long──▶ unknown
 *
 * In this process's memory, and bounded: beyond the last turn all have that one. A crash forgets it, and another node
 * does not know it: then a person's sessions count anew from 0 there, which costs some fairness for a while and nothing
 * else (ADR 0029). A session's end is heard of from the log, since it is mostly another node that brings it: who only
 * answers requests ends none.
 */
import { LRUCache } from 'lru-cache';
import type { RecordingEventType } from '../recording/events.ts';
import type { Session } from '../recording/session.ts';

/** Sessions of one person that are told apart; priorities are 16 bits. */
export const LAST_TURN = 100;
const PERSONS = 10_000;
/** Should the log not be heard for a moment: what ended then must not count against its person for long. */
const FORGOTTEN_MS = 2 * 60_000;

const ENDS: readonly RecordingEventType[] = [
  'SessionCompleted',
  'SessionFailed',
  'SessionExpired',
  'SessionErased',
];

export type Turns = {
  /** To be asked at each change of a session; 0 for one that waits for nothing. */
  of(session: Pick<Session, 'sessionId' | 'userId'>, hasWork: boolean): number;
  /** What the log says of a session, whichever node wrote it: one that has ended makes room for its person's next. */
  heard(sessionId: string, types: ReadonlySet<string>): void;
};

/** `now`: milliseconds. */
export function createTurns(now: () => number): Turns {
  /** Of each session that has a turn. */
  const personOf = new Map<string, string>();
  const persons = new LRUCache<string, Map<string, number>>({
    max: PERSONS,
    dispose: (sessions) => {
      for (const sessionId of sessions.keys()) personOf.delete(sessionId);
    },
  });

  function forget(sessions: Map<string, number>, sessionId: string): void {
    sessions.delete(sessionId);
    personOf.delete(sessionId);
  }

  function forgetOld(sessions: Map<string, number>): void {
    for (const [sessionId, heardAt] of sessions)
      if (now() - heardAt > FORGOTTEN_MS) forget(sessions, sessionId);
  }

  return {
    of({ sessionId, userId }, hasWork) {
      const sessions = persons.get(userId) ?? new Map<string, number>();
      if (!hasWork) {
        forget(sessions, sessionId);
        if (sessions.size === 0) persons.delete(userId);
        return 0;
      }
      forgetOld(sessions);
      if (!sessions.has(sessionId) && sessions.size >= LAST_TURN) return LAST_TURN;
      sessions.set(sessionId, now()); // one that is there keeps its place
      persons.set(userId, sessions);
      personOf.set(sessionId, userId);
      return [...sessions.keys()].indexOf(sessionId);
    },
    heard(sessionId, types) {
      const userId = personOf.get(sessionId);
      if (userId === undefined || !ENDS.some((end) => types.has(end))) return;
      const sessions = persons.peek(userId);
      if (sessions === undefined) return;
      forget(sessions, sessionId);
      if (sessions.size === 0) persons.delete(userId);
    },
  };
}
