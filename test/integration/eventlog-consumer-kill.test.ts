/** kill −9 of a node that leads a consumer: whatever it was doing, every event is handled once, in order. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { EventLog, NewEvent } from '../../src/eventlog/event-log.ts';
import { createPostgresEventLog } from '../../src/eventlog/postgres/postgres-event-log.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';

const CHILD = join(import.meta.dirname, '../support/eventlog-consumer-child.ts');
const event: NewEvent = { type: 'A', data: {}, metadata: { correlationId: 'c', actor: 'system:test' } };

let database: TestDatabase;
let log: EventLog;
let client: pg.Client;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  database = await createTestDatabase();
  const { connectionString } = database;
  log = createPostgresEventLog({ connectionString, onError: () => undefined });
  client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('create table handled (place serial, stream text, version int)');
}, 300_000);
afterEach(async () => {
  for (const child of children) await kill(child);
});
afterAll(async () => {
  await client?.end();
  await log?.close();
  await database?.drop();
});

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Resolves when it has printed `line`. */
async function startNode(mode: 'hang' | 'run', line: string, partitions = 1): Promise<ChildProcess> {
  const child = spawn(process.execPath, [CHILD, database.connectionString, mode, String(partitions)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  if (child.stdout === null) throw new Error('no output');
  for await (const printed of createInterface(child.stdout)) if (printed === line) return child;
  throw new Error(`the node ended before it printed "${line}"`);
}

async function handled(): Promise<string[]> {
  const { rows } = await client.query('select stream, version from handled order by place');
  return rows.map(({ stream, version }) => `${stream}@${version}`);
}

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('a node that is killed', () => {
  it('between its writes and its checkpoint leaves neither, and the next node handles the event', async () => {
    await log.append('s-hang', 'none', [event, event]);
    const hanging = await startNode('hang', 'written');
    expect(await handled()).toEqual([]);
    const standby = await startNode('run', 'started');
    await kill(hanging);
    await eventually(async () => expect(await handled()).toEqual(['s-hang@0', 's-hang@1']));
    await kill(standby);
  });

  it('in the middle of a change of its partitions leaves them as they were, and the next node changes them', async () => {
    const streams = ['s-p1', 's-p2', 's-p3', 's-p4'];
    const appendAll = () => Promise.all(streams.map((stream) => log.append(stream, 'any', [event])));
    const handledOf = async () => (await handled()).filter((each) => each.startsWith('s-p')).sort();
    const layouts = async () => (await client.query('select partitions from consumer_layouts')).rows;
    const versions = (count: number) =>
      streams.flatMap((stream) => Array.from({ length: count }, (_, version) => `${stream}@${version}`));
    await appendAll();
    const two = await startNode('run', 'started', 2);
    await eventually(async () => expect(await handledOf()).toEqual(versions(1)));
    await kill(two);
    expect(await layouts()).toEqual([{ partitions: 2 }]);
    await appendAll();

    // It waits in its transaction, with checkpoints of both layouts written, for what we hold.
    const holder = new pg.Client({ connectionString: database.connectionString });
    await holder.connect();
    try {
      await holder.query('begin');
      await holder.query('select from consumer_layouts for update');
      const three = await startNode('run', 'started', 3);
      const isWaiting = `select from pg_stat_activity where datname = current_database()
        and application_name = 'thankly-consumer-killed' and wait_event_type = 'Lock'`;
      await eventually(async () => expect((await client.query(isWaiting)).rowCount).toBe(1));
      await kill(three);
    } finally {
      await holder.end(); // its transaction is undone
    }
    await eventually(async () => expect(await layouts()).toEqual([{ partitions: 2 }]));
    const four = await startNode('run', 'started', 4);
    await eventually(async () => expect(await handledOf()).toEqual(versions(2)));
    expect(await layouts()).toEqual([{ partitions: 4 }]);
    await kill(four);
    const whole = await startNode('run', 'started');
    await appendAll();
    await eventually(async () => expect(await handledOf()).toEqual(versions(3)));
    await kill(whole);
  }, 60_000);

  it('leaves its partitions to another within five seconds', async () => {
    const streams = Array.from({ length: 8 }, (_, number) => `s-t${number}`);
    const appendAll = () => Promise.all(streams.map((stream) => log.append(stream, 'any', [event])));
    const count = async () => (await handled()).filter((each) => each.startsWith('s-t')).length;
    const nodes = [await startNode('run', 'started', 2), await startNode('run', 'started', 2)];
    const led = `select count(distinct application_name)::int as partitions from pg_stat_activity
      where datname = current_database() and application_name like 'thankly-consumer-killed/%'`;
    await eventually(async () => expect((await client.query(led)).rows).toEqual([{ partitions: 2 }]));
    await appendAll();
    await eventually(async () => expect(await count()).toBe(8));
    const [first] = nodes;
    if (first === undefined) throw new Error('no node');
    await kill(first);
    await appendAll();
    await eventually(async () => expect(await count()).toBe(16));
    for (const node of nodes) await kill(node);
  }, 60_000);

  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
  it(`at any moment loses nothing and repeats nothing (seed ${seed})`, async () => {
    const random = randomFrom(seed);
    const before = (await handled()).length;
    let appending = true;
    let appended = 0;
    const writing = (async () => {
      while (appending) await log.append('s-many', 'any', [event]).then(() => appended++);
    })();
    for (let round = 0; round < 5; round++) {
      const node = await startNode('run', 'started');
      await new Promise((resolve) => setTimeout(resolve, 100 + random() * 400));
      await kill(node);
    }
    appending = false;
    await writing;
    await startNode('run', 'started');
    const expected = Array.from({ length: appended }, (_, version) => `s-many@${version}`);
    await eventually(async () => expect((await handled()).length - before).toBe(appended), 20_000);
    expect((await handled()).slice(before)).toEqual(expected);
  }, 60_000);

  it(`at any moment, and started again in other numbers of partitions, likewise (seed ${seed})`, async () => {
    const random = randomFrom(seed);
    const streams = Array.from({ length: 10 }, (_, number) => `s-x${number}`);
    let appending = true;
    let rounds = 0;
    const writing = (async () => {
      for (; appending; rounds++) {
        await Promise.all(streams.map((stream) => log.append(stream, 'any', [event])));
        await new Promise((resolve) => setTimeout(resolve, 15)); // more would be a backlog, not more moments
      }
    })();
    try {
      for (let round = 0; round < 6; round++) {
        const partitions = 1 + Math.floor(random() * 4);
        const nodes = [await startNode('run', 'started', partitions)];
        if (random() < 0.5) nodes.push(await startNode('run', 'started', partitions));
        await new Promise((resolve) => setTimeout(resolve, 300 + random() * 900));
        for (const node of nodes) await kill(node);
      }
    } finally {
      appending = false;
    }
    await writing;
    await startNode('run', 'started', 3);
    const all = async () => (await handled()).filter((each) => each.startsWith('s-x'));
    await eventually(async () => expect((await all()).length).toBe(rounds * streams.length), 30_000);
    for (const stream of streams)
      expect((await all()).filter((each) => each.startsWith(`${stream}@`))).toEqual(
        Array.from({ length: rounds }, (_, version) => `${stream}@${version}`),
      );
  }, 90_000);
});
