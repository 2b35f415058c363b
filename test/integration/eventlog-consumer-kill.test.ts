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
async function startNode(mode: 'hang' | 'run', line: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [CHILD, database.connectionString, mode], {
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

describe('a node that is killed', () => {
  it('between its writes and its checkpoint leaves neither, and the next node handles the event', async () => {
    await log.append('s-hang', 'none', [event, event]);
    const hanging = await startNode('hang', 'written');
    expect(await handled()).toEqual([]);
    const standby = await startNode('run', 'started');
    const killedAt = Date.now();
    await kill(hanging);
    await eventually(async () => expect(await handled()).toEqual(['s-hang@0', 's-hang@1']));
    expect(Date.now() - killedAt).toBeLessThan(5_000);
    await kill(standby);
  });

  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
  it(`at any moment loses nothing and repeats nothing (seed ${seed})`, async () => {
    let state = seed;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
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
});
