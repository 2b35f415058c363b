/** What can happen to a log that is another machine's: killed, cut off, another leader, silent, somebody else's. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import {
  type EventLog,
  EventLogUnavailable,
  InvalidAppend,
  InvalidPosition,
  type NewEvent,
  type Position,
  type RecordedEvent,
  WrongExpectedVersion,
} from '../../src/eventlog/event-log.ts';
import { type KurrentDbOptions, openKurrentDb } from '../../src/eventlog/kurrentdb/kurrentdb-event-log.ts';
import type { Endpoint } from '../doubles/kurrentdb/faults.ts';
import { makeCertificates } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { startKillableKurrentDb, startTestKurrentDb, type TestKurrentDb } from '../support/kurrentdb.ts';

const metadata = { correlationId: 'c', actor: 'system:test' };
const event = (number = 0): NewEvent => ({ type: 'A', data: { number }, metadata });

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(options: Parameters<typeof startTestKurrentDb>[0] = {}): Promise<TestKurrentDb> {
  const double = await startTestKurrentDb(options);
  ends.push(double.remove);
  return double;
}

function connect(url: string, times?: KurrentDbOptions['times']): EventLog {
  const { log } = openKurrentDb({
    url,
    onError: () => undefined,
    ...(times === undefined ? {} : { times }),
  });
  ends.push(() => log.close());
  return log;
}

const HASTY = { append: { tryMs: 500, patienceMs: 1_000 }, read: { tryMs: 500, patienceMs: 1_000 } };

/** Follows in the background until the test ends. */
function follow(log: EventLog, streamPrefix: string, from: Position | 'start' = 'start'): RecordedEvent[] {
  const seen: RecordedEvent[] = [];
  const stop = new AbortController();
  const following = (async () => {
    for await (const batch of log.subscribe({ from, filter: { streamPrefix }, signal: stop.signal }))
      seen.push(...batch.events);
  })();
  following.catch(() => undefined);
  ends.push(async () => {
    stop.abort();
    await following.catch(() => undefined);
  });
  return seen;
}

/** What an append, a read and a look at the end are refused with. */
async function failuresOf(log: EventLog): Promise<any[]> {
  const calls = [log.append('a', 'any', [event()]), log.read('a'), log.head()];
  return (await Promise.allSettled(calls)).map((call) => (call.status === 'rejected' ? call.reason : null));
}

const endpointOf = ({ port }: TestKurrentDb): Endpoint => ({ host: '127.0.0.1', port });

describe('a KurrentDB that is killed again and again', () => {
  it('loses nothing, doubles nothing and keeps each stream’s order, for writers and followers', async () => {
    const database = await startKillableKurrentDb();
    ends.push(database.remove);
    const log = connect(database.url, {
      append: { tryMs: 2_000, patienceMs: 30_000 },
      read: { tryMs: 2_000, patienceMs: 30_000 },
    });
    const seen = follow(log, 'killed/');
    const writers = 6;
    const appends = 120;
    let left = writers;
    const writing = Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        const [exact, any] = [`killed/exact-${writer}`, `killed/any-${writer % 2}`];
        for (let number = 0; number < appends; number++) {
          await log.append(exact, number === 0 ? 'none' : number - 1, [event(number)]);
          await log.append(any, 'any', [event(writer * 1_000 + number)]);
        }
        left--;
      }),
    );
    let kills = 0;
    while (left > 0 && kills < 8) {
      const before = seen.length;
      await eventually(() => expect(seen.length >= before + 60 || left === 0).toBe(true), 30_000);
      await database.killAndRestart();
      kills++;
    }
    await writing;
    expect(kills).toBeGreaterThan(3);
    const total = writers * appends * 2;
    await eventually(() => expect(seen.length).toBeGreaterThanOrEqual(total), 30_000);
    // Of each stream, what was read is what was written, and what was followed is what was read.
    for (let writer = 0; writer < writers; writer++) {
      const read = await log.read(`killed/exact-${writer}`);
      expect(read.map(({ data }) => data.number)).toEqual(Array.from({ length: appends }, (_, n) => n));
    }
    for (const half of [0, 1]) {
      const numbers = (await log.read(`killed/any-${half}`)).map(({ data }) => Number(data.number));
      const wanted = Array.from({ length: writers }, (_, writer) => writer)
        .filter((writer) => writer % 2 === half)
        .flatMap((writer) => Array.from({ length: appends }, (_, number) => writer * 1_000 + number));
      expect(numbers.toSorted((a, b) => a - b)).toEqual(wanted);
    }
    expect(seen).toHaveLength(total);
    const versions = new Map<string, number>();
    for (const { stream, version } of seen) {
      expect(version).toBe((versions.get(stream) ?? -1) + 1);
      versions.set(stream, version);
    }
  }, 120_000);
});

describe('an append whose answer is lost', () => {
  it.each(['none', 'any'] as const)(
    'is there once, expected at %s',
    async (expected) => {
      const double = await start();
      const log = connect(double.url);
      await log.append('warm', 'any', [event()]);
      double.faults.lostAnswers = 1;
      const stopped = eventually(() => expect(double.faults.lostAnswers).toBe(0));
      const appended = log.append('lost', expected, [event(1), event(2)]);
      await stopped;
      // The process that wrote it is gone, and with it what it remembered.
      await double.stop();
      const again = await start({ file: double.file, port: double.port });
      expect(await appended).toEqual({ version: 1 });
      expect(await log.read('lost')).toHaveLength(2);
      expect(again.port).toBe(double.port);
    },
    30_000,
  );

  it('is not sent again before it could be looked for: another process may take it for a new one', async () => {
    const double = await start();
    const log = connect(double.url);
    await log.append('warm', 'any', [event()]);
    double.faults.lostAnswers = 1;
    const stopped = eventually(() => expect(double.faults.lostAnswers).toBe(0));
    const appended = log.append('lost', 'any', [event(1)]);
    await stopped;
    await double.stop();
    const again = await start({ file: double.file, port: double.port });
    let looks = 0;
    Object.defineProperty(again.faults, 'breaksOffAfter', { get: () => (looks++ < 6 ? 0 : null) });
    expect(await appended).toEqual({ version: 0 });
    expect(looks).toBeGreaterThan(6);
    expect(await log.read('lost')).toHaveLength(1);
  }, 30_000);

  it('is told as lost to another writer when it was', async () => {
    const double = await start();
    const log = connect(double.url);
    await log.append('raced', 'none', [event()]);
    double.faults.silent = true;
    const appended = log.append('raced', 0, [event(1)]);
    const refused = expect(appended).rejects.toThrow(WrongExpectedVersion);
    await double.stop();
    const again = await start({ file: double.file, port: double.port });
    await connect(again.url).append('raced', 0, [event(2)]);
    await refused;
  }, 30_000);
});

describe('a KurrentDB that does not answer', () => {
  it('is unavailable in time, to an append, a read and a look at its end', async () => {
    const double = await start();
    const log = connect(double.url, HASTY);
    await log.append('silent', 'none', [event()]);
    await log.read('silent');
    double.faults.silent = true;
    const calls = [log.append('silent', 0, [event(1)]), log.read('silent'), log.head()];
    for (const { reason } of (await Promise.allSettled(calls)) as PromiseRejectedResult[])
      expect(reason).toBeInstanceOf(EventLogUnavailable);
    double.faults.silent = false;
    expect(await log.append('silent', 0, [event(1)])).toEqual({ version: 1 });
    expect(await log.read('silent')).toHaveLength(2);
  });

  it('is unavailable when nobody is there, and says so without the password', async () => {
    const log = connect(`kurrentdb://someone:secret-word@127.0.0.1:${await freePort()}?tls=false`, HASTY);
    for (const failure of await failuresOf(log)) {
      expect(failure).toBeInstanceOf(EventLogUnavailable);
      expect(`${failure.stack}${failure.cause?.stack}${JSON.stringify(failure.cause)}`).not.toContain(
        'secret-word',
      );
    }
  });

  it('answers again after it was away for long, also to reads', async () => {
    const database = await startKillableKurrentDb();
    ends.push(database.remove);
    const log = connect(database.url, HASTY);
    await log.append('away', 'none', [event()]);
    expect(await log.read('away')).toHaveLength(1);
    const seen = follow(log, 'away');
    await eventually(() => expect(seen).toHaveLength(1));
    await database.kill();
    await expect(log.read('away')).rejects.toThrow(EventLogUnavailable);
    await expect(log.read('away')).rejects.toThrow(EventLogUnavailable);
    await database.restart();
    await eventually(async () => expect(await log.read('away')).toHaveLength(1));
    await eventually(async () => expect(await log.append('away', 0, [event(1)])).toEqual({ version: 1 }));
    await eventually(() => expect(seen).toHaveLength(2));
  }, 60_000);

  it('ends nobody’s subscription by being cut in the middle of it', async () => {
    const double = await start();
    const log = connect(double.url);
    for (let number = 0; number < 10; number++) await log.append('cut', 'any', [event(number)]);
    double.faults.breaksOffAfter = 3;
    const seen = follow(log, 'cut');
    await eventually(() => expect(seen).toHaveLength(10));
    expect(seen.map(({ version }) => version)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('a cluster', () => {
  it('is followed to its leader, by appends, reads and subscriptions', async () => {
    const leader = await start();
    const follower = await start();
    follower.faults.leader = endpointOf(leader);
    const log = connect(follower.url);
    expect(await log.append('led', 'none', [event()])).toEqual({ version: 0 });
    expect(await log.read('led')).toHaveLength(1);
    const seen = follow(log, 'led');
    await eventually(() => expect(seen).toHaveLength(1));
    expect(await connect(leader.url).read('led')).toHaveLength(1);
  });

  it('loses nothing when another member becomes the leader', async () => {
    const first = await start();
    const log = connect(first.url);
    const seen = follow(log, 'moved');
    await log.append('moved', 'none', [event(0)]);
    await eventually(() => expect(seen).toHaveLength(1));
    first.faults.leader = 'unknown';
    const waiting = log.append('moved', 0, [event(1)]);
    const second = await start({ file: first.file });
    first.faults.leader = endpointOf(second);
    expect(await waiting).toEqual({ version: 1 });
    // What was subscribed there stays there, until that member goes.
    await first.stop();
    expect(await log.append('moved', 1, [event(2)])).toEqual({ version: 2 });
    const cluster = connect(
      `kurrentdb://127.0.0.1:${first.port},127.0.0.1:${second.port}?tls=false&discoveryInterval=50`,
    );
    expect((await cluster.read('moved')).map(({ data }) => data.number)).toEqual([0, 1, 2]);
  }, 30_000);
});

describe('a KurrentDB that is not as it should be', () => {
  it.each(['Server Is Not Ready', 'Server Is Too Busy'] as const)('is waited for: %s', async (words) => {
    const double = await start();
    const log = connect(double.url, HASTY);
    double.faults.refuses = words;
    await expect(log.append('waited', 'none', [event()])).rejects.toThrow(EventLogUnavailable);
    await expect(log.read('waited')).rejects.toThrow(EventLogUnavailable);
    const patient = connect(double.url);
    const appended = patient.append('waited', 'none', [event()]);
    double.faults.refuses = null;
    expect(await appended).toEqual({ version: 0 });
  });

  it('is unavailable when its disk is full, and nothing is written', async () => {
    const double = await start();
    const log = connect(double.url, HASTY);
    await log.append('full', 'none', [event()]);
    double.faults.full = true;
    await expect(log.append('full', 0, [event(1)])).rejects.toThrow(EventLogUnavailable);
    await double.stop();
    const again = await start({ file: double.file });
    expect(await connect(again.url).read('full')).toHaveLength(1);
  });

  it.each(['22.10.0', '20.6.0'])('is worked with in an old version, %s', async (version) => {
    const double = await start({ version });
    const log = connect(double.url);
    const seen = follow(log, 'old');
    await log.append('old', 'none', [event(0)]);
    await expect(log.append('old', 'none', [event(1)])).rejects.toMatchObject({ actual: 0 });
    expect(await log.append('old', 0, [event(1)])).toEqual({ version: 1 });
    await eventually(() => expect(seen).toHaveLength(2));
    expect(seen).toEqual(await log.read('old'));
  });

  it('refuses what it does not take, and says how much it takes', async () => {
    const double = await start({ maxAppendSize: 1_000 });
    const log = connect(double.url);
    const big = { ...event(), data: { text: 'x'.repeat(2_000) } };
    await expect(log.append('big', 'none', [big])).rejects.toThrow(InvalidAppend);
    await expect(log.append('big', 'none', [big])).rejects.toThrow('1000 bytes');
  });

  it('is another than the one whose positions were kept, or was put back to an earlier day', async () => {
    const double = await start();
    const log = connect(double.url);
    await log.append('here', 'none', [event()]);
    const beyond = 'C:999999999/P:999999999' as Position;
    const signal = AbortSignal.timeout(10_000);
    const first = log.subscribe({ from: beyond, signal })[Symbol.asyncIterator]().next();
    await expect(first).rejects.toThrow(InvalidPosition);
  });
});

describe('a KurrentDB that is put back to an earlier day while it is followed', () => {
  it('is waited for, and said to be, until it is where it was', async () => {
    const double = await start();
    const errors: unknown[] = [];
    const { log } = openKurrentDb({ url: double.url, onError: (error) => errors.push(error) });
    ends.push(() => log.close());
    const seen = follow(log, 'put-back');
    await log.append('put-back', 'none', [event(0)]);
    await eventually(() => expect(seen).toHaveLength(1));
    await double.stop();
    const earlier = await start({ port: double.port });
    await eventually(() => expect(errors.some((error) => error instanceof InvalidPosition)).toBe(true));
    await earlier.stop();
    const again = await start({ file: double.file, port: double.port });
    await connect(again.url).append('put-back', 0, [event(1)]);
    await eventually(() => expect(seen.map(({ version }) => version)).toEqual([0, 1]));
  }, 30_000);
});

describe('TLS and credentials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kurrentdb-tls-'));
  const { caFile, ...tls } = makeCertificates(folder);
  const user = { name: 'thankly', password: 'pass-word_1.~' };
  const url = (who: string, port: number) => `kurrentdb://${who}127.0.0.1:${port}?tls=true`;
  const trusted = `&tlsCAFile=${encodeURIComponent(caFile)}`;
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are used, for appends, reads and subscriptions', async () => {
    const double = await start({ tls, user });
    const log = connect(url(`thankly:${encodeURIComponent(user.password)}@`, double.port) + trusted);
    await log.append('secret', 'none', [event()]);
    expect(await log.read('secret')).toHaveLength(1);
    const seen = follow(log, 'secret');
    await eventually(() => expect(seen).toHaveLength(1));
  });

  it.each([
    ['nobody’s name', ''],
    ['a wrong password', 'thankly:wrong-word@'],
  ])('denies access with %s, at once and without telling it', async (_what, who) => {
    const double = await start({ tls, user });
    const log = connect(url(who, double.port) + trusted, HASTY);
    for (const failure of await failuresOf(log)) {
      expect(failure).toBeInstanceOf(EventLogUnavailable);
      expect(failure.message).toContain('denied access');
      expect(`${failure.stack}${failure.cause?.stack}${JSON.stringify(failure.cause)}`).not.toContain(
        'wrong-word',
      );
    }
  });

  it.each(['&tlsCAFile=/nowhere/ca.pem', '&userCertFile=/nowhere/user.pem', '&keepAliveInterval=soon'])(
    'are refused at once where they cannot be used, without being shown: %s',
    (option) => {
      const open = () =>
        openKurrentDb({ url: `${url('thankly:secret-word@', 2113)}${option}`, onError: () => undefined });
      expect(open).toThrow('EVENT_STORE_URL cannot be used');
      try {
        open();
      } catch (error) {
        expect(`${(error as Error).stack}${JSON.stringify(error)}`).not.toContain('secret-word');
        expect(error).not.toHaveProperty('cause');
      }
    },
  );

  it.each([
    ['a certificate that nobody vouches for', (port: number) => url('', port)],
    ['no TLS where the server has it', (port: number) => `kurrentdb://127.0.0.1:${port}?tls=false`],
  ])('is unavailable with %s', async (_what, urlOf) => {
    const double = await start({ tls });
    const log = connect(urlOf(double.port), HASTY);
    await expect(log.append('a', 'any', [event()])).rejects.toThrow(EventLogUnavailable);
    await expect(log.read('a')).rejects.toThrow(EventLogUnavailable);
  });

  it('is unavailable with TLS where the server has none', async () => {
    const double = await start();
    const log = connect(url('', double.port), HASTY);
    await expect(log.append('a', 'any', [event()])).rejects.toThrow(EventLogUnavailable);
    await expect(log.read('a')).rejects.toThrow(EventLogUnavailable);
  });
});

describe('a log that is closed', () => {
  it('finishes the appends under way and takes no more', async () => {
    const double = await start();
    const { log: closing } = openKurrentDb({ url: double.url, onError: () => undefined });
    const appends = Array.from({ length: 50 }, (_, number) =>
      closing.append(`closing/${number}`, 'none', [event()]),
    );
    const closed = closing.close();
    expect(await Promise.all(appends)).toHaveLength(50);
    await closed;
    await expect(closing.append('closing/late', 'none', [event()])).rejects.toThrow(EventLogUnavailable);
    expect(await connect(double.url).read('closing/49')).toHaveLength(1);
  });
});
