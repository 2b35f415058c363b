/** `npm run events:copy` on a real PostgreSQL and KurrentDB's double: killed, while others write, and where it must refuse. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { copyEvents } from '../../src/copy/copy-events.ts';
import { createPool } from '../../src/database/pool.ts';
import type { EventLog, NewEvent, RecordedEvent } from '../../src/eventlog/event-log.ts';
import { kurrentDbCopyTarget } from '../../src/eventlog/kurrentdb/copy-target.ts';
import { openKurrentDb } from '../../src/eventlog/kurrentdb/kurrentdb-event-log.ts';
import type { CopySource, CopyTarget } from '../../src/eventlog/log-copy.ts';
import { postgresCopySource } from '../../src/eventlog/postgres/copy-source.ts';
import { createPostgresEventLog } from '../../src/eventlog/postgres/postgres-event-log.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { startKillableKurrentDb, startTestKurrentDb } from '../support/kurrentdb.ts';
import { endProgram, type Program, runProgram } from '../support/process.ts';

const event = (number: number): NewEvent => ({
  type: `Type${number % 3}`,
  data: { number, nested: { 'ünï "x"': [null, 1.5, `\u0000${number}`] } },
  metadata: { correlationId: `c-${number}`, causationId: `d-${number}`, actor: 'system:test' },
});

/** Until the command has begun, on a slow machine. */
const START_MS = 90_000;

let connectionString: string;
let log: EventLog;
let pool: pg.Pool;
let source: CopySource;
let ends: (() => Promise<unknown>)[];

beforeEach(async () => {
  const database = await createTestDatabase();
  connectionString = database.connectionString;
  log = createPostgresEventLog({ connectionString, onError: () => undefined });
  pool = createPool({ connectionString, name: 'test', max: 4, onError: () => undefined });
  source = postgresCopySource(pool, log);
  ends = [database.drop, () => pool.end(), () => log.close()];
}, 300_000);
afterEach(async () => {
  for (const end of ends.reverse()) await end();
}, 60_000);

function command(url: string, ...args: string[]): Program {
  const environment = { DATABASE_URL: connectionString, EVENT_STORE_URL: url };
  const program = runProgram('src/copy/copy-cli.ts', args, environment);
  ends.push(() => endProgram(program));
  return program;
}

/** Some events of many streams, appended by two nodes at once. */
async function given(events: number): Promise<void> {
  const second = createPostgresEventLog({ connectionString, onError: () => undefined });
  await Promise.all(
    Array.from({ length: 20 }, async (_, writer) => {
      for (let number = writer; number < events; number += 20)
        await (writer % 2 === 0 ? log : second).append(`s-${writer % 7}/${number % 40}`, 'any', [
          event(number),
        ]);
    }),
  );
  await second.close();
}

async function inOrder(from: EventLog, total: number): Promise<RecordedEvent[]> {
  const stop = new AbortController();
  const events: RecordedEvent[] = [];
  for await (const batch of from.subscribe({ from: 'start', signal: stop.signal })) {
    events.push(...batch.events);
    if (events.length >= total) break;
  }
  stop.abort();
  return events;
}

/** Follows KurrentDB in the background until the test ends. */
function followed(url: string): RecordedEvent[] {
  const { log: there } = openKurrentDb({ url, onError: () => undefined });
  const seen: RecordedEvent[] = [];
  const stop = new AbortController();
  const following = (async () => {
    for await (const batch of there.subscribe({ from: 'start', signal: stop.signal }))
      seen.push(...batch.events);
  })();
  following.catch(() => undefined);
  ends.push(async () => {
    stop.abort();
    await following.catch(() => undefined);
    await there.close();
  });
  return seen;
}

const withoutPlace = (events: readonly RecordedEvent[]) => events.map(({ position: _, ...event }) => event);

describe('the log that is copied', () => {
  it('knows the event at each place, and its last one, also of many in one transaction', async () => {
    await log.append(
      'one',
      'none',
      Array.from({ length: 25 }, (_, number) => event(number)),
    );
    const events = await inOrder(log, 25);
    for (const { position, version } of events)
      expect(await source.lastAt(position)).toEqual({ stream: 'one', version });
    expect(await source.last()).toBe(events[24]?.position);
    await eventually(async () => expect(await source.newest()).toBe(events[24]?.position));
    expect(await source.lastAt(source.start)).toBeNull();
  });

  it('does not take for its newest event what an older transaction holds back', async () => {
    await log.append('one', 'none', [event(0)]);
    const seen = await source.last();
    await eventually(async () => expect(await source.newest()).toBe(seen));
    const older = new pg.Client({ connectionString });
    await older.connect();
    ends.push(() => older.end());
    await older.query('begin');
    await older.query('select pg_current_xact_id()');
    await log.append('one', 0, [event(1)]);
    expect(source.isBefore(seen, await source.last())).toBe(true);
    expect(await source.newest()).toBe(seen);
  });
});

describe('a copy that is killed (kill −9), and the KurrentDB under it', () => {
  it('has every event once, as it was, in the order of its log', async () => {
    const total = 900;
    await given(total);
    const database = await startKillableKurrentDb();
    ends.push(database.remove);
    const seen = followed(database.url);
    for (const enough of [0, 60, 61, 200]) {
      const before = seen.length;
      const program = command(database.url, '--rate', '300', '--batch', '40');
      if (enough > 0)
        await eventually(() => expect(seen.length).toBeGreaterThanOrEqual(before + enough), START_MS);
      program.child.kill('SIGKILL');
      await program.ended;
    }
    expect(seen.length).toBeLessThan(total);
    const last = command(database.url, '--rate', '300');
    const before = seen.length;
    await eventually(() => expect(seen.length).toBeGreaterThan(before + 40), START_MS);
    await database.killAndRestart();
    const { code, stdout } = await last.ended;
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^\d+ events copied, .* at the end of the log\n$/),
    ]);
    await eventually(() => expect(seen).toHaveLength(total));
    expect(withoutPlace(seen)).toEqual(withoutPlace(await inOrder(log, total)));

    const verified = await command(database.url, '--verify').ended;
    expect([verified.code, verified.stdout]).toEqual([
      0,
      expect.stringContaining(`the same: ${total} events in`),
    ]);
    const again = await command(database.url).ended;
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('0 events copied')]);
    expect(seen).toHaveLength(total);
  }, 240_000);
});

describe('a copy that follows', () => {
  it('keeps the order in which it was committed, however transactions overlap, until it is stopped', async () => {
    const double = await startTestKurrentDb();
    ends.push(double.remove);
    const seen = followed(double.url);
    await given(50);
    const following = command(double.url, '--follow');
    await eventually(() => expect(seen.length).toBeGreaterThanOrEqual(50), START_MS);
    const late = new pg.Client({ connectionString });
    await late.connect();
    ends.push(() => late.end());
    const insert = `insert into events (stream, version, type, data, metadata)
      values ($1, 0, 'Late', '{}', '{"correlationId":"c","actor":"system:test"}')`;
    for (let round = 0; round < 5; round++) {
      await late.query('begin');
      await late.query(insert, [`late-${round}`]);
      await given(60); // commits while the other is open
      await late.query('commit');
    }
    const total = 50 + 5 * 61;
    await eventually(() => expect(seen).toHaveLength(total));
    await following.printed(/at the end of the log/);
    following.child.kill('SIGINT');
    expect((await following.ended).code).toBe(0);
    expect(withoutPlace(seen)).toEqual(withoutPlace(await inOrder(log, total)));
    expect((await command(double.url, '--verify').ended).code).toBe(0);
  }, 240_000);
});

describe('comparing', () => {
  it('finds an event that was changed, in either log, and names its stream', async () => {
    await given(200);
    const double = await startTestKurrentDb();
    ends.push(double.remove);
    expect((await command(double.url).ended).code).toBe(0);
    await log.append('s-new', 'none', [event(0)]);
    const same = await command(double.url, '--verify').ended;
    expect([same.code, same.stdout]).toEqual([0, expect.stringContaining('not copied yet: 1\n')]);

    const setMetadata = async (metadata: object) => {
      const text = `update events set metadata = $1 where metadata ->> 'correlationId' = 'c-77' returning stream`;
      const { rows } = await pool.query<{ stream: string }>(text, [JSON.stringify(metadata)]);
      return rows.map(({ stream }) => stream);
    };
    const { metadata } = event(77);
    const [stream] = await setMetadata({ ...metadata, actor: 'nobody' });
    const here = await command(double.url, '--verify').ended;
    expect(here.code).toBe(3);
    expect(here.stdout).toContain('THEY DIFFER, in 1 streams');
    expect(here.stdout).toMatch(
      new RegExp(
        `${stream}: the event of version \\d+ has another metadata \\(PostgreSQL \\d+ events [0-9a-f]{16}`,
      ),
    );
    await setMetadata(metadata);
    expect((await command(double.url, '--verify').ended).code).toBe(0);

    await double.stop();
    writeFileSync(double.file, tampered(readFileSync(double.file, 'utf8'), '"number":123', '"number":124'));
    const again = await startTestKurrentDb({ file: double.file });
    ends.push(again.remove);
    const there = await command(again.url, '--verify').ended;
    expect([there.code, there.stdout]).toEqual([3, expect.stringContaining('has another data')]);
  }, 240_000);

  /** In the double's file: a line an append, contents in base64, which stay as long as they were. */
  function tampered(file: string, from: string, to: string): string {
    let changed = 0;
    const lines = file.split('\n').map((line) => {
      if (line === '') return line;
      const append = JSON.parse(line);
      for (const each of append.events) {
        const text = Buffer.from(each.data, 'base64').toString();
        if (!text.includes(from)) continue;
        each.data = Buffer.from(text.replace(from, to)).toString('base64');
        changed++;
      }
      return JSON.stringify(append);
    });
    expect(changed).toBe(1);
    return lines.join('\n');
  }
});

describe('where it cannot be copied', () => {
  const HASTY = { tryMs: 500, patienceMs: 1_000 };
  const { signal } = new AbortController();

  async function copied(target: CopyTarget) {
    ends.push(() => target.close());
    const until = await source.newest();
    return copyEvents({ source, target }, { until, signal, batchSize: 100, onCopied: () => undefined });
  }

  it('says what is wrong with the target, and goes on when it is well again', async () => {
    await given(30);
    const double = await startTestKurrentDb();
    ends.push(double.remove);
    const target = kurrentDbCopyTarget({ url: double.url, times: HASTY });
    double.faults.leader = 'unknown';
    await expect(copied(target)).rejects.toMatchObject({ code: 'target_takes_no_events' });
    double.faults.leader = null;
    double.faults.refuses = 'Server Is Not Ready';
    await expect(copied(target)).rejects.toThrow('has it a leader');
    double.faults.refuses = null;
    double.faults.lostAnswers = 1; // written, and its answer lost with the connection
    await expect(copied(target)).rejects.toMatchObject({ code: 'target_takes_no_events' });
    const { file } = double;
    await double.stop();
    const full = await startTestKurrentDb({ file });
    ends.push(full.remove);
    full.faults.full = true;
    const there = kurrentDbCopyTarget({ url: full.url, times: HASTY });
    await expect(copied(there)).rejects.toMatchObject({ code: 'target_takes_no_events' });
    await full.stop();
    const well = await startTestKurrentDb({ file });
    ends.push(well.remove);
    await copied(kurrentDbCopyTarget({ url: well.url, times: HASTY }));
    const { log: copy } = openKurrentDb({ url: well.url, onError: () => undefined });
    ends.push(() => copy.close());
    expect(withoutPlace(await inOrder(copy, 30))).toEqual(withoutPlace(await inOrder(log, 30)));
  }, 120_000);

  it('goes to the leader that a follower or a read-only replica names', async () => {
    await given(30);
    const leader = await startTestKurrentDb();
    const replica = await startTestKurrentDb();
    ends.push(leader.remove, replica.remove);
    replica.faults.leader = { host: '127.0.0.1', port: leader.port };
    await copied(kurrentDbCopyTarget({ url: replica.url, times: HASTY }));
    const { log: copy } = openKurrentDb({ url: leader.url, onError: () => undefined });
    ends.push(() => copy.close());
    expect(await inOrder(copy, 30)).toHaveLength(30);
  }, 120_000);

  it('refuses a KurrentDB that holds another log, and says so before anything is copied', async () => {
    await given(30);
    const double = await startTestKurrentDb();
    ends.push(double.remove);
    const { log: other } = openKurrentDb({ url: double.url, onError: () => undefined });
    ends.push(() => other.close());
    expect((await command(double.url, '--dry-run').ended).stdout).toContain(
      'KurrentDB answers, and is empty',
    );
    await other.append('recording-of-somebody', 'none', [event(1)]);
    for (const args of [['--dry-run'], [], ['--switch']]) {
      const { code, stderr } = await command(double.url, ...args).ended;
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining('holds another log: at version 0 of stream recording-of-somebody'),
      ]);
    }
    expect((await command(double.url, '--verify').ended).code).toBe(3);
    expect(await other.read('recording-of-somebody')).toHaveLength(1);
  }, 120_000);

  it('says which argument or variable cannot be used, and copies one at a time', async () => {
    const nobody = `kurrentdb://127.0.0.1:${await freePort()}?tls=false`;
    for (const [args, words] of [
      [['--switch', '--verify'], 'not both'],
      [['--batch', '0'], '--batch 0: '],
      [['--hurry'], '--hurry'],
    ] as const)
      expect(await command(nobody, ...args).ended).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(words),
      });
    expect(await command(nobody, '--help').ended).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--unseal'),
    });
    const words = async (url: string) => (await command(url).ended).stderr;
    expect(await words('')).toContain('EVENT_STORE_URL is not set');
    expect(await words(connectionString)).toContain('EVENT_STORE_URL: such as kurrentdb://');

    await given(60);
    const double = await startTestKurrentDb();
    ends.push(double.remove);
    const seen = followed(double.url);
    const slow = command(double.url, '--rate', '5', '--batch', '1');
    await eventually(() => expect(seen.length).toBeGreaterThan(0), START_MS);
    expect(await command(double.url).ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is being copied by somebody else'),
    });
    slow.child.kill('SIGTERM');
    expect(await slow.ended).toMatchObject({ code: 1, stderr: expect.stringContaining('broken off') });

    await pool.query(`insert into consumers (name, position) values ('one', 'C:1/P:1')`);
    expect(await words(double.url)).toContain('is in KurrentDB: its consumers follow that (one)');
  }, 240_000);
});
