/** A log of a million events for a rebuild: whole sessions, of many users in both arms, one in twenty failed. */
import pg from 'pg';
import { CHUNKED_UPLOAD_PLAN } from '../../flags/cohort-plan.ts';
import type { NewEvent } from '../../src/eventlog/event-log.ts';
import type { RecordingEvent } from '../../src/recording/events.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { fortyEvents, METADATA } from './eventlog-session.ts';

export const EVENTS_OF_SESSION = 45;
const USERS = 5_000;
const STREAMS_AT_ONCE = 2_500;

/** So that the experiment counts: at 20 % from before the first session. */
const BEFORE = '2026-11-24T09:00:00.000Z';
const ORDER = { at: BEFORE, by: 'system', actor: 'system:bench', reason: 'a bench' } as const;
export const ROLLOUT: readonly RolloutEvent[] = [
  { type: 'RolloutPlanned', data: { flag: 'chunked-upload', plan: CHUNKED_UPLOAD_PLAN, ...ORDER } },
  { type: 'StageEntered', data: { percent: 20, attempt: 1, skipped: [], ...ORDER } },
  { type: 'FlagSynced', data: { at: BEFORE, percent: 20 } },
];

/** What a template's marks become is told by the number of the session. */
const FILL = `insert into events (stream, version, type, data, metadata)
  select 'recording-' || id, version - 1,
    case when version = $5 and number % 20 = 0 then 'SessionFailed' else types[version] end,
    replace(replace(replace(
      case when version = $5 and number % 20 = 0 then $6 else data[version] end,
      '{{session}}', id), '{{user}}', 'user-' || number % ${USERS}),
      '{{variant}}', case when number % ${USERS} % 5 = 0 then 'chunked' else 'single' end)::json,
    metadata[version]::json
  from (select $1::text[] as types, $2::text[] as data, $3::text[] as metadata) as session,
    generate_series($4::int, $7::int) as number, generate_series(1, $5::int) as version,
    lateral (select md5('seed' || number)::uuid::text as id) as named`;

/** Resolves to the number of events. */
export async function fillSessions(connectionString: string, sessions: number): Promise<number> {
  const events = sessionEvents();
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    for (let from = 1; from <= sessions; from += STREAMS_AT_ONCE) {
      await client.query(FILL, [
        events.map(({ type }) => type),
        events.map(({ data }) => JSON.stringify(data)),
        events.map(({ metadata }) => JSON.stringify(metadata)),
        from,
        events.length,
        JSON.stringify(FAILED),
        Math.min(sessions, from + STREAMS_AT_ONCE - 1),
      ]);
    }
    await client.query('vacuum analyze events');
    return sessions * events.length;
  } finally {
    await client.end();
  }
}

const AT = '2026-11-24T10:05:00.000Z';
const FAILED = { at: AT, code: 'provider_unavailable', message: 'x', retriable: true, step: 'polish' };

/** @param variant a mark where SQL fills it in */
export function sessionEvents(
  sessionId = '{{session}}',
  user = '{{user}}',
  variant = '{{variant}}',
): NewEvent[] {
  const made = { at: AT, generation: 0, provider: 'bench', model: 'm' };
  const object = { key: `sessions/${sessionId}/text`, bytes: 400, sha256: 'ef'.repeat(32) };
  const coverage = { capturedMs: 180_000, storedMs: 180_000, transcribedMs: 180_000, gaps: [] };
  const rest: RecordingEvent[] = [
    { type: 'TranscriptAssembled', data: { ...made, ...object, characters: 400, coverage } },
    { type: 'EntryPolished', data: { ...made, ...object } },
    { type: 'EmotionAnalysed', data: { ...made, ...object } },
    { type: 'FeedbackWritten', data: { ...made, ...object } },
    { type: 'SessionCompleted', data: { at: AT, uploadWaitMs: 2_000, processingMs: 1_000, without: [] } },
  ];
  const [created, ...others] = fortyEvents(sessionId);
  if (created === undefined) throw new Error('not a session');
  const assignment = { flag: 'chunked-upload', variant, percent: 20, reason: 'rollout' };
  return [
    { ...created, data: { ...created.data, userId: user, assignment } },
    ...others,
    ...rest.map(({ type, data }) => ({ type, data, metadata: METADATA }) as unknown as NewEvent),
  ];
}
