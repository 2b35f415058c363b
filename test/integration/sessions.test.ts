/** Commands of one session that meet: on one node, on two, and beside one that cannot be recorded. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventLog } from '../../src/eventlog/event-log.ts';
import { createPostgresEventLog } from '../../src/eventlog/postgres/postgres-event-log.ts';
import { recordingStream } from '../../src/recording/events.ts';
import { DEFAULT_LIMITS } from '../../src/recording/limits.ts';
import { createSessions, type Sessions } from '../../src/sessions/sessions.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { acknowledge, create, later } from '../support/recording-events.ts';

const METADATA = { correlationId: 'c', actor: 'system:test' };

let database: TestDatabase;
let log: EventLog;

beforeAll(async () => {
  database = await createTestDatabase();
  log = createPostgresEventLog({ connectionString: database.connectionString, onError: () => undefined });
}, 300_000);
afterAll(async () => {
  await log?.close();
  await database?.drop();
});

/** A node: the log, with its appends counted. */
function node(): { sessions: Sessions; appends: number[] } {
  const appends: number[] = [];
  const counted: EventLog = {
    ...log,
    append: (stream, expected, events) => {
      appends.push(events.length);
      return log.append(stream, expected, events);
    },
    read: (stream, from) => log.read(stream, from),
  };
  return { sessions: createSessions(counted, DEFAULT_LIMITS), appends };
}

const created = (sessions: Sessions, sessionId: string) =>
  sessions.execute(sessionId, () => create({ sessionId }), METADATA);

async function types(sessionId: string): Promise<string[]> {
  return (await log.read(recordingStream(sessionId))).map(({ type }) => type);
}

describe('commands of one session', () => {
  it('that meet on one node are decided in their order and appended together', async () => {
    const { sessions, appends } = node();
    const id = crypto.randomUUID();
    await created(sessions, id);
    const first = sessions.execute(id, () => acknowledge(0), METADATA);
    const others = [1, 2, 3, 1].map((index) => sessions.execute(id, () => acknowledge(index), METADATA));
    const executed = await Promise.all([first, ...others]);
    expect(appends.reduce((sum, events) => sum + events)).toBe(6);
    expect(appends.length).toBeLessThanOrEqual(3); // the creation, and two turns at most
    expect(executed.map(({ events, version }) => [events.length, version])).toEqual([
      [1, 2],
      [1, 3],
      [1, 4],
      [1, 5],
      [0, 5],
    ]);
    expect((await types(id)).slice(2)).toEqual(Array(4).fill('ChunkReceived'));
  });

  it('that meet on two nodes are all recorded once', async () => {
    const [one, two] = [node(), node()];
    const id = crypto.randomUUID();
    await created(one.sessions, id);
    await Promise.all(
      [0, 1, 2, 3, 4, 5].map((index) =>
        (index % 2 === 0 ? one : two).sessions.execute(id, () => acknowledge(index), METADATA),
      ),
    );
    const { session } = await one.sessions.load(id);
    expect([...(session?.chunks.keys() ?? [])].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect((await types(id)).filter((type) => type === 'ChunkReceived')).toHaveLength(6);
  });

  it('fail alone: one whose command cannot be made, or that is too large for an append', async () => {
    const { sessions } = node();
    const id = crypto.randomUUID();
    await created(sessions, id);
    const levels = Array<number>(400_000).fill(-20);
    const outcomes = await Promise.allSettled([
      sessions.execute(id, () => acknowledge(0), METADATA),
      sessions.execute(id, () => Promise.reject(new Error('store away')), METADATA),
      sessions.execute(id, () => acknowledge(1, { levels }), METADATA),
      sessions.execute(id, () => acknowledge(2, { now: later(2_000) }), METADATA),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { message: 'store away' } });
    expect(outcomes[2]).toMatchObject({ reason: { code: 'invalid_append' } });
    const { session } = await sessions.load(id);
    expect([...(session?.chunks.keys() ?? [])]).toEqual([0, 2]);
  });
});
