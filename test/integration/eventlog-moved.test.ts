/**
 * The database is dumped and restored into a new cluster, whose transaction ids begin far below those of the events: what
 * was half consumed goes on where it was, and what was under way is finished.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { createPool } from '../../src/database/pool.ts';
import { startConsumer } from '../../src/eventlog/consumer.ts';
import type { EventLog } from '../../src/eventlog/event-log.ts';
import { postgresConsumerStore } from '../../src/eventlog/postgres/consumer-store.ts';
import { continueCommitOrder } from '../../src/eventlog/postgres/continue-commit-order.ts';
import { createPostgresEventLog } from '../../src/eventlog/postgres/postgres-event-log.ts';
import { setFaults, startApplication } from '../support/application.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { httpClient } from '../support/http-client.ts';
import { countAhead, type FreshCluster, freshCluster, moveDatabase } from '../support/move-database.ts';

let cluster: FreshCluster;
let ends: (() => Promise<unknown>)[];
beforeAll(async () => {
  cluster = await freshCluster();
}, 300_000);
afterAll(() => cluster?.remove());
beforeEach(() => {
  ends = [];
});
afterEach(async () => {
  for (const end of ends.reverse()) await end();
}, 300_000);

describe('a consumer of a log that has moved', () => {
  type Node = { readonly connectionString: string; readonly log: EventLog; readonly pool: pg.Pool };

  function nodeOn(connectionString: string): Node {
    const log = createPostgresEventLog({ connectionString, onError: () => undefined });
    const pool = createPool({ connectionString, name: 'test', max: 4, onError: () => undefined });
    ends.push(
      () => pool.end(),
      () => log.close(),
    );
    return { connectionString, log, pool };
  }

  const HANDLED = 'drop table if exists handled; create table handled (place serial, stream text)';

  const append = ({ log }: Node, ...names: string[]) =>
    Promise.all(
      names.map((name) =>
        log.append(`s-${name}`, 'any', [
          { type: 'A', data: {}, metadata: { correlationId: 'c', actor: 'system:test' } },
        ]),
      ),
    );

  const handled = async ({ pool }: Node): Promise<string[]> =>
    (await pool.query('select stream from handled order by place')).rows.map(({ stream }) => stream);

  /** Writes down what the consumer is given, until it was given so many in all. */
  async function followUntil(node: Node, total: number): Promise<void> {
    const { log, pool, connectionString } = node;
    const consumer = startConsumer(
      {
        name: 'test',
        filter: { streamPrefix: 's-' },
        handle: async (events) => async (transaction) => {
          for (const { stream } of events)
            await transaction.query('insert into handled (stream) values ($1)', [stream]);
        },
      },
      { log, store: postgresConsumerStore({ connectionString, pool }), onError: () => undefined },
    );
    try {
      await eventually(async () => expect(await handled(node)).toHaveLength(total));
    } finally {
      await consumer.stop();
    }
  }

  it('gets what it had not got, and what is appended from then on, each once and in order', async () => {
    const database = await createTestDatabase();
    ends.push(() => database.drop());
    const before = nodeOn(database.connectionString);
    const after = nodeOn(cluster.connectionString);
    for (const { pool } of [before, after]) await pool.query(HANDLED);
    await countAhead(before.connectionString);
    await append(before, 'a', 'b');
    await followUntil(before, 2);
    await append(before, 'c', 'd');
    await moveDatabase(before.connectionString, after.connectionString);

    expect(Number(await continueCommitOrder(after.connectionString))).toBeGreaterThan(0);
    await append(after, 'e');
    await followUntil(after, 5);
    expect((await handled(after)).slice(0, 2).sort()).toEqual(['s-a', 's-b']);
    expect((await handled(after)).slice(2, 4).sort()).toEqual(['s-c', 's-d']);
    expect((await handled(after))[4]).toBe('s-e');

    // Nothing is left to do: neither here at the next start, nor where nothing ever moved.
    expect(await continueCommitOrder(after.connectionString)).toBeNull();
    expect(await continueCommitOrder(before.connectionString)).toBeNull();

    // Moved back, to a cluster that has counted further meanwhile, and appended to there.
    await countAhead(before.connectionString);
    await moveDatabase(after.connectionString, before.connectionString);
    expect(await continueCommitOrder(before.connectionString)).toBeNull();
    await append(before, 'f');
    await followUntil(before, 6);
    expect((await handled(before)).at(-1)).toBe('s-f');
  }, 60_000);

  it('does not begin anew, nor wait, with events that come at once on two nodes', async () => {
    const database = await createTestDatabase();
    ends.push(() => database.drop());
    const before = nodeOn(database.connectionString);
    await countAhead(before.connectionString);
    await append(before, 'a');
    await moveDatabase(before.connectionString, cluster.connectionString);
    const shifts = await Promise.all([1, 2, 3].map(() => continueCommitOrder(cluster.connectionString)));
    expect(shifts.filter((shift) => shift !== null)).toHaveLength(1);
    const [one, two] = [nodeOn(cluster.connectionString), nodeOn(cluster.connectionString)];
    await one.pool.query(HANDLED);
    const names = Array.from({ length: 20 }, (_, number) => String(number));
    await Promise.all([append(one, ...names), append(two, ...names)]);
    await followUntil(one, 41);
    expect(new Set(await handled(one)).size).toBe(21);
  }, 60_000);
});

describe('an application whose database has moved', () => {
  const recordingOf = (words: readonly string[]) => wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000);
  const ONCE = [
    'SessionCreated',
    'UploadCompleted',
    'RecordingMerged',
    'TranscriptAssembled',
    'EntryPolished',
    'SessionCompleted',
  ];

  it('shows what was done, does what was due, and takes the rest of what was being said', async () => {
    const before = await startApplication();
    ends.push(() => before.stop());
    await countAhead(before.connectionString);
    const me = httpClient(before.url, await before.token('anna'));
    const database = new pg.Client({ connectionString: before.connectionString });
    await database.connect();
    ends.push(() => database.end());
    const [done, unlisted, due, half] = [400, 500, 600, 700].map((from) => numberedWords(6, from));
    const record = async (words: readonly string[] = []) => {
      const bytes = recordingOf(words);
      const id = await me.upload([bytes], { segmenting: { mode: 'stream' } });
      expect((await me.complete(id, [bytes])).status).toBe(202);
      return id;
    };
    const doneId = await record(done);
    await me.statusWhen(doneId, me.ended);
    await eventually(async () => expect((await me.request('GET', '/entries')).body.entries).toHaveLength(1));
    // The list stands still from here on, so this one is in the log and in no list.
    await database.query('begin');
    await database.query('lock table projections.entries in share mode');
    const unlistedId = await record(unlisted);
    await me.statusWhen(unlistedId, me.ended);
    // Its jobs are being worked at when the dump is made.
    await setFaults({ url: before.sandboxUrl }, { mode: 'timeout' });
    const dueId = await record(due);
    const halfChunks = [recordingOf(half ?? []), recordingOf(numberedWords(6, 800))];
    const halfId = await me.upload(halfChunks.slice(0, 1), { segmenting: { mode: 'segments' } });
    await moveDatabase(before.connectionString, cluster.connectionString);
    await database.query('rollback');

    const after = await startApplication({
      DATABASE_URL: cluster.connectionString,
      DATA_DIR: before.dataDir,
    });
    ends.push(() => after.stop());
    const again = httpClient(after.url, await after.token('anna'));
    expect((await again.statusWhen(dueId, again.ended)).transcript.text).toBe(due?.join(' '));
    const { urls } = (await again.request('GET', `/audio/session/${halfId}/presign?chunks=1`)).body;
    const [, second] = halfChunks;
    if (second === undefined) throw new Error('no second chunk');
    expect((await again.put(urls[0], second)).status).toBeLessThan(300);
    expect((await again.complete(halfId, halfChunks)).status).toBe(202);
    expect(await again.statusWhen(halfId, again.ended)).toMatchObject({ state: 'completed' });
    await eventually(async () =>
      expect(
        (await again.request('GET', '/entries')).body.entries.map(({ id }: { id: string }) => id).sort(),
      ).toEqual([doneId, unlistedId, dueId, halfId].sort()),
    );

    const moved = new pg.Client({ connectionString: cluster.connectionString });
    await moved.connect();
    ends.push(() => moved.end());
    const { rows } = await moved.query(
      `select type, count(*)::int from events where type = any ($1) group by stream, type`,
      [ONCE],
    );
    expect(rows).toHaveLength(4 * ONCE.length);
    expect(rows.filter(({ count }) => count !== 1)).toEqual([]);
  }, 90_000);
});
