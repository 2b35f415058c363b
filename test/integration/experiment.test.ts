/** The experiment as the consumer builds it in PostgreSQL: from the log, again from its beginning, and beside itself. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { experimentConsumer, experiments } from '../../projections/experiment.ts';
import { createPool } from '../../src/database/pool.ts';
import { type Consumer, startConsumer } from '../../src/eventlog/consumer.ts';
import type { EventLog, JsonObject } from '../../src/eventlog/event-log.ts';
import { postgresConsumerStore } from '../../src/eventlog/postgres/consumer-store.ts';
import { createPostgresEventLog } from '../../src/eventlog/postgres/postgres-event-log.ts';
import { type RecordingEvent, recordingStream } from '../../src/recording/events.ts';
import { type RolloutEvent, rolloutStream } from '../../src/rollout/events.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { entered, planned, synced } from '../support/given-rollout.ts';

const FLAG = 'chunked-upload';
const at = '2026-11-24T10:00:00.000Z';

let database: TestDatabase;
let pool: pg.Pool;
let log: EventLog;
const consumers: Consumer[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const { connectionString } = database;
  const onError = (error: unknown) => process.stderr.write(`${String(error)}\n`);
  pool = createPool({ connectionString, name: 'test', max: 3, onError });
  log = createPostgresEventLog({ connectionString, onError });
});
afterAll(async () => {
  for (const consumer of consumers) await consumer.stop();
  await log.close();
  await pool.end();
  await database.drop();
});

function build(version: number): Consumer {
  const { connectionString } = database;
  const store = postgresConsumerStore({ connectionString, pool });
  const onError = (error: unknown, what: string) => process.stderr.write(`${what}: ${String(error)}\n`);
  const consumer = startConsumer(experimentConsumer(FLAG, version), { log, store, onError });
  consumers.push(consumer);
  return consumer;
}

async function append(stream: string, events: readonly (RecordingEvent | RolloutEvent)[]): Promise<void> {
  const metadata = { correlationId: 'test', actor: 'system:test' };
  await log.append(
    stream,
    'any',
    events.map(({ type, data }) => ({ type, data: data as unknown as JsonObject, metadata })),
  );
}

function session(
  userId: string,
  variant: 'chunked' | 'single',
  percent: number,
  isFailing: boolean,
): Promise<void> {
  const sessionId = randomUUID();
  return append(recordingStream(sessionId), [
    {
      type: 'SessionCreated',
      data: {
        at,
        sessionId,
        userId,
        kind: 'voice',
        strategy: variant,
        assignment: { flag: FLAG, variant, percent, reason: variant === 'chunked' ? 'rollout' : 'control' },
        mimeType: 'audio/wav',
        segmenting: { mode: 'stream', seconds: 5 },
        images: [],
        device: {},
        expiresAt: at,
      },
    },
    isFailing
      ? { type: 'SessionFailed', data: { at, code: 'x', message: 'x', retriable: false, step: 'merge' } }
      : { type: 'SessionCompleted', data: { at, uploadWaitMs: 2_000, processingMs: 1_000, without: [] } },
  ]);
}

/** Users 0 to 5 % are chunked at 5 %, to 20 % at 20 %; every seventh session fails. */
async function traffic(from: number, to: number, percent: number): Promise<void> {
  for (let user = from; user < to; user++) {
    const isChunked = user % 100 < percent;
    await session(`user-${user}`, isChunked ? 'chunked' : 'single', percent, user % 7 === 0);
  }
}

const shown = async (version: number) => {
  const view = await experiments(pool, version).read(FLAG);
  if (view === null) throw new Error(`version ${version} is not there yet`);
  return view;
};
const sessionsIn = async (version: number) => {
  const { stages } = await shown(version);
  return stages.reduce((sum, { arms }) => sum + arms.chunked.sessions + arms.single.sessions, 0);
};

describe('the experiment in PostgreSQL', () => {
  it('follows the log across stages', async () => {
    build(1);
    await append(rolloutStream(FLAG), [planned, entered(5), synced(5)]);
    await traffic(0, 100, 5);
    await append(rolloutStream(FLAG), [entered(20), synced(20)]);
    await traffic(0, 200, 20);
    await eventually(async () => expect(await sessionsIn(1)).toBe(300));
    const { stages, total, internal } = await shown(1);
    expect(stages.map(({ percent, arms }) => [percent, arms.chunked.sessions, arms.single.sessions])).toEqual(
      [
        [5, 5, 95],
        [20, 40, 160],
      ],
    );
    expect(total.arms.chunked).toMatchObject({ sessions: 45, open: 0 });
    expect(internal.sessions).toBe(0);
  }, 60_000);

  it('goes on where it was after a restart, and counts nothing twice', async () => {
    await consumers[0]?.stop();
    await traffic(200, 250, 20);
    build(1);
    await eventually(async () => expect(await sessionsIn(1)).toBe(350));
  }, 60_000);

  it('is built anew beside the live one, and comes to the same', async () => {
    build(2);
    await eventually(async () => expect(await sessionsIn(2)).toBe(350));
    await eventually(async () => expect(await shown(2)).toEqual(await shown(1)));
  }, 60_000);

  it('is unknown for a flag that has none', async () => {
    expect(await experiments(pool).read('another-flag')).toBeNull();
  });
});
