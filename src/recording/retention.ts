/**
 * How long what a session left is kept: pure. A period begins when the session ends. Nothing of a session that is still
 * under way ever goes; one that failed keeps all of it for `unfinishedDays`, since trying again may mend it.
 */
import { pendingSteps } from './pending-steps.ts';
import type { Session } from './session.ts';

/** Periods in days; null keeps it for ever. */
export type Retention = {
  /** Chunks of a recording that was joined, and what was written on the way: windows, paragraphs. */
  readonly chunksDays: number;
  /** The one file of the single strategy, joined to itself. */
  readonly singleDays: number;
  readonly imagesDays: number;
  /** The joined recording: until then an entry can be listened to. */
  readonly recordingDays: number | null;
  /** Transcript, entry, feeling and feedback. */
  readonly textsDays: number | null;
  /** Whatever was uploaded for a session that failed or expired, or that could not be joined. */
  readonly unfinishedDays: number;
};

export const DEFAULT_RETENTION: Retention = {
  chunksDays: 2,
  singleDays: 2,
  imagesDays: 30,
  recordingDays: null,
  textsDays: null,
  unfinishedDays: 30,
};

export const OBJECT_KINDS = ['chunks', 'single', 'images', 'recording', 'workings', 'texts'] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** What an object of this session is, by its key; null when it is none of a session's. */
export function objectKind(session: Pick<Session, 'sessionId' | 'strategy'>, key: string): ObjectKind | null {
  const [room, sessionId, name = '', last] = key.split('/');
  if (sessionId !== session.sessionId) return null;
  switch (room) {
    case 'uploads':
      if (last === undefined) return null;
      if (name === 'images') return 'images';
      return name === 'whole' || session.strategy === 'single' ? 'single' : 'chunks';
    case 'audio':
      return 'recording';
    case 'text':
      return /^(?:window|paragraph)-/.test(name) ? 'workings' : 'texts';
    default:
      return null;
  }
}

/** ISO 8601; null: as long as there is no other word. */
export function keptUntil(session: Session, kind: ObjectKind, retention: Retention): string | null {
  const { phase, endedAt, milestoneAt } = session;
  if (phase === 'recording' || phase === 'processing' || phase === 'erased') return null;
  if (phase === 'failed') return later(milestoneAt, retention.unfinishedDays);
  // An enrichment was asked for once more.
  if (endedAt === undefined || pendingSteps(session).length > 0) return null;
  if (phase === 'expired') return later(endedAt, retention.unfinishedDays);
  return later(endedAt, daysOf(session, kind, retention));
}

export function isPast(until: string | null, now: string): boolean {
  return until !== null && Date.parse(until) <= Date.parse(now);
}

function daysOf(session: Session, kind: ObjectKind, retention: Retention): number | null {
  switch (kind) {
    case 'images':
      return retention.imagesDays;
    case 'recording':
      return retention.recordingDays;
    case 'texts':
      return retention.textsDays;
    case 'workings':
      return retention.chunksDays;
    case 'chunks':
    case 'single':
      // Not joined: then they are all there is of the recording.
      if (session.merged === undefined) return retention.unfinishedDays;
      return kind === 'chunks' ? retention.chunksDays : retention.singleDays;
    default:
      return kind satisfies never;
  }
}

function later(at: string, days: number | null): string | null {
  return days === null ? null : new Date(Date.parse(at) + days * DAY_MS).toISOString();
}

const DAY_MS = 24 * 3_600_000;
