/** Consumers in partitions, on both logs: who leads what, and that a change of their number loses and repeats nothing. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { createPool } from '../../src/database/pool.ts';
import { consumersOf } from '../../src/eventlog/consumers.ts';
import { type EventLog, EventLogUnavailable, type NewEvent } from '../../src/eventlog/event-log.ts';
import { openKurrentDb } from '../../src/eventlog/kurrentdb/kurrentdb-event-log.ts';
import type { LogIndex } from '../../src/eventlog/log-index.ts';
import { partitionOf } from '../../src/eventlog/partition.ts';
import { postgresConsumerStore } from '../../src/eventlog/postgres/consumer-store.ts';
import { postgresLogIndex } from '../../src/eventlog/postgres/log-index.ts';
import { createPostgresEventLog } from '../../src/eventlog/postgres/postgres-event-log.ts';
import { strangeCheckpoints } from '../../src/eventlog/postgres/strange-checkpoints.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startTestKurrentDb, type TestKurrentDb } from '../support/kurrentdb.ts';
import {
  CONSUMER,
  HANDLED,
  type PartitionNode,
  type PartitionNodeOptions,
  startPartitionNode,
} from '../support/partition-node.ts';

const event = (type = 'A'): NewEvent => ({
  type,
  data: {},
  metadata: { correlationId: 'c', actor: 'system:test' },
});
const STREAMS = Array.from({ length: 16 }, (_, number) => `s-${number}`);
const inPartition = (partition: number, of: number) =>
  STREAMS.filter((stream) => partitionOf(stream, of) === partition);

describe.each(['PostgreSQL', 'KurrentDB’s double'])('a consumer in partitions, following %s', (which) => {
  let kurrent: TestKurrentDb | null = null;
  let database: TestDatabase;
  let log: EventLog;
  let index: LogIndex;
  let pool: pg.Pool;
  let nodes: PartitionNode[];
  let appended: Map<string, number>;

  beforeEach(async () => {
    database = await createTestDatabase();
    const { connectionString } = database;
    pool = createPool({ connectionString, name: 'test', max: 4, onError: () => undefined });
    if (which === 'PostgreSQL') {
      log = createPostgresEventLog({ connectionString, onError: () => undefined });
      index = postgresLogIndex(pool);
    } else {
      kurrent = await startTestKurrentDb();
      ({ log, index } = openKurrentDb({ url: kurrent.url, onError: () => undefined }));
    }
    nodes = [];
    appended = new Map();
    await pool.query(HANDLED);
  }, 300_000);
  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await log?.close();
    await kurrent?.remove();
    kurrent = null;
    await pool?.end();
    await database?.drop();
  });

  function start(name: string, partitions: number, before?: PartitionNodeOptions['before']): PartitionNode {
    const { connectionString } = database;
    const options = { connectionString, log, index, name, partitions };
    const node = startPartitionNode(before === undefined ? options : { ...options, before });
    nodes.push(node);
    return node;
  }

  async function stop(node: PartitionNode): Promise<void> {
    nodes = nodes.filter((each) => each !== node);
    await node.stop();
  }

  async function append(stream: string, type = 'A'): Promise<void> {
    await log.append(stream, 'any', [event(type)]);
    appended.set(stream, (appended.get(stream) ?? 0) + 1);
  }

  const appendAll = (streams: readonly string[] = STREAMS) =>
    Promise.all(streams.map((stream) => append(stream)));

  type Handled = { stream: string; version: number; node: string };
  const handled = async () =>
    (await pool.query<Handled>('select stream, version, node from handled order by place')).rows;

  /** Each event once, and those of a stream in their order. */
  async function expectEachOnce(): Promise<void> {
    const rows = await handled();
    const got = (stream: string) => rows.filter((row) => row.stream === stream).map(({ version }) => version);
    for (const [stream, count] of appended)
      expect([stream, ...got(stream)]).toEqual([stream, ...Array.from({ length: count }, (_, each) => each)]);
  }

  /** Who handled the newest event of each partition. */
  async function nodesOf(of: number): Promise<string[]> {
    const rows = await handled();
    return Array.from(
      { length: of },
      (_, partition) => rows.findLast(({ stream }) => partitionOf(stream, of) === partition)?.node ?? '-',
    );
  }

  /** New events tell who leads. */
  async function shares(of: number): Promise<Record<string, number>> {
    await appendAll();
    await eventually(expectEachOnce, 5_000);
    const counts: Record<string, number> = {};
    for (const node of await nodesOf(of)) counts[node] = (counts[node] ?? 0) + 1;
    return counts;
  }

  const layouts = async () =>
    (
      await pool.query<{ partitions: number; before: unknown[] }>(
        'select partitions, before from consumer_layouts',
      )
    ).rows;
  const checkpoints = async () =>
    (await pool.query<{ name: string }>('select name from consumers order by name')).rows.map(
      ({ name }) => name,
    );

  it('is led by several nodes, about evenly, also by one that comes later, and all of it by the one that is left', async () => {
    const one = start('one', 4);
    await eventually(async () => expect(await shares(4)).toEqual({ one: 4 }));
    start('two', 4);
    await eventually(async () => expect(await shares(4)).toEqual({ one: 2, two: 2 }));
    await stop(one);
    await eventually(async () => expect(await shares(4)).toEqual({ two: 4 }));
    await expectEachOnce();
    expect(await checkpoints()).toEqual(['parts/0', 'parts/1', 'parts/2', 'parts/3']);
  }, 60_000);

  it('is shared among three as evenly as two partitions can be', async () => {
    for (const name of ['one', 'two', 'three']) start(name, 2);
    await eventually(async () => expect(Object.values(await shares(2))).toEqual([1, 1]));
  }, 60_000);

  it('is taken over when connections are lost, in the middle of a batch, and nothing is written twice', async () => {
    start('one', 2);
    start('two', 2);
    await eventually(async () => expect(await shares(2)).toEqual({ one: 1, two: 1 }));
    for (let round = 0; round < 3; round++) {
      await Promise.all([
        appendAll(),
        pool.query(`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name like 'thankly-consumer-parts%'`),
      ]);
      await appendAll();
    }
    await eventually(expectEachOnce);
  }, 60_000);

  it('keeps what a faster partition had handled when it is split otherwise, and is as new when all have come past', async () => {
    const away = (streams: readonly string[]) => (each: { stream: string }) => {
      if (streams.includes(each.stream)) throw new EventLogUnavailable('away');
    };
    const first = start('one', 2, away(inPartition(0, 2)));
    await appendAll();
    await appendAll(inPartition(1, 2));
    const ofOne = () => inPartition(1, 2).reduce((sum, stream) => sum + (appended.get(stream) ?? 0), 0);
    await eventually(async () => expect(await handled()).toHaveLength(ofOne()));
    await stop(first);

    // Grown while half of it is behind, and in other parts; of these one is away.
    const second = start('two', 3, away(inPartition(2, 3)));
    await appendAll();
    const isOpen = (stream: string) => partitionOf(stream, 3) !== 2;
    await eventually(async () => {
      const rows = await handled();
      for (const stream of STREAMS.filter(isOpen))
        expect(rows.filter((row) => row.stream === stream)).toHaveLength(appended.get(stream) ?? 0);
    });
    expect(await layouts()).toMatchObject([{ partitions: 3, before: [{ partitions: 2 }] }]);
    await stop(second);

    start('three', 1);
    await appendAll();
    await eventually(expectEachOnce);
    await eventually(async () => expect(await layouts()).toEqual([]));
    expect(await checkpoints()).toEqual(['parts']);
  }, 60_000);

  it('is split otherwise by a rolling restart, up and down, while events come', async () => {
    let running = true;
    const writing = (async () => {
      for (let number = 0; running; number++) await append(STREAMS[number % STREAMS.length] ?? 's-0');
    })();
    writing.catch(() => undefined); // it is awaited below
    /** While the newer one of two waits, and after it has begun. */
    const progress = async () => {
      const before = (await handled()).length;
      await eventually(async () => expect((await handled()).length).toBeGreaterThan(before + 20));
    };
    let two: [PartitionNode, PartitionNode] = [start('a1', 1), start('b1', 1)];
    try {
      for (const partitions of [3, 4, 2, 1]) {
        for (const which of [0, 1] as const) {
          await stop(two[which]);
          two = two.with(which, start(`${'ab'[which]}${partitions}`, partitions)) as typeof two;
          await progress();
        }
        const { store } = two[0];
        await eventually(async () =>
          expect(await store.partitions(CONSUMER.name)).toEqual({ of: partitions, led: partitions }),
        );
      }
    } finally {
      running = false;
    }
    await writing;
    await eventually(expectEachOnce);
    expect([...two[0].errors, ...two[1].errors]).toEqual([]);
    await eventually(async () => expect(await layouts()).toEqual([]));
  }, 120_000);

  it('parks a stream under its own name, and replays it wherever it is after a change', async () => {
    let poisonous = true;
    const poison = ({ type }: { type: string }) => {
      if (type === 'Poison' && poisonous) throw new Error('poison');
    };
    const first = start('one', 4, poison);
    await append('s-3', 'Poison');
    await appendAll();
    await eventually(async () => expect(await first.store.parked()).toMatchObject([{ consumer: 'parts' }]));
    await eventually(async () => expect(await handled()).toHaveLength(STREAMS.length - 1));
    await stop(first);
    const second = start('two', 3, poison);
    await appendAll();
    await eventually(async () => expect(await handled()).toHaveLength(2 * (STREAMS.length - 1)));
    expect(await second.store.requeue('parts', 's-3')).toBe(true);
    await eventually(async () =>
      expect(await second.store.parked()).toMatchObject([{ stream: 's-3', requeued: false, version: 0 }]),
    );
    poisonous = false;
    await second.store.requeue('parts', 's-3');
    await eventually(async () => expect(await second.store.parked()).toEqual([]));
    await appendAll();
    await eventually(expectEachOnce);
  }, 60_000);

  it('is shown as one: behind as its slowest partition, with how many of them are led', async () => {
    const store = postgresConsumerStore({ connectionString: database.connectionString, pool, index });
    const shown = consumersOf([CONSUMER], store, async () => []);
    expect(await shown.list()).toMatchObject([{ name: 'parts', partitions: 1, partitionsLed: 0 }]);
    const slow = inPartition(1, 2)[0] ?? '';
    const away = (each: { stream: string }) => {
      if (each.stream === slow) throw new EventLogUnavailable('away');
    };
    const node = start('one', 2, away);
    await append(slow);
    await append(slow);
    await eventually(async () =>
      expect(await shown.list()).toEqual([
        {
          name: 'parts',
          lagEvents: 2,
          lagSeconds: expect.any(Number),
          parkedStreams: 0,
          partitions: 2,
          partitionsLed: 2,
        },
      ]),
    );
    await stop(node);
    expect(await shown.list()).toMatchObject([{ lagEvents: 2, partitions: 2, partitionsLed: 0 }]);
    start('two', 2);
    await eventually(async () => expect(await shown.list()).toMatchObject([{ lagEvents: 0 }]));
  }, 60_000);
});

it('places of another log are found also among those that layouts of before had come to', async () => {
  const database = await createTestDatabase();
  const pool = createPool({
    connectionString: database.connectionString,
    name: 'test',
    max: 1,
    onError: () => undefined,
  });
  try {
    await pool.query(`insert into consumers (name, position) values ('own/0', '1:1'), ('own/1', '1:2')`);
    const layout = `insert into consumer_layouts (consumer, partitions, before) values ($1, 2, $2)`;
    const before = (...handledTo: (string | null)[]) => JSON.stringify([{ partitions: 2, handledTo }]);
    await pool.query(layout, ['own', before('1:1', null)]);
    expect(await strangeCheckpoints(pool, postgresLogIndex(pool))).toEqual([]);
    await pool.query(layout, ['strange', before('C:1/P:1', 'C:2/P:2')]);
    expect(await strangeCheckpoints(pool, postgresLogIndex(pool))).toEqual(['strange']);
  } finally {
    await pool.end();
    await database.drop();
  }
});

describe('a node that is older than partitions', () => {
  const LOCK = `hashtextextended('thankly-consumer/parts', 0)`;
  const MOVE = `insert into consumers (name, position) values ('parts', '9:9')
    on conflict (name) do update set position = excluded.position, updated_at = now()`;
  let database: TestDatabase;
  let log: EventLog;
  let pool: pg.Pool;
  let node: PartitionNode | null = null;

  beforeAll(async () => {
    database = await createTestDatabase();
    const { connectionString } = database;
    pool = createPool({ connectionString, name: 'old-node', max: 2, onError: () => undefined });
    log = createPostgresEventLog({ connectionString, onError: () => undefined });
    await pool.query(HANDLED);
  }, 300_000);
  afterAll(async () => {
    await node?.stop();
    await log?.close();
    await pool?.end();
    await database?.drop();
  });

  const start = () => {
    const { connectionString } = database;
    return startPartitionNode({
      connectionString,
      log,
      index: postgresLogIndex(pool),
      name: 'new',
      partitions: 2,
    });
  };
  const handled = async () => (await pool.query('select * from handled')).rowCount;

  it('keeps the partitions waiting while it leads, and cannot lead while one is led', async () => {
    const old = await pool.connect();
    try {
      await old.query(`select pg_advisory_lock(${LOCK})`);
      node = start();
      await log.append('s-1', 'none', [event()]);
      const { store } = node;
      // It has joined, and is kept waiting: there is a connection, and nothing is led.
      await eventually(async () =>
        expect(
          (await pool.query(`select from pg_stat_activity where application_name = 'thankly-consumer-parts'`))
            .rowCount,
        ).toBe(1),
      );
      expect(await store.partitions('parts')).toEqual({ of: 1, led: 1 });
      expect(await handled()).toBe(0);
      await old.query(MOVE);
      await old.query(`delete from consumers`);
      await old.query(`select pg_advisory_unlock(${LOCK})`);
      await eventually(async () => expect(await handled()).toBe(1));
      expect((await old.query(`select pg_try_advisory_lock(${LOCK}) as got`)).rows).toEqual([{ got: false }]);
    } finally {
      old.release();
    }
  }, 60_000);

  it('cannot write with the checkpoint of what is split when no other node is left, until it is whole again', async () => {
    await node?.stop();
    node = null;
    await expect(pool.query(MOVE)).rejects.toMatchObject({ code: '55000' });
    expect(
      postgresConsumerStore({ connectionString: database.connectionString, pool }).isTransient(
        await pool.query(MOVE).catch((error) => error),
      ),
    ).toBe(false);
    const { connectionString } = database;
    const index = postgresLogIndex(pool);
    node = startPartitionNode({ connectionString, log, index, name: 'whole', partitions: 1 });
    await log.append('s-1', 'any', [event()]);
    await eventually(async () => expect(await handled()).toBe(2));
    await node.stop();
    node = null;
    await pool.query(MOVE);
  }, 60_000);
});
