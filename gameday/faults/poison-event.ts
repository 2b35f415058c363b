/**
 * An event that a consumer cannot handle, so that it sets the stream aside.
 *
 *   none ──begin──▶ poisoned ──the consumer tries it four times──▶ parked ──end──▶ requeued, handled, erased = none
 *
 * Nothing is ever deleted from the log, so an event that is itself unreadable would stay for good: only a change of the
 * code (`src/sessions/upcast.ts`) could mend it, and every rebuild of a view would meet it again. So the event is a good
 * one, of a recording that nobody makes, and it is its *reader* that is broken: a trigger refuses the row of that one
 * recording in `projections.session_list`. The consumer cannot tell the difference. Ending it mends the reader, requeues the stream
 * as a person would, and erases the recording.
 *
 * What was poisoned is written on the trigger itself: a game day that was killed leaves the trigger, which concerns no other
 * recording, and `end` finds it.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { sessionListProjection } from '../../projections/sessions.ts';
import { createPostgresEventLog } from '../../src/eventlog/postgres/postgres-event-log.ts';
import type { RecordingCommand } from '../../src/recording/commands.ts';
import { recordingStream } from '../../src/recording/events.ts';
import { DEFAULT_LIMITS } from '../../src/recording/limits.ts';
import { createSessions } from '../../src/sessions/sessions.ts';
import { connectionStringOf, withDatabase } from '../database.ts';
import type { Fault, Target } from '../fault.ts';

const CONSUMER = sessionListProjection.name;
const NAME = 'thankly_gameday_poison';
const POISONED = `select obj_description(oid, 'pg_trigger') as "sessionId" from pg_trigger where tgname = '${NAME}'`;
const REQUEUE = 'update parked_streams set requeued = true where stream = $1';
const LOCK_MS = 5_000;
const HANDLED_MS = 20_000;
const LOOK_MS = 200;

export const poisonEvent: Fault = {
  name: 'poison-event',
  title: 'A consumer meets an event that it cannot handle, and sets that stream aside.',
  alerts: [{ name: 'StreamsParked', withinMinutes: 4 }],
  panels: [{ dashboard: 'pipeline', title: 'Dead letters' }],
  console: '/console/dead-letters',
  forSeconds: 5 * 60,
  traffic: ['--chunked-wait', '1', '--single-wait', '2'],
  healed:
    'The stream is requeued, handled and no longer among the dead letters. StreamsParked resolves within 6 minutes. Requeue it yourself meanwhile, as the runbook says: it is parked again, and harms nobody else.',
  check: (target) =>
    withDatabase(
      target,
      async () => `appends the beginning of a recording of nobody, whose row ${CONSUMER} cannot write`,
    ),
  async begin(target) {
    const sessionId = randomUUID();
    await withDatabase(target, (client) => breakReader(client, sessionId));
    await decide(target, sessionId, created(sessionId));
    target.note(`appended ${recordingStream(sessionId)}`);
  },
  async end(target) {
    const sessionId = await withDatabase(target, mendReader);
    if (sessionId === null) return;
    const stream = recordingStream(sessionId);
    if (await requeued(target, stream)) target.note(`${stream} is handled again`);
    else target.note(`${stream} is still parked; it is handled when its consumer runs`);
    await decide(target, sessionId, { type: 'EraseSession', now: now() });
  },
};

async function breakReader(client: pg.Client, sessionId: string): Promise<void> {
  const id = client.escapeLiteral(sessionId);
  // One transaction, by the simple protocol.
  await client.query(`begin;
    set local lock_timeout = ${LOCK_MS};
    create or replace function ${NAME}() returns trigger language plpgsql as
      $$ begin raise exception 'game day: this event cannot be handled'; end $$;
    create trigger ${NAME} before insert or update on projections.session_list
      for each row when (new.session_id = ${id}) execute function ${NAME}();
    comment on trigger ${NAME} on projections.session_list is ${id};
    commit`);
}

/** Which recording it was broken for; null when it was not. */
async function mendReader(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ sessionId: string | null }>(POISONED);
  await client.query(`begin;
    set local lock_timeout = ${LOCK_MS};
    drop trigger if exists ${NAME} on projections.session_list;
    drop function if exists ${NAME}();
    commit`);
  return rows[0]?.sessionId ?? null;
}

/** Whether it was handled in time. Asked for again and again: it may be parked only now. */
function requeued(target: Target, stream: string): Promise<boolean> {
  return withDatabase(target, async (client) => {
    const giveUpAt = Date.now() + HANDLED_MS;
    for (;;) {
      if ((await client.query(REQUEUE, [stream])).rowCount === 0) return true;
      if (Date.now() > giveUpAt) return false;
      await delay(LOOK_MS);
    }
  });
}

async function decide(target: Target, sessionId: string, command: RecordingCommand): Promise<void> {
  const connectionString = connectionStringOf(target);
  const log = createPostgresEventLog({ connectionString, onError: () => undefined });
  try {
    const metadata = { correlationId: sessionId, actor: 'system:gameday' };
    await createSessions(log, DEFAULT_LIMITS).execute(sessionId, () => command, metadata);
  } finally {
    await log.close();
  }
}

/** Of nobody, and outside of the experiment. */
function created(sessionId: string): RecordingCommand {
  const at = now();
  return {
    type: 'CreateSession',
    now: at,
    authorize: 1,
    data: {
      sessionId,
      userId: 'gameday',
      kind: 'voice',
      strategy: 'chunked',
      assignment: { flag: 'chunked-upload', variant: 'chunked', percent: 0, reason: 'internal' },
      mimeType: 'audio/wav',
      segmenting: { mode: 'stream', seconds: 5 },
      images: [],
      device: { platform: 'gameday' },
      expiresAt: new Date(Date.parse(at) + DEFAULT_LIMITS.idleMs).toISOString(),
    },
  };
}

const now = () => new Date().toISOString();
