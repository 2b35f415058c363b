/** Recordings that come in, and somebody who reads the views all the while and holds them to what he saw before. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { entryList } from '../../projections/entries.ts';
import { experiments } from '../../projections/experiment.ts';
import { sessionList } from '../../projections/sessions.ts';
import type { EventLog, JsonObject } from '../../src/eventlog/event-log.ts';
import { type RecordingEvent, recordingStream } from '../../src/recording/events.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { rolloutStream } from '../../src/rollout/events.ts';
import { entered, planned, synced } from './given-rollout.ts';
import { created, received, result, uploadCompleted } from './recording-events.ts';

const FLAG = 'chunked-upload';
const USER = 'reader';

export async function append(
  log: EventLog,
  stream: string,
  events: readonly (RecordingEvent | RolloutEvent)[],
): Promise<void> {
  const metadata = { correlationId: 'test', actor: 'system:test' };
  await log.append(
    stream,
    'any',
    events.map(({ type, data }) => ({ type, data: data as unknown as JsonObject, metadata })),
  );
}

/** The flag at 20 %, so that the experiment counts. */
export function startRollout(log: EventLog): Promise<void> {
  return append(log, rolloutStream(FLAG), [planned, entered(20), synced(20)]);
}

/** A recording of the reader's that became an entry; resolves to its id. */
export async function record(log: EventLog): Promise<string> {
  const sessionId = randomUUID();
  const assignment = { flag: FLAG, variant: 'chunked', percent: 20, reason: 'rollout' } as const;
  const at = new Date().toISOString();
  const [first, ...others] = created({ sessionId, userId: USER, assignment });
  if (first === undefined || first.type !== 'SessionCreated') throw new Error('not a beginning');
  await append(log, recordingStream(sessionId), [
    { ...first, data: { ...first.data, at } },
    ...others,
    received(0),
    uploadCompleted(1),
    result('merge'),
    result('transcribe'),
    result('polish'),
    { type: 'SessionCompleted', data: { at, uploadWaitMs: 2_000, processingMs: 1_000, without: [] } },
  ]);
  return sessionId;
}

export function erase(log: EventLog, sessionId: string): Promise<void> {
  return append(log, recordingStream(sessionId), [
    { type: 'SessionErased', data: { at: new Date().toISOString() } } as RecordingEvent,
  ]);
}

export type Views = {
  readonly entries: readonly string[];
  readonly sessions: readonly string[];
  readonly completed: number;
};

const MANY = 100_000;

export async function readViews(pool: pg.Pool): Promise<Views> {
  const list = sessionList(pool, { recordingMs: 0, processingMs: 0 });
  const [entries, sessions, experiment] = await Promise.all([
    entryList(pool).page(USER, { limit: MANY }),
    list.page({ limit: MANY }, new Date().toISOString()),
    experiments(pool).read(FLAG),
  ]);
  return {
    entries: entries.map(({ sessionId }) => sessionId),
    sessions: sessions.filter(({ state }) => state === 'completed').map(({ sessionId }) => sessionId),
    completed: experiment?.total.arms.chunked.completed ?? 0,
  };
}

export type Watch = {
  /** How often the views were read. */
  readonly reads: number;
  /** Errors, and steps back: what was there before, and is not now. */
  readonly complaints: readonly string[];
};

/** Reads on and on until `stop` is called. */
export function watchViews(pool: pg.Pool): { stop(): Promise<Watch> } {
  const complaints: string[] = [];
  let [reads, isWatching] = [0, true];
  const watching = (async () => {
    let before: Views = { entries: [], sessions: [], completed: 0 };
    while (isWatching) {
      try {
        const views = await readViews(pool);
        for (const name of ['entries', 'sessions'] as const) {
          const seen = new Set(views[name]);
          const missing = before[name].filter((id) => !seen.has(id));
          if (missing.length > 0) complaints.push(`${name}: ${missing.length} are missing`);
        }
        if (views.completed < before.completed)
          complaints.push(`experiment: ${before.completed} were completed, then ${views.completed}`);
        before = views;
        reads++;
      } catch (error) {
        complaints.push(String(error));
      }
    }
  })();
  return {
    async stop() {
      isWatching = false;
      await watching;
      return { reads, complaints };
    },
  };
}
