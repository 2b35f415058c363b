/**
 * The service moves from PostgreSQL's log to KurrentDB's (its double) while people talk: what they say is there, once, and
 * each consumer is given each event, once. And what happens when the move is broken off, or taken back.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { PAUSES, saidIn } from '../../bench/stop-to-text/said.ts';
import { type LongRecording, longRecording } from '../../bench/upload/long-recording.ts';
import { benchManager, until } from '../../bench/upload/record-with-manager.ts';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { type CopyStores, openCopyStores } from '../../src/compose-copy.ts';
import { openStores } from '../../src/compose-stores.ts';
import { type Switched, switchLog, unsealLog } from '../../src/copy/switch-log.ts';
import { createPool } from '../../src/database/pool.ts';
import { startConsumer } from '../../src/eventlog/consumer.ts';
import type { EventLog, NewEvent, RecordedEvent } from '../../src/eventlog/event-log.ts';
import { openKurrentDb } from '../../src/eventlog/kurrentdb/kurrentdb-event-log.ts';
import type { LogIndex } from '../../src/eventlog/log-index.ts';
import { postgresConsumerStore } from '../../src/eventlog/postgres/consumer-store.ts';
import { postgresLogIndex } from '../../src/eventlog/postgres/log-index.ts';
import { createPostgresEventLog } from '../../src/eventlog/postgres/postgres-event-log.ts';
import { ConsumersAnswer } from '../../src/http/admin-schemas.ts';
import { setFaults, startApplication, type TestApplication } from '../support/application.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { httpClient } from '../support/http-client.ts';
import { startTestKurrentDb, type TestKurrentDb } from '../support/kurrentdb.ts';
import { endProgram, type Program, runProgram } from '../support/process.ts';

const event: NewEvent = { type: 'A', data: {}, metadata: { correlationId: 'c', actor: 'system:test' } };
/** Written down as often as it was handled, in the order in which it was. */
const HANDLED = 'create table handled (place serial, consumer text, stream text, version int)';

let connectionString: string;
let pool: pg.Pool;
let double: TestKurrentDb;
let ends: (() => Promise<unknown>)[];

beforeEach(async () => {
  const database = await createTestDatabase();
  connectionString = database.connectionString;
  pool = createPool({ connectionString, name: 'test', max: 6, onError: () => undefined });
  double = await startTestKurrentDb();
  ends = [database.drop, () => pool.end(), double.remove];
  await pool.query(HANDLED);
}, 300_000);
afterEach(async () => {
  for (const end of ends.reverse()) await end();
}, 120_000);

const environmentOf = (eventStore = true) => ({
  DATABASE_URL: connectionString,
  ...(eventStore ? { EVENT_STORE_URL: double.url } : {}),
});

function command(...args: string[]): Program {
  const program = runProgram('src/copy/copy-cli.ts', args, environmentOf());
  ends.push(() => endProgram(program));
  return program;
}

/** What the command does, in this process. */
async function moving<Result>(work: (stores: CopyStores) => Promise<Result>): Promise<Result> {
  const quiet = () => undefined;
  const stores = await openCopyStores(environmentOf(), { onProgress: quiet, onError: quiet, writes: true });
  try {
    return await work(stores);
  } finally {
    await stores.close();
  }
}

function switched(): Promise<Switched> {
  const { signal } = new AbortController();
  const quiet = { onProgress: () => undefined, onCopied: () => undefined, onCompared: () => undefined };
  return moving((stores) => switchLog(stores, { signal, batchSize: 100, ...quiet }));
}

type Log = { readonly log: EventLog; readonly index: LogIndex };

function postgres(): Log {
  const log = createPostgresEventLog({ connectionString, onError: () => undefined });
  ends.push(() => log.close());
  return { log, index: postgresLogIndex(pool) };
}

function kurrentDb(): Log {
  const opened = openKurrentDb({ url: double.url, onError: () => undefined });
  ends.push(() => opened.log.close());
  return opened;
}

/** Writes down each event that it is given, and nothing else: given one twice, it is there twice. */
function consume(name: string, { log, index }: Log) {
  const consumer = startConsumer(
    {
      name,
      filter: {},
      handle: async (events) => async (transaction) => {
        for (const { stream, version } of events)
          await transaction.query('insert into handled (consumer, stream, version) values ($1, $2, $3)', [
            name,
            stream,
            version,
          ]);
      },
    },
    { log, store: postgresConsumerStore({ connectionString, pool, index }), onError: () => undefined },
  );
  ends.push(() => consumer.stop());
  return consumer;
}

async function handled(name: string): Promise<string[]> {
  const { rows } = await pool.query(
    'select stream, version from handled where consumer = $1 order by place',
    [name],
  );
  return rows.map(keyOf);
}

async function inPostgres(): Promise<string[]> {
  const { rows } = await pool.query('select stream, version from events order by transaction_id, sequence');
  return rows.map(keyOf);
}

async function inKurrentDb(): Promise<RecordedEvent[]> {
  const { log, index } = kurrentDb();
  const head = await log.head();
  const events: RecordedEvent[] = [];
  for await (const batch of log.subscribe({ from: 'start', signal: AbortSignal.timeout(20_000) })) {
    events.push(...batch.events);
    if (!index.isBefore(batch.position, head)) return events;
  }
  throw new Error('KurrentDB was not read in time');
}

const keyOf = ({ stream, version }: { stream: string; version: number }) => `${stream}@${version}`;

describe('a service that is moved while people talk', () => {
  const ONCE = [
    'SessionCreated',
    'UploadCompleted',
    'TranscriptAssembled',
    'EntryPolished',
    'SessionCompleted',
  ];
  const recordingOf = (words: readonly string[]) => wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000);
  let environment: Record<string, string>;

  beforeEach(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'thankly-switch-'));
    ends.push(() => rm(dataDir, { recursive: true, force: true }));
    environment = { DATABASE_URL: connectionString, DATA_DIR: dataDir, PORT: String(await freePort()) };
  });

  async function start(more: Record<string, string> = {}): Promise<TestApplication> {
    const application = await startApplication({ ...environment, ...more });
    ends.push(() => application.stop());
    return application;
  }

  /** Somebody who talks, from now on, whatever happens meanwhile. */
  async function talk(application: TestApplication, who: string, long: LongRecording, milliseconds: number) {
    const recording = long.first(milliseconds);
    const token = await application.token(who);
    const manager = benchManager({ url: application.url, token }, recording, fetch);
    ends.push(() => manager.close());
    await manager.open();
    await manager.start();
    const done = (async () => {
      await new Promise((resolve) => setTimeout(resolve, recording.durationMs));
      await manager.stop();
      await until(manager, () => manager.state.phase === 'ready');
      return 'status' in manager.state ? manager.state.status : null;
    })();
    done.catch(() => undefined); // it is awaited, but may fail before
    return { who, done, words: saidIn(recording.durationMs).join(' ') };
  }

  it('loses no word and doubles none, and no consumer misses an event or gets one twice', async () => {
    const before = await start();
    const witness = consume('witness', postgres());
    const me = httpClient(before.url, await before.token('anna'));
    const record = async (words: readonly string[]) => {
      const bytes = recordingOf(words);
      const id = await me.upload([bytes], { segmenting: { mode: 'stream' } });
      expect((await me.complete(id, [bytes])).status).toBe(202);
      return id;
    };
    const done = await record(numberedWords(6, 100));
    await me.statusWhen(done, me.ended);
    const long = await longRecording(20, PAUSES);
    const talks = [
      await talk(before, 'ben', long, 16_000),
      await talk(before, 'cleo', long, 12_000),
      await talk(before, 'dora', long, 5_000),
    ];
    // Its jobs are being worked at when the log is sealed.
    await setFaults({ url: before.sandboxUrl }, { mode: 'timeout' });
    const due = await record(numberedWords(6, 200));

    const { code, stdout, stderr } = await command('--switch').ended;
    expect([code, stderr]).toEqual([0, expect.stringContaining('sealing the log')]);
    expect(stdout).toMatch(
      /^moved: \d+ events in \d+ streams are the same in both logs\n\d+ checkpoints were moved/,
    );
    const sealed = (await pool.query('select count(*)::int as events from events')).rows;
    expect((await me.create()).body).toMatchObject({ code: 'event_log_sealed' });
    expect((await me.status(done)).status).toBe(200);
    await before.stop();
    await witness.stop();
    await expect(start()).rejects.toThrow('has moved to KurrentDB: set EVENT_STORE_URL');

    const after = await start({ EVENT_STORE_URL: double.url });
    consume('witness', kurrentDb());
    for (const { who, done: said, words } of talks) {
      const status = await said;
      expect(status).toMatchObject({
        state: 'completed',
        transcript: { text: words },
        coverage: { gaps: [] },
      });
      const his = httpClient(after.url, await after.token(who));
      await eventually(async () =>
        expect(
          (await his.request('GET', '/entries')).body.entries.map(({ id }: { id: string }) => id),
        ).toEqual([status?.sessionId]),
      );
    }
    const again = httpClient(after.url, await after.token('anna'));
    expect((await again.statusWhen(due, again.ended)).transcript.text).toBe(numberedWords(6, 200).join(' '));
    await eventually(async () =>
      expect(
        (await again.request('GET', '/entries')).body.entries.map(({ id }: { id: string }) => id).sort(),
      ).toEqual([done, due].sort()),
    );

    const sre = httpClient(after.url, await after.token('oncall', 'sre'));
    await eventually(async () => {
      const { consumers } = ConsumersAnswer.parse((await sre.request('GET', '/admin/consumers')).body);
      expect(consumers.length).toBeGreaterThan(3);
      expect(consumers.filter(({ lagEvents, parkedStreams }) => lagEvents + parkedStreams > 0)).toEqual([]);
    });
    const events = await inKurrentDb();
    const counts = Map.groupBy(events, ({ stream, type }) => `${stream} ${type}`);
    for (const stream of new Set(events.map((each) => each.stream)))
      for (const type of ONCE) expect([type, counts.get(`${stream} ${type}`)?.length]).toEqual([type, 1]);
    await eventually(async () => expect(await handled('witness')).toEqual(events.map(keyOf)));
    expect((await pool.query('select count(*)::int as events from events')).rows).toEqual(sealed);
    const { stdout: audit } = await runProgram('src/audit/audit-cli.ts', ['--grace', '0'], {
      ...environment,
      EVENT_STORE_URL: double.url,
    }).ended;
    expect(audit).toContain('5 sessions: 0 findings');
  }, 300_000);
});

describe('a move', () => {
  it('takes each consumer along from where it stands, however far behind, and back', async () => {
    const { log } = postgres();
    const append = (to: EventLog, name: string) => to.append(`s-${name}`, 'any', [event, event]);
    for (const name of ['a', 'b', 'c']) await append(log, name);
    const behind = consume('behind', postgres());
    await eventually(async () => expect(await handled('behind')).toHaveLength(6));
    await behind.stop();
    for (const name of ['a', 'd']) await append(log, name);
    const front = consume('front', postgres());
    await eventually(async () => expect(await handled('front')).toHaveLength(10));
    await front.stop();
    await pool.query(`insert into consumers (name, position) values ('begun', '0:0')`);

    const { moves, verification } = await switched();
    expect(moves.map(({ name }) => name)).toEqual(['begun', 'behind', 'front']);
    expect(verification).toMatchObject({ agrees: true, source: 10, target: 10, streams: 4 });
    expect(await switched()).toMatchObject({ moves: [], verification: null }); // it was done before
    const there = kurrentDb();
    const moved = consume('behind', there);
    await eventually(async () => expect(await handled('behind')).toHaveLength(10));
    await moved.stop();

    // Nothing was written there yet: back.
    expect(await moving(unsealLog)).toBe('unsealed');
    await append(log, 'e');
    const all = await inPostgres();
    const names = ['behind', 'front', 'begun'];
    const again = names.map((name) => consume(name, postgres()));
    for (const name of names) await eventually(async () => expect(await handled(name)).toEqual(all));
    for (const consumer of again) await consumer.stop();

    // And there again, for good.
    expect((await switched()).moves).toHaveLength(3);
    const now = kurrentDb();
    await append(now.log, 'f');
    await expect(moving(unsealLog)).rejects.toMatchObject({ code: 'written_since' });
    for (const name of names) consume(name, now);
    for (const name of names)
      await eventually(async () => expect(await handled(name)).toEqual([...all, 's-f@0', 's-f@1']));
  }, 240_000);

  it('takes a consumer along that is split in partitions, with what it passes over, and back', async () => {
    const { log } = postgres();
    for (const name of ['a', 'b', 'c']) await log.append(`s-${name}`, 'any', [event, event]);
    const places = async (at: readonly { position: string }[]) => {
      const [, second, third, , fifth] = at.map(({ position }) => position);
      return {
        split: { 'split/0': second, 'split/1': third },
        before: [{ partitions: 3, handledTo: [fifth, null, third] }],
      };
    };
    const { rows: sorted } = await pool.query(
      `select transaction_id || ':' || sequence as position from events order by transaction_id, sequence`,
    );
    const here = await places(sorted);
    await pool.query(`insert into consumer_layouts values ('split', 2, $1)`, [JSON.stringify(here.before)]);
    await pool.query(
      `begin; set local thankly.layouts = 'known'; insert into consumers (name, position) values
        ('split/0', '${here.split['split/0']}'), ('split/1', '${here.split['split/1']}'); commit`,
    );
    const recorded = async () => {
      const { rows: layouts } = await pool.query('select before from consumer_layouts');
      const { rows } = await pool.query('select name, position from consumers order by name');
      return {
        split: Object.fromEntries(rows.map(({ name, position }) => [name, position])),
        before: layouts[0].before,
      };
    };
    expect(await recorded()).toEqual(here);

    expect((await switched()).moves).toHaveLength(4);
    expect(await recorded()).toEqual(await places(await inKurrentDb()));
    expect(await moving(unsealLog)).toBe('unsealed');
    expect(await recorded()).toEqual(here);
  }, 120_000);

  it('that is killed leaves the log sealed: no node starts, and it is finished, or given up', async () => {
    const { log } = postgres();
    await log.append('s-a', 'none', [event]);
    const older = new pg.Client({ connectionString });
    await older.connect();
    ends.push(() => older.end());
    const holdBack = async () => {
      await older.query('begin');
      await older.query('select pg_current_xact_id()');
    };
    await holdBack();
    await log.append('s-b', 'none', [event]);
    const killed = command('--switch');
    await killed.printed(/waiting for a transaction/);
    killed.child.kill('SIGKILL');
    await killed.ended;
    await expect(log.append('s-a', 0, [event])).rejects.toMatchObject({ code: 'event_log_sealed' });
    for (const eventStore of [false, true])
      await expect(openStores(environmentOf(eventStore), () => undefined)).rejects.toThrow(
        'is sealed, and its move to KurrentDB was not finished',
      );

    expect(await moving(unsealLog)).toBe('unsealed');
    expect(await moving(unsealLog)).toBe('was_open');
    await log.append('s-a', 0, [event]);
    const stopped = command('--switch');
    await stopped.printed(/waiting for a transaction/);
    stopped.child.kill('SIGINT');
    expect(await stopped.ended).toMatchObject({ code: 1, stderr: expect.stringContaining('IS SEALED') });
    await older.query('commit');
    expect((await switched()).verification).toMatchObject({ agrees: true });
    expect((await inKurrentDb()).map(keyOf)).toEqual(['s-a@0', 's-b@0', 's-a@1']);
  }, 240_000);
});
