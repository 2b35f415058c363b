/** Where the server takes no more: it says so at once and when to come again, keeps what it took, and recovers by itself. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { patiently, systemPatience } from '../../client/src/patiently.ts';
import { createVoiceApi } from '../../client/src/voice-api.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, httpClient } from '../support/http-client.ts';

const chunk = new Uint8Array(2_000).fill(7);

const refused = (
  { status, body, headers }: { status: number; body: any; headers: Headers },
  expected: { status: number; code: string },
) => {
  expect({ status, code: body.code }).toEqual(expected);
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
};

/** The answer that says no, after so many that did not: also where a slow machine lets a window pass meanwhile. */
async function untilRefused(ask: () => Promise<Answer>, expected: number): Promise<Answer> {
  for (let asked = 0; asked < 100; asked++) {
    const answer = await ask();
    if (answer.status === 429) return answer;
    expect(answer.status).toBe(expected);
  }
  throw new Error('was never refused');
}

/** `answers`: as they come. */
function atOnce(count: number, ask: () => Promise<Answer>) {
  const answers: Answer[] = [];
  const all = Promise.all(Array.from({ length: count }, async () => void answers.push(await ask())));
  return { answers, all };
}

describe('limits of one user and one address', () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await startApplication({
      USER_REQUESTS_PER_SECOND: '0.5',
      ADDRESS_REQUESTS_PER_SECOND: '0.8',
      TRUST_PROXY: 'loopback',
    });
  }, 120_000);
  afterAll(() => application?.stop());
  const userNamed = async (name: string) => httpClient(application.url, await application.token(name));

  it('who asks too much is told when to come again, and nobody else', async () => {
    const greedy = await userNamed('greedy');
    const first = await greedy.request('GET', '/flags');
    expect(first.headers.get('ratelimit-policy')).toBe('"user";q=5;w=10');
    expect(first.headers.get('ratelimit')).toMatch(/^"user";r=4;t=\d+$/);
    const answer = await untilRefused(() => greedy.request('GET', '/flags'), 200);
    refused(answer, { status: 429, code: 'too_many_requests' });
    expect(answer.body.limit).toBe('user');
    expect((await (await userNamed('modest')).request('GET', '/flags')).status).toBe(200);
  });

  it('who has read too much can still save his recording', async () => {
    const reader = await userNamed('reader');
    const { body } = await reader.create();
    await untilRefused(() => reader.request('GET', '/flags'), 200);
    await reader.put(body.upload.urls[0], chunk);
    const confirmed = await reader.acknowledge(body.sessionId, 0, chunk);
    expect(confirmed.status).toBe(200);
    expect(confirmed.headers.get('ratelimit')).toMatch(/^"user-saving";r=4;/);
  });

  it('an address is counted before its token is looked at', async () => {
    const from = { 'x-forwarded-for': '203.0.113.7' };
    const nobody = httpClient(application.url, 'not a token');
    const answer = await untilRefused(() => nobody.request('GET', '/flags', undefined, from), 401);
    refused(answer, { status: 429, code: 'too_many_requests' });
    expect(answer.body.limit).toBe('address');
    expect((await nobody.request('GET', '/flags')).status).toBe(401);
    for (const path of ['/healthz', '/readyz', '/metrics'])
      expect((await nobody.request('GET', path, undefined, from)).status).toBe(200);
  });

  it('our client waits for as long as it is told, and goes on', async () => {
    const token = await application.token('client');
    const raw = httpClient(application.url, token);
    const { headers } = await untilRefused(() => raw.request('GET', '/flags'), 200);
    const refusedAt = performance.now();
    const api = createVoiceApi({ baseUrl: application.url, token });
    let tries = 0;
    const flags = await patiently(() => {
      tries += 1;
      return api.flags();
    }, systemPatience(60_000));
    expect(flags).toMatchObject({ chunkedUpload: { enabled: true } });
    // Not before, so that it is not refused again.
    expect(performance.now() - refusedAt).toBeGreaterThanOrEqual(
      (Number(headers.get('retry-after')) - 2) * 1000,
    );
    expect(tries).toBeLessThanOrEqual(2);
  }, 60_000);

  it('tells Prometheus whom it turned away', async () => {
    const { body } = await (await userNamed('anybody')).request('GET', '/metrics');
    expect(body).toMatch(/thankly_http_refused_total\{reason="user"\} [1-9]/);
    expect(body).toMatch(/thankly_http_refused_total\{reason="address"\} [1-9]/);
  });
});

describe('bounds of a node', () => {
  let application: TestApplication;
  let me: ReturnType<typeof httpClient>;
  beforeAll(async () => {
    application = await startApplication({
      MAX_WAITING_JOBS: '10',
      MAX_REQUESTS_IN_FLIGHT: '4',
      ADDRESS_REQUESTS_PER_SECOND: '0.1',
    });
    me = httpClient(application.url, await application.token('me'));
  }, 120_000);
  afterAll(() => application?.stop());

  it('an X-Forwarded-For that nobody said to believe is not believed', async () => {
    const from = { 'x-forwarded-for': '203.0.113.7' };
    for (let more = 0; more < 3; more++)
      expect((await me.request('GET', '/flags', undefined, from)).status).toBe(200);
  });

  it('with a full queue no recording is begun until it has room, and those begun are saved', async () => {
    const sql = new pg.Client(application.connectionString);
    await sql.connect();
    try {
      const { body } = await me.create();
      await sql.query(`select graphile_worker.add_job('nobody-does-this') from generate_series(1, 10)`);
      await eventually(async () => refused(await me.create(), { status: 503, code: 'queue_full' }));
      expect((await me.put(body.upload.urls[0], chunk)).status).toBe(200);
      expect((await me.acknowledge(body.sessionId, 0, chunk)).status).toBe(200);
      expect((await me.status(body.sessionId)).body.state).toBe('recording');
      await sql.query(`delete from graphile_worker._private_jobs where key is null`);
      await eventually(async () => expect((await me.create()).status).toBe(201));
    } finally {
      await sql.end();
    }
  });

  it('more requests than there are places: reads are refused first, then new recordings, all at once; what was taken is kept', async () => {
    const id = await me.upload([chunk]);
    const lock = new pg.Client(application.connectionString);
    await lock.connect();
    try {
      // Nobody who reads the log gets an answer, and each holds a place.
      await lock.query('begin');
      await lock.query('lock table events in access exclusive mode');
      const reads = atOnce(3, () => me.status(id));
      await eventually(() => expect(reads.answers).toHaveLength(1));
      const begun = atOnce(2, () => me.create());
      await eventually(() => expect(begun.answers).toHaveLength(1));
      const saved = atOnce(2, () => me.acknowledge(id, 0, chunk));
      await eventually(() => expect(saved.answers).toHaveLength(1));
      for (const answer of [reads, begun, saved].flatMap(({ answers }) => answers))
        refused(answer, { status: 503, code: 'overloaded' });
      await lock.query('rollback');
      for (const { all } of [reads, begun, saved]) await all;
      expect(reads.answers.filter(({ status }) => status === 200)).toHaveLength(2);
      expect(saved.answers.filter(({ status }) => status === 200)).toHaveLength(1);
      const taken = begun.answers.filter(({ status }) => status === 201);
      expect(taken).toHaveLength(1);
      for (const { body } of taken) expect((await me.status(body.sessionId)).body.state).toBe('recording');
    } finally {
      await lock.end();
    }
  });

  it('of one user there are twenty event streams, and his next is told to come again; another’s is not', async () => {
    const streams = new AbortController();
    const ofUser = async (name: string) => {
      const token = await application.token(name);
      const { body } = await httpClient(application.url, token).create();
      const open = () =>
        fetch(`${application.url}/audio/session/${body.sessionId}/events`, {
          headers: { authorization: `Bearer ${token}` },
          signal: streams.signal,
        });
      return (count: number) => Promise.all(Array.from({ length: count }, open));
    };
    const [mine, another] = [await ofUser('many'), await ofUser('another')];
    try {
      expect((await mine(20)).map(({ status }) => status)).toEqual(Array(20).fill(200));
      const [next] = await mine(1);
      if (next === undefined) throw new Error('no answer');
      const { status, headers } = next;
      refused({ status, headers, body: await next.json() }, { status: 429, code: 'too_many_streams' });
      expect((await another(1))[0]?.status).toBe(200);
    } finally {
      streams.abort();
    }
  });
});
