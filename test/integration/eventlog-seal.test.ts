/** The seal of the log in PostgreSQL: nothing is appended behind it, by any node, and nothing appended before it is lost. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createPool } from '../../src/database/pool.ts';
import { startConsumer } from '../../src/eventlog/consumer.ts';
import { type EventLog, EventLogSealed, type NewEvent, type Position } from '../../src/eventlog/event-log.ts';
import { LogBusy, type LogSeal, NodesRunning } from '../../src/eventlog/log-seal.ts';
import { postgresConsumerStore } from '../../src/eventlog/postgres/consumer-store.ts';
import { postgresLogSeal } from '../../src/eventlog/postgres/log-seal.ts';
import { createPostgresEventLog } from '../../src/eventlog/postgres/postgres-event-log.ts';
import { startApplication } from '../support/application.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { httpClient } from '../support/http-client.ts';

const event: NewEvent = { type: 'A', data: {}, metadata: { correlationId: 'c', actor: 'system:test' } };
/** An insert as any version does it. */
const INSERT = `insert into events (stream, version, type, data, metadata) values ($1, 0, 'A', '{}', '{}')`;

let connectionString: string;
let log: EventLog;
let pool: pg.Pool;
let seal: LogSeal;
let ends: (() => Promise<unknown>)[];

beforeEach(async () => {
  const database = await createTestDatabase();
  connectionString = database.connectionString;
  log = createPostgresEventLog({ connectionString, onError: () => undefined });
  pool = createPool({ connectionString, name: 'test', max: 6, onError: () => undefined });
  seal = postgresLogSeal(pool);
  ends = [database.drop, () => pool.end(), () => log.close()];
}, 300_000);
afterEach(async () => {
  for (const end of ends.reverse()) await end();
});

async function client(): Promise<pg.Client> {
  const connected = new pg.Client({ connectionString });
  connected.on('error', () => undefined);
  await connected.connect();
  ends.push(() => connected.end());
  return connected;
}

const count = async () => (await pool.query('select count(*)::int as events from events')).rows[0].events;
const moved = { name: 'one', position: '1:1' as Position, to: 'C:1/P:1' as Position };

describe('a sealed log', () => {
  it('refuses every append with an error of its own, and is read as before', async () => {
    await log.append('s', 'none', [event]);
    expect(await seal.state()).toBe('open');
    await seal.seal();
    await seal.seal();
    expect(await seal.state()).toBe('sealed');
    for (const expected of ['any', 'none', 0] as const)
      await expect(log.append('s', expected, [event])).rejects.toThrow(EventLogSealed);
    expect(await log.read('s')).toHaveLength(1);
    // A node of another version hears that it is not available now.
    await expect((await client()).query(INSERT, ['t'])).rejects.toMatchObject({ code: '57PLS' });
    expect(await seal.unseal()).toBe(true);
    expect(await log.append('s', 0, [event])).toEqual({ version: 1 });
  });

  it('has everything that was ever answered, and nothing after the seal, while many write', async () => {
    const second = createPostgresEventLog({ connectionString, onError: () => undefined });
    ends.push(() => second.close());
    let answered = 0;
    const writing = Array.from({ length: 12 }, async (_, writer) => {
      for (;;) {
        await (writer % 2 === 0 ? log : second).append(`s-${writer}`, 'any', [event]);
        answered++;
      }
    });
    const refused = Promise.allSettled(writing);
    await eventually(() => expect(answered).toBeGreaterThan(200));
    await seal.seal();
    const sealed = await count();
    for (const outcome of (await refused) as PromiseRejectedResult[])
      expect(outcome.reason).toBeInstanceOf(EventLogSealed);
    expect(await count()).toBe(sealed);
    expect(answered).toBe(sealed);
  }, 60_000);

  it('waits for what is being appended, but not for ever', async () => {
    const writer = await client();
    await writer.query('begin');
    await writer.query(INSERT, ['held']);
    await expect(seal.seal()).rejects.toThrow(LogBusy);
    expect(await seal.state()).toBe('open');
    const sealing = seal.seal();
    await eventually(async () => {
      const { rows } = await pool.query(`select 1 from pg_locks where not granted`);
      expect(rows).not.toEqual([]);
    });
    await writer.query('commit');
    await sealing;
    expect(await count()).toBe(1);
  }, 30_000);

  it('is told to clients as 503 with the time to come again', async () => {
    const application = await startApplication();
    ends.push(() => application.stop());
    const me = httpClient(application.url, await application.token('anna'));
    const owner = createPool({
      connectionString: application.connectionString,
      name: 'test',
      max: 1,
      onError: () => undefined,
    });
    ends.push(() => owner.end());
    await postgresLogSeal(owner).seal();
    const { status, headers, body } = await me.create();
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'event_log_sealed', '2']);
  }, 60_000);
});

describe('checkpoints that have moved', () => {
  it('move all or none: not when one is elsewhere by now, is new, or the log is not sealed', async () => {
    await pool.query(`insert into consumers (name, position) values ('one', '1:1')`);
    expect(await seal.move([moved], 'moved')).toBe(false);
    await seal.seal();
    expect(await seal.move([{ ...moved, position: '0:1' as Position }], 'moved')).toBe(false);
    expect(await seal.move([], 'moved')).toBe(false);
    expect(await seal.checkpoints()).toEqual([{ name: 'one', position: '1:1' }]);
    expect(await seal.move([moved], 'moved')).toBe(true);
    expect(await seal.state()).toBe('moved');
    expect(await seal.checkpoints()).toEqual([{ name: 'one', position: 'C:1/P:1' }]);
    expect(await seal.unseal()).toBe(false);
  });

  it('are not written over by a node that still follows the log, which parks nothing for it', async () => {
    const handled: string[] = [];
    const gate = Promise.withResolvers<void>();
    const consumer = startConsumer(
      {
        name: 'one',
        filter: {},
        handle: async (events) => {
          if (handled.length > 0) await gate.promise;
          for (const { stream } of events) handled.push(stream);
          return async () => undefined;
        },
      },
      { log, store: postgresConsumerStore({ connectionString, pool }), onError: () => undefined },
    );
    ends.push(() => consumer.stop());
    await log.append('a', 'none', [event]);
    await eventually(async () => expect(await seal.checkpoints()).toHaveLength(1));
    const [checkpoint] = await seal.checkpoints();
    if (checkpoint === undefined) throw new Error('no checkpoint');
    await log.append('b', 'none', [event]); // it is handling this one
    await seal.seal();
    expect(await seal.move([{ ...checkpoint, to: moved.to }], 'moved')).toBe(true);
    gate.resolve();
    await eventually(() => expect(handled.filter((stream) => stream === 'b').length).toBeGreaterThan(5));
    expect(await seal.checkpoints()).toEqual([{ name: 'one', position: moved.to }]);
    expect((await pool.query('select * from parked_streams')).rows).toEqual([]);
  }, 60_000);

  it('move back only while no node is connected', async () => {
    await pool.query(`insert into consumers (name, position) values ('one', '1:1')`);
    await seal.seal();
    await seal.move([moved], 'moved');
    const node = createPool({ connectionString, name: 'thankly-app', max: 1, onError: () => undefined });
    await node.query('select 1');
    const back = [{ name: 'one', position: moved.to, to: moved.position }];
    await expect(seal.move(back, 'open')).rejects.toThrow(NodesRunning);
    await node.end();
    await eventually(async () => expect(await seal.move(back, 'open')).toBe(true));
    expect([await seal.state(), await seal.checkpoints()]).toEqual([
      'open',
      [{ name: 'one', position: '1:1' }],
    ]);
    await log.append('s', 'none', [event]);
  }, 30_000);
});
