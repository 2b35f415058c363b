/** Consumers on PostgreSQL: checkpoints, one leader, failing handlers, parked streams. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { createPool } from '../../src/database/pool.ts';
import { type Consumer, type ConsumerDefinition, startConsumer } from '../../src/eventlog/consumer.ts';
import type { ConsumerStore } from '../../src/eventlog/consumer-store.ts';
import {
  type EventLog,
  EventLogUnavailable,
  type NewEvent,
  type RecordedEvent,
} from '../../src/eventlog/event-log.ts';
import { postgresConsumerStore } from '../../src/eventlog/postgres/consumer-store.ts';
import { createPostgresEventLog } from '../../src/eventlog/postgres/postgres-event-log.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';

let database: TestDatabase;
let log: EventLog;
let pool: pg.Pool;
let store: ConsumerStore;
let consumers: Consumer[];
let errors: string[];

beforeEach(async () => {
  database = await createTestDatabase();
  const { connectionString } = database;
  log = createPostgresEventLog({ connectionString, onError: () => undefined });
  pool = createPool({ connectionString, name: 'test', max: 4, onError: () => undefined });
  store = postgresConsumerStore({ connectionString, pool });
  consumers = [];
  errors = [];
  await pool.query('create table handled (place serial, consumer text, stream text, version int, node text)');
}, 300_000);
afterEach(async () => {
  await Promise.all(consumers.map((consumer) => consumer.stop()));
  await log?.close();
  await pool?.end();
  await database?.drop();
});

const filter = { streamPrefix: 's-', types: ['A', 'Poison'] };
const event = (type = 'A'): NewEvent => ({
  type,
  data: {},
  metadata: { correlationId: 'c', actor: 'system:test' },
});

type Handle = ConsumerDefinition['handle'];

/** Writes down each event; `fails` is asked before, event by event. */
function writing(
  fails: (event: RecordedEvent) => void = () => undefined,
  node = 'one',
  name = 'test',
): Handle {
  return async (events) => {
    for (const each of events) fails(each);
    return async (transaction) => {
      for (const { stream, version } of events) {
        await transaction.query(
          'insert into handled (consumer, stream, version, node) values ($1, $2, $3, $4)',
          [name, stream, version, node],
        );
      }
    };
  };
}

function start(handle: Handle, name = 'test', rest: Pick<ConsumerDefinition, 'gatherMs'> = {}): Consumer {
  const consumer = startConsumer(
    { name, filter, handle, ...rest },
    {
      log,
      store,
      retryDelaysMs: [1, 5],
      onError: (error, what) => errors.push(`${what}: ${error}`),
    },
  );
  consumers.push(consumer);
  return consumer;
}

async function handled(name = 'test'): Promise<string[]> {
  const { rows } = await pool.query(
    'select stream, version from handled where consumer = $1 order by place',
    [name],
  );
  return rows.map(({ stream, version }) => `${stream}@${version}`);
}

async function checkpoint(name = 'test'): Promise<string | undefined> {
  const { rows } = await pool.query('select position from consumers where name = $1', [name]);
  return rows[0]?.position;
}

describe('a consumer', () => {
  it('handles what is there, then what comes, in commit order, and only what its filter lets through', async () => {
    await log.append('s-1', 'none', [event(), event('B'), event()]);
    await log.append('other', 'none', [event()]);
    start(writing());
    await eventually(async () => expect(await handled()).toEqual(['s-1@0', 's-1@2']));
    await log.append('s-2', 'none', [event()]);
    await eventually(async () => expect(await handled()).toEqual(['s-1@0', 's-1@2', 's-2@0']));
  });

  it('goes on where it stopped, and has its own checkpoint beside other consumers', async () => {
    const first = start(writing());
    await log.append('s-1', 'none', [event()]);
    await eventually(async () => expect(await handled()).toHaveLength(1));
    await first.stop();
    await log.append('s-1', 0, [event()]);
    start(writing());
    start(writing(undefined, 'one', 'another'), 'another');
    await eventually(async () => expect(await handled()).toEqual(['s-1@0', 's-1@1']));
    await eventually(async () => expect(await handled('another')).toEqual(['s-1@0', 's-1@1']));
  });

  it('that nobody waits for gathers what comes meanwhile for one transaction, and stops all the same', async () => {
    const batches: number[] = [];
    const write = writing();
    const counting: Handle = (events) => {
      batches.push(events.length);
      return write(events);
    };
    const first = start(counting, 'test', { gatherMs: 1_500 });
    await log.append('s-0', 'none', [event()]);
    await eventually(async () => expect(await handled()).toHaveLength(1));
    for (const stream of ['s-1', 's-2', 's-3']) await log.append(stream, 'none', [event()]);
    await eventually(async () => expect(await handled()).toEqual(['s-0@0', 's-1@0', 's-2@0', 's-3@0']));
    expect(batches).toEqual([1, 3]);
    await first.stop();
    const patient = start(counting, 'test', { gatherMs: 3_600_000 });
    await log.append('s-4', 'none', [event()]);
    await eventually(async () => expect(await handled()).toHaveLength(5));
    await patient.stop();
  });

  it('commits checkpoint and writes together or not at all', async () => {
    let failures = 3;
    const seen: (string | undefined)[] = [];
    const write = writing();
    start(async (events) => {
      seen.push(await checkpoint(), ...(await handled()));
      const all = await write(events);
      return async (transaction) => {
        await all(transaction);
        if (failures-- > 0) throw new Error('after the writes');
      };
    });
    await log.append('s-1', 'none', [event()]);
    await eventually(async () => expect(await handled()).toEqual(['s-1@0']));
    expect(seen).toEqual([undefined, undefined, undefined, undefined]);
    expect(await checkpoint()).toBeDefined();
  });

  it('writes its checkpoint also while nothing matches, but not for each event', async () => {
    await pool.query(`create table moves (at timestamptz);
      create function moved() returns trigger language plpgsql as
        $$ begin insert into moves values (clock_timestamp()); return null; end $$;
      create trigger moved after insert or update on consumers for each row execute function moved()`);
    start(writing());
    await log.append('s-1', 'none', [event()]);
    await eventually(async () => expect(await handled()).toHaveLength(1));
    const before = await checkpoint();
    for (let number = 0; number < 50; number++) await log.append(`other-${number}`, 'none', [event()]);
    const [last] = await log.read('other-49');
    await eventually(async () => expect(await checkpoint()).toBe(last?.position));
    expect(await checkpoint()).not.toBe(before);
    expect((await pool.query('select * from moves')).rowCount).toBeLessThan(6);
  });

  it('finishes the batch at hand when it is stopped', async () => {
    const begun = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const write = writing();
    const consumer = start(async (events) => {
      begun.resolve();
      await released.promise;
      return write(events);
    });
    await log.append('s-1', 'none', [event()]);
    await begun.promise;
    const stopped = consumer.stop();
    released.resolve();
    await stopped;
    expect(await handled()).toEqual(['s-1@0']);
    expect(await checkpoint()).toBeDefined();
  });

  it('tells how far it is behind: events of its own, and the age of the oldest', async () => {
    const definition = { name: 'test', filter };
    expect(await store.lag(definition)).toEqual({ events: 0, seconds: 0 });
    await log.append('s-1', 'none', [event(), event('B'), event()]);
    await pool.query(`update events set recorded_at = now() - interval '90 seconds'`);
    const behind = await store.lag(definition);
    expect(behind.events).toBe(2);
    expect(Math.round(behind.seconds / 10)).toBe(9);
    start(writing());
    await eventually(async () => expect(await store.lag(definition)).toEqual({ events: 0, seconds: 0 }));
  });
});

describe('several nodes', () => {
  it('lead one at a time; when the leader stops another takes over and nothing is handled twice', async () => {
    const one = start(writing(undefined, 'one'));
    await log.append('s-0', 'none', [event()]);
    await eventually(async () => expect(await handled()).toHaveLength(1));
    start(writing(undefined, 'two'));
    for (let number = 1; number < 30; number++) {
      await log.append(`s-${number}`, 'none', [event()]);
      if (number === 15) void one.stop();
    }
    await eventually(async () => expect(await handled()).toHaveLength(30));
    const { rows } = await pool.query(
      'select node, count(distinct stream)::int as streams from handled group by node',
    );
    expect(rows.reduce((sum, { streams }) => sum + streams, 0)).toBe(30);
    expect(rows.map(({ node }) => node).sort()).toEqual(['one', 'two']);
  });

  it('lose the lead with the connection, even in the middle of a batch, and nothing of it is written', async () => {
    let cut = true;
    const write = writing();
    start(async (events) => {
      const all = await write(events);
      return async (transaction) => {
        await all(transaction);
        if (!cut) return;
        cut = false;
        const { rows } = await transaction.query<{ pid: number }>('select pg_backend_pid() as pid');
        await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      };
    });
    await log.append('s-1', 'none', [event()]);
    await eventually(async () => expect(await handled()).toEqual(['s-1@0']));
    expect(errors.join()).toContain('the connection that held the lead of the consumer is gone');
    expect(await store.parked()).toEqual([]);
  });

  it('notice a lead that was lost while nothing happened', async () => {
    start(writing());
    await log.append('s-1', 'none', [event()]);
    await eventually(async () => expect(await handled()).toHaveLength(1));
    await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'thankly-consumer-test'`);
    await eventually(() => expect(errors.join()).toContain('gone'));
    await log.append('s-2', 'none', [event()]);
    await eventually(async () => expect(await handled()).toEqual(['s-1@0', 's-2@0']));
  });
});

describe('a handler that fails', () => {
  class Refused extends Error {
    readonly code = 'refused';
  }

  it('gets the same event again, and the others of the batch are handled once', async () => {
    for (const stream of ['s-1', 's-2', 's-3']) await log.append(stream, 'none', [event()]);
    let failures = 2;
    start(
      writing(({ stream }) => {
        if (stream === 's-2' && failures-- > 0) throw new Refused('not yet');
      }),
    );
    await eventually(async () => expect(await handled()).toEqual(['s-1@0', 's-2@0', 's-3@0']));
    expect(await store.parked()).toEqual([]);
  });

  it('has its stream parked in the end, and only that: the rest goes on, in order', async () => {
    await log.append('s-bad', 'none', [event(), event('Poison'), event()]);
    await log.append('s-good', 'none', [event(), event()]);
    start(
      writing(({ type }) => {
        if (type === 'Poison') throw new Refused('poison');
      }),
    );
    await eventually(async () => expect(await handled()).toEqual(['s-bad@0', 's-good@0', 's-good@1']));
    await log.append('s-bad', 2, [event()]);
    await log.append('s-good', 1, [event()]);
    await eventually(async () => expect((await handled()).at(-1)).toBe('s-good@2'));
    expect(await handled()).not.toContain('s-bad@3');
    expect(await store.parked()).toMatchObject([
      {
        consumer: 'test',
        stream: 's-bad',
        version: 1,
        eventType: 'Poison',
        errorCode: 'refused',
        errorMessage: 'poison',
        requeued: false,
      },
    ]);
  });

  it('gets the parked stream again in order when it is requeued, each event once, then follows it', async () => {
    let poisonous = true;
    const handle = writing(({ type }) => {
      if (type === 'Poison' && poisonous) throw new Refused('poison');
    });
    const first = start(handle);
    await log.append('s-bad', 'none', [event(), event('Poison'), event(), event('B'), event()]);
    await eventually(async () => expect(await store.parked()).toHaveLength(1));
    await first.stop(); // what was passed over is known after a restart, too
    start(handle);
    await log.append('s-bad', 4, [event()]);
    await log.append('s-good', 'none', [event()]);
    await eventually(async () => expect(await handled()).toEqual(['s-bad@0', 's-good@0']));

    expect(await store.requeue('test', 's-bad')).toBe(true);
    await eventually(async () =>
      expect(await store.parked()).toMatchObject([{ version: 1, requeued: false }]),
    );
    expect(await handled()).toEqual(['s-bad@0', 's-good@0']);

    poisonous = false;
    await store.requeue('test', 's-bad');
    await eventually(async () => expect(await store.parked()).toEqual([]));
    await log.append('s-bad', 5, [event()]);
    const replayed = ['s-bad@1', 's-bad@2', 's-bad@4', 's-bad@5', 's-bad@6'];
    await eventually(async () => expect(await handled()).toEqual(['s-bad@0', 's-good@0', ...replayed]));
    expect(await store.requeue('test', 's-bad')).toBe(false);
  });

  it('replays the rest only, when the replay was interrupted', async () => {
    let poisonous = new Set([1, 3]);
    start(
      writing(({ version }) => {
        if (poisonous.has(version)) throw new Refused('poison');
      }),
    );
    await log.append('s-bad', 'none', [event(), event(), event(), event(), event()]);
    await eventually(async () => expect(await store.parked()).toMatchObject([{ version: 1 }]));
    poisonous = new Set([3]);
    await store.requeue('test', 's-bad');
    await eventually(async () =>
      expect(await store.parked()).toMatchObject([{ version: 3, requeued: false }]),
    );
    poisonous = new Set();
    await store.requeue('test', 's-bad');
    await eventually(async () => expect(await store.parked()).toEqual([]));
    expect(await handled()).toEqual([0, 1, 2, 3, 4].map((version) => `s-bad@${version}`));
  });

  it('parks nothing while the log or the database is away, however long', async () => {
    let away = 6; // more than the tries that an event has
    start(
      writing(() => {
        if (away-- > 0) throw new EventLogUnavailable('away');
      }),
    );
    await log.append('s-1', 'none', [event()]);
    await eventually(async () => expect(await handled()).toEqual(['s-1@0']));
    expect(errors.length).toBeGreaterThan(3);
    expect(await store.parked()).toEqual([]);
  });
});
