/** What the log says of each session, at the end. */
import { withClient } from '../parts/postgres.ts';
import { doubledEvents, type LoggedEvent } from './doubled-events.ts';

export type SessionInLog = {
  readonly sessionId: string;
  readonly variant: string;
  readonly end: 'completed' | 'failed' | 'expired' | 'erased' | 'recording' | 'processing';
  /** One line each. */
  readonly doubled: readonly string[];
  /** Tries that failed, of any step. */
  readonly failedAttempts: number;
  /** Whether the server ended the upload for a client that was not heard of. */
  readonly sealed: boolean;
  readonly fellBack: boolean;
};

const PAGE = 400;
const STREAMS = `select distinct stream from events where stream like 'recording-%' and stream > $1 order by stream limit ${PAGE}`;
const EVENTS =
  'select stream, type, data from events where stream = any ($1::text[]) order by stream, version';

export function readSessions(connectionString: string): Promise<SessionInLog[]> {
  return withClient(connectionString, async (client) => {
    const sessions: SessionInLog[] = [];
    for (let last = ''; ; ) {
      const { rows: streams } = await client.query<{ stream: string }>(STREAMS, [last]);
      if (streams.length === 0) return sessions;
      const names = streams.map(({ stream }) => stream);
      const { rows } = await client.query<LoggedEvent & { stream: string }>(EVENTS, [names]);
      for (const [stream, events] of Map.groupBy(rows, ({ stream }) => stream)) {
        sessions.push(sessionOf(stream.slice('recording-'.length), events));
      }
      last = names.at(-1) ?? last;
    }
  });
}

const ENDS: Readonly<Record<string, SessionInLog['end']>> = {
  SessionCompleted: 'completed',
  SessionFailed: 'failed',
  SessionExpired: 'expired',
  SessionErased: 'erased',
  UploadCompleted: 'processing',
  UploadFellBack: 'recording',
  UploadReopened: 'recording',
  StepRequeued: 'processing',
};

export function sessionOf(sessionId: string, events: readonly LoggedEvent[]): SessionInLog {
  const created = events.find(({ type }) => type === 'SessionCreated');
  let end: SessionInLog['end'] = 'recording';
  // A requeued enrichment of a completed session leaves it completed.
  for (const { type } of events)
    if (!(end === 'completed' && type === 'StepRequeued')) end = ENDS[type] ?? end;
  return {
    sessionId,
    variant: String(created?.data.strategy),
    end,
    doubled: doubledEvents(events),
    failedAttempts: events.filter(({ type }) => type === 'StepAttemptFailed').length,
    sealed: events.some(({ type, data }) => type === 'UploadCompleted' && data.by === 'server'),
    fellBack: events.some(({ type }) => type === 'UploadFellBack'),
  };
}
