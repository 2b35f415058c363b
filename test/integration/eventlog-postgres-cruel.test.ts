/** What only PostgreSQL can do to the log: transactions left open, connections cut, faults inside a batch. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  type EventLog,
  EventLogUnavailable,
  type NewEvent,
  type RecordedEvent,
} from '../../src/eventlog/event-log.ts';
import { createPostgresEventLog } from '../../src/eventlog/postgres/postgres-event-log.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';

const event: NewEvent = { type: 'A', data: {}, metadata: { correlationId: 'c', actor: 'system:test' } };
const INSERT = `insert into events (stream, version, type, data, metadata) values ($1, 0, 'A', '{}', '{}')`;

let database: TestDatabase;
let log: EventLog;
const errors: unknown[] = [];

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.connectionString });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

beforeAll(async () => {
  database = await createTestDatabase();
  const { connectionString } = database;
  log = createPostgresEventLog({ connectionString, onError: (error) => errors.push(error) });
}, 300_000);
afterAll(async () => {
  await log?.close();
  await database?.drop();
});

describe('a transaction that is open for long', () => {
  it('is not skipped when others commit before it, and comes in the order of transactions', async () => {
    const stop = new AbortController();
    const seen: RecordedEvent[] = [];
    const following = (async () => {
      const filter = { streamPrefix: 'open/' };
      for await (const { events } of log.subscribe({ from: 'start', filter, signal: stop.signal }))
        seen.push(...events);
    })();
    const [first, second] = [await connect(), await connect()];
    try {
      await log.append('open/before', 'none', [event]);
      await first.query('begin');
      await first.query(INSERT, ['open/first']);
      await second.query('begin');
      await second.query(INSERT, ['open/second']);
      for (let number = 0; number < 5; number++) await log.append(`open/quick-${number}`, 'none', [event]);
      await second.query('commit');
      await log.append('open/after', 'none', [event]);
      // All but the first are committed; nobody may see past it.
      await eventually(() => expect(seen.map(({ stream }) => stream)).toEqual(['open/before']));
      const head = await log.head();
      await first.query('commit');
      const expected = [
        'open/before',
        'open/first',
        'open/second',
        ...Array.from({ length: 5 }, (_, number) => `open/quick-${number}`),
        'open/after',
      ];
      await eventually(() => expect(seen.map(({ stream }) => stream)).toEqual(expected));
      // Who began at what was the end then has missed nothing since.
      const later: string[] = [];
      const enough = new AbortController();
      const options = { from: head, filter: { streamPrefix: 'open/' }, signal: enough.signal };
      for await (const { events } of log.subscribe(options)) {
        later.push(...events.map(({ stream }) => stream));
        if (later.length >= 8) enough.abort();
      }
      expect(later).toEqual(expected.slice(1));
    } finally {
      await Promise.all([first.end(), second.end()]);
      stop.abort();
      await following;
    }
  });

  it('holds nobody back for longer than it lasts, also when it is rolled back', async () => {
    const open = await connect();
    try {
      await open.query('begin');
      await open.query(INSERT, ['rolled-back/1']);
      await log.append('rolled-back/2', 'none', [event]);
      await open.query('rollback');
      const stop = new AbortController();
      const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(5_000)]);
      const seen: string[] = [];
      for await (const { events } of log.subscribe({
        from: 'start',
        filter: { streamPrefix: 'rolled-back/' },
        signal,
      })) {
        seen.push(...events.map(({ stream }) => stream));
        if (seen.length > 0) stop.abort();
      }
      expect(seen).toEqual(['rolled-back/2']);
    } finally {
      await open.end();
    }
  });
});

describe('many writers’ transactions that commit out of order', () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
  it(`are all followed, once each (seed ${seed})`, async () => {
    let state = seed;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const total = 8 * 40;
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(20_000)]);
    const seen: string[] = [];
    const following = (async () => {
      const filter = { streamPrefix: 'chaos/' };
      for await (const { events } of log.subscribe({ from: 'start', filter, batchSize: 7, signal })) {
        seen.push(...events.map(({ stream }) => stream));
        if (seen.length >= total) stop.abort();
      }
    })();
    await Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        const client = await connect();
        try {
          for (let number = 0; number < 40; number++) {
            await client.query('begin');
            await client.query(INSERT, [`chaos/${writer}-${number}`]);
            await client.query('select pg_sleep($1)', [random() * 0.02]);
            await client.query('commit');
          }
        } finally {
          await client.end();
        }
      }),
    );
    await following;
    expect(seen).toHaveLength(total);
    expect(new Set(seen).size).toBe(total);
  });
});

describe('connections that are cut', () => {
  const CUT = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = $1`;

  it('makes an append under way unavailable, and the next one works', async () => {
    await log.append('cut/warm', 'none', [event]);
    const holder = await connect();
    try {
      await holder.query('begin');
      await holder.query(INSERT, ['cut/held']); // an append to this stream waits for us
      const appended = log.append('cut/held', 'none', [event]);
      const failed = expect(appended).rejects.toThrow(EventLogUnavailable);
      const waiting = `select 1 from pg_stat_activity
        where datname = current_database() and application_name = 'thankly-append' and wait_event_type = 'Lock'`;
      await eventually(async () => expect((await holder.query(waiting)).rowCount).toBe(1));
      await holder.query(CUT, ['thankly-append']);
      await failed;
      await holder.query('rollback');
    } finally {
      await holder.end();
    }
    expect(await log.append('cut/held', 'none', [event])).toEqual({ version: 0 });
  });

  it('does not end a subscription: it goes on, and is woken again', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      const filter = { streamPrefix: 'cut-live/' };
      for await (const { events } of log.subscribe({ from: 'start', filter, signal: stop.signal }))
        seen.push(...events.map(({ stream }) => stream));
    })();
    const client = await connect();
    try {
      await log.append('cut-live/1', 'none', [event]);
      await eventually(() => expect(seen).toEqual(['cut-live/1']));
      await client.query(CUT, ['thankly-read']);
      await client.query(CUT, ['thankly-listen']);
      await log.append('cut-live/2', 'none', [event]);
      await eventually(() => expect(seen).toEqual(['cut-live/1', 'cut-live/2']));
      const listening = `select 1 from pg_stat_activity
        where datname = current_database() and application_name = 'thankly-listen'`;
      await eventually(async () => expect((await client.query(listening)).rowCount).toBe(1));
      expect(errors.length).toBeGreaterThan(0);
    } finally {
      await client.end();
      stop.abort();
      await following;
    }
  });

  it('says that the log is unavailable when nobody answers, soon, and without the password', async () => {
    const nowhere = createPostgresEventLog({
      connectionString: 'postgres://someone:secret-word@127.0.0.1:9/none',
      onError: () => undefined,
    });
    const failures = await Promise.all(
      [nowhere.append('a', 'any', [event]), nowhere.read('a'), nowhere.head()].map((call) =>
        call.then(
          () => null,
          (error) => error,
        ),
      ),
    );
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(EventLogUnavailable);
      expect(`${failure.stack}${failure.cause?.stack}${JSON.stringify(failure.cause)}`).not.toContain(
        'secret-word',
      );
    }
    await nowhere.close();
  });
});

describe('a log that is closed', () => {
  it('finishes the appends under way and takes no more', async () => {
    const { connectionString } = database;
    const closing = createPostgresEventLog({ connectionString, onError: () => undefined });
    const appends = Array.from({ length: 50 }, (_, number) =>
      closing.append(`closing/${number}`, 'none', [event]),
    );
    const closed = closing.close();
    expect(await Promise.all(appends)).toHaveLength(50);
    await closed;
    await expect(closing.append('closing/late', 'none', [event])).rejects.toThrow(EventLogUnavailable);
    expect(await log.read('closing/49')).toHaveLength(1);
  });
});
