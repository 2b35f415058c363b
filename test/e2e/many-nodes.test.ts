/**
 * One service as two nodes that answer and two that work, on a shared PostgreSQL, S3, Unleash and provider, behind a load
 * balancer: what one has written the other reads at once, and while each is killed in turn and all are restarted one by
 * one, people record, and every word they say becomes one entry's, once.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import type { SessionStatus } from '../../client/src/contract.ts';
import { createVoiceApi } from '../../client/src/voice-api.ts';
import { spokenIn } from '../../soak/clients/recording.ts';
import { NO_WORD_WRONG } from '../../soak/verdict/count-words.ts';
import { judge } from '../../soak/verdict/judge.ts';
import { idsOf, readEntries } from '../../soak/verdict/read-entries.ts';
import { readSessions } from '../../soak/verdict/read-log.ts';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { leadsOf, takenOver } from '../support/consumer-leads.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { httpClient } from '../support/http-client.ts';
import { describeIf } from '../support/optional.ts';
import { runProgram } from '../support/process.ts';
import { radosgwMissing } from '../support/radosgw.ts';
import { startService, type TestService } from '../support/service.ts';
import { type SharedParts, startSharedParts } from '../support/shared-parts.ts';
import { startTalking, type TalkingPeople } from '../support/talking-people.ts';

const seed = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000);
/** Half of the people upload in chunks, half as one file. */
const PERCENT = 50;
const PEOPLE_OF_EACH = 2;
/** On a machine that is busy with other tests; how soon it is on one that is not: `npm run bench -- nodes`. */
const TAKEN_OVER_MS = 30_000;

describeIf(radosgwMissing(), `two nodes that answer and two that work (TEST_SEED=${seed})`, () => {
  let folder: string;
  let database: TestDatabase;
  let shared: SharedParts;
  let service: TestService;
  let queries: pg.Client;
  let people: TalkingPeople | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'thankly-many-'));
    database = await createTestDatabase();
    queries = new pg.Client({ connectionString: database.connectionString });
    await queries.connect();
    shared = await startSharedParts(database.connectionString);
    service = await startService({ shared, percent: PERCENT });
  }, 300_000);
  afterAll(async () => {
    await people?.finish().catch(() => undefined); // where a test has failed they talk on
    await service?.stop();
    await shared?.stop();
    await queries?.end();
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
  }, 240_000);

  /** People of one arm of the experiment, as both nodes see them; those in chunks first: then both know the percentage. */
  async function peopleWith(variant: 'chunked' | 'single', count: number): Promise<string[]> {
    const names: string[] = [];
    for (let number = 0; names.length < count; number++) {
      const name = `person-${number}`;
      const token = await shared.token(name);
      const given = await eventually(async () => {
        const answers = await Promise.all(
          service.apis.map(({ origin }) => httpClient(origin, token).request('GET', '/flags')),
        );
        const [one, other] = answers.map(({ body }) => body.chunkedUpload.variant);
        expect(one).toBe(other);
        return one;
      });
      if (given === variant) names.push(name);
    }
    return names;
  }

  async function someoneAtBoth() {
    const [name = ''] = await peopleWith('chunked', 1);
    const token = await shared.token(name);
    const [a, b] = service.apis.map(({ origin }) => httpClient(origin, token));
    if (a === undefined || b === undefined) throw new Error('there are two');
    return { a, b, token };
  }

  it('what one has written the other reads at once', async () => {
    const { a, b } = await someoneAtBoth();
    for (let round = 0; round < 5; round++) {
      const { words, chunks } = spoken(round);
      const [first, second] = chunks;
      const key = { 'idempotency-key': `round-${round}` };
      const { sessionId, upload } = (await a.create({}, key)).body;
      expect((await b.create({}, key)).body.sessionId).toBe(sessionId); // asked again, of another node
      await a.put(upload.urls[0], first);
      await b.put(upload.urls[1], second);
      expect((await a.acknowledge(sessionId, 0, first)).body.received).toEqual([0]);
      expect((await b.acknowledge(sessionId, 1, second)).body.received).toEqual([0, 1]);
      const { body: seen } = await a.status(sessionId);
      expect((await b.complete(sessionId, chunks)).status).toBe(202);
      const { body: completed } = await a.status(sessionId);
      expect(completed.state).not.toBe('recording');
      expect(completed.version).toBeGreaterThan(seen.version);
      expect(await a.statusWhen(sessionId, a.ended)).toMatchObject({
        state: 'completed',
        transcript: { text: words.join(' ') },
      });
    }
  }, 120_000);

  it('who listens at one hears of what goes to the other, to its end', async () => {
    const { a, token } = await someoneAtBoth();
    const { words, chunks } = spoken(10);
    const { sessionId, upload } = (await a.create()).body;
    const listening = listenTo(service.apis[1].origin, token, sessionId);
    await eventually(() => expect(listening.heard).not.toEqual([]));
    for (const [index, bytes] of chunks.entries()) {
      const { version } = (await a.status(sessionId)).body;
      await a.put(upload.urls[index], bytes);
      await a.acknowledge(sessionId, index, bytes);
      await eventually(() => expect(listening.heard.at(-1)?.version).toBeGreaterThan(version));
    }
    await a.complete(sessionId, chunks);
    await listening.ended;
    expect(listening.heard.at(-1)).toMatchObject({
      state: 'completed',
      transcript: { text: words.join(' ') },
    });
  }, 120_000);

  it('who listens is listening at another node, when theirs is killed', async () => {
    const { a, b, token } = await someoneAtBoth();
    const asked: string[] = [];
    service.watch(({ node, path }) => {
      if (path.endsWith('/events')) asked.push(node);
    });
    const { words, chunks } = spoken(20);
    const { sessionId, upload } = (await a.create()).body;
    const listening = listenTo(service.url, token, sessionId);
    await eventually(() => expect(listening.heard).not.toEqual([]));
    const killed = service.apis.findIndex(({ origin }) => origin === asked[0]);
    const me = killed === 0 ? b : a;
    await service.apis[killed]?.kill();
    try {
      for (const [index, bytes] of chunks.entries()) {
        await me.put(upload.urls[index], bytes);
        await me.acknowledge(sessionId, index, bytes);
      }
      await me.complete(sessionId, chunks);
      await listening.ended;
    } finally {
      await service.apis[killed]?.start();
    }
    expect(asked.at(-1)).toBe(service.apis[1 - killed]?.origin);
    expect(listening.heard.at(-1)).toMatchObject({
      state: 'completed',
      transcript: { text: words.join(' ') },
    });
    const versions = listening.heard.map(({ version }) => version);
    expect(versions).toEqual([...versions].sort((one, other) => one - other));
  }, 120_000);

  it('killed in turn, then restarted one by one: every recording is an entry, once, and nobody is told of a failure', async () => {
    const names = [
      ...(await peopleWith('chunked', PEOPLE_OF_EACH)),
      ...(await peopleWith('single', PEOPLE_OF_EACH)),
    ];
    const tokens = await Promise.all(names.map((name) => shared.token(name)));
    people = await startTalking({
      url: service.url,
      people: names.map((name, index) => ({ name, token: tokens[index] ?? '' })),
      folder,
      seed,
    });
    const seconds: Record<string, string> = {};
    for (const node of [...service.apis, ...service.workers]) {
      const leads = await leadsOf(queries);
      await node.kill();
      // The one that was started again last leads nothing: it is the other's turn.
      if (service.workers.includes(node)) {
        const taken = await takenOver(queries, leads, TAKEN_OVER_MS);
        seconds[node.name] = (Math.max(...taken.values()) / 1000).toFixed(2);
      }
      await people.goesOn();
      await node.start();
    }
    for (const node of [...service.workers, ...service.apis]) {
      expect(await node.stop()).toBe(0);
      await people.goesOn();
      await node.start();
    }
    await people.finish();
    await eventually(async () => expect(await leftInQueue(queries)).toEqual([]));

    const sessions = await readSessions(database.connectionString);
    const told = people.told();
    const mine = new Set(told.map(({ ready }) => ready?.sessionId));
    const verdict = judge({
      told,
      spoken: (number) => spokenIn(number, seed),
      sessions,
      entries: await readEntries(service.url, tokens),
      onDevices: new Set(),
    });
    const recordings = verdict.recordings.length;
    process.stdout.write(
      `${recordings} recordings (TEST_SEED=${seed}); all leads taken over after ${JSON.stringify(seconds)} s\n`,
    );
    expect({
      entries: verdict.recordings.filter(({ outcome, byItself }) => outcome === 'complete' && byItself)
        .length,
      words: verdict.words,
      doubledEvents: verdict.doubledEvents,
      stuck: verdict.stuck,
    }).toEqual({ entries: told.length, words: NO_WORD_WRONG, doubledEvents: [], stuck: [] });
    const listed = (
      await Promise.all(tokens.map((token) => idsOf(createVoiceApi({ baseUrl: service.url, token }))))
    ).flat();
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed.filter((id) => mine.has(id))).toHaveLength(recordings);
    const variants = new Set(
      sessions.filter(({ sessionId }) => mine.has(sessionId)).map(({ variant }) => variant),
    );
    expect(variants).toEqual(new Set(['chunked', 'single']));
    const audit = await runProgram('src/audit/audit-cli.ts', ['--grace', '0'], { ...shared.environment })
      .ended;
    expect({ code: audit.code, said: audit.code === 0 ? '' : audit.stdout + audit.stderr }).toEqual({
      code: 0,
      said: '',
    });
  }, 600_000);
});

/** Two chunks of a recording of its own. */
function spoken(number: number) {
  const words = numberedWords(12, number * 20);
  const recording = wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000);
  const chunks = [recording.subarray(0, 50_000), recording.subarray(50_000)] as const;
  return { words, chunks };
}

/** Follows a session with the client, as an app does. */
function listenTo(url: string, token: string, sessionId: string) {
  const heard: SessionStatus[] = [];
  const follow = async () => {
    for await (const status of createVoiceApi({ baseUrl: url, token }).events(sessionId)) heard.push(status);
  };
  const ended = follow();
  ended.catch(() => undefined); // it is awaited later, if at all
  return { heard, ended };
}

/** Keys of jobs that could run, or do; deadlines wait for their time. */
async function leftInQueue(queries: pg.Client): Promise<string[]> {
  const { rows } = await queries.query<{ key: string }>(
    'select key from graphile_worker._private_jobs where run_at <= now() or locked_at is not null',
  );
  return rows.map(({ key }) => key);
}
