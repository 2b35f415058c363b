/**
 * A whole run of the real program, good days and bad, by a provider that quotes what it was sent; then all that it wrote
 * down is searched for what was said, what was written of it, and every key, token and signed URL that it held.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { type Sandbox, startSandbox } from '../../src/ai/sandbox/launch.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { type Role, signDevToken } from '../../src/http/authentication.ts';
import { JWT_SECRET } from '../support/application.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, httpClient, type SignedUrl } from '../support/http-client.ts';
import { startCollector } from '../support/otlp-collector.ts';
import { endProgram, type Program, runProgram } from '../support/process.ts';

const PROVIDER_KEY = 'sk-proj-9fK2vQmN4xRbT7';
const METRICS_TOKEN = 'scrape-8c1d5e7a90b34f62';
const words = numberedWords(12, 400);
const recording = wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000);
const third = Math.ceil(recording.length / 3);
const chunks = [0, 1, 2].map((at) => recording.subarray(at * third, (at + 1) * third));

/** What was searched for, by what it is; and where. */
const secrets = new Map<string, string>([
  ['the key of the provider', PROVIDER_KEY],
  ['the token of /metrics', METRICS_TOKEN],
  ['the secret of tokens', JWT_SECRET],
]);
const written = { output: '', spans: '', metrics: '', problems: '', admin: '' };

let database: TestDatabase;
let dataDir: string;
let sandbox: Sandbox;
let provider: Awaited<ReturnType<typeof startQuotingProvider>>;
let collector: Awaited<ReturnType<typeof startCollector>>;
let program: Program | undefined;
const sessions: string[] = [];

type Mood = 'answers' | 'refuses' | 'refuses our key' | 'answers with something else';

/** In front of the sandbox: it can refuse, and then quotes the key and what was said, as providers have done. */
async function startQuotingProvider(behind: string) {
  let mood: Mood = 'answers';
  let left = 0;
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const send = (status: number, type: string, body: string | Buffer) =>
      response.writeHead(status, { 'content-type': type }).end(body);
    const { authorization = '' } = request.headers;
    const quoted = `${authorization.replace('Bearer ', '')}: you said "${words.join(' ')}"`;
    if (mood !== 'answers' && left-- > 0) {
      if (mood === 'answers with something else')
        return send(200, 'application/json', JSON.stringify({ text: 7, choices: quoted, words: quoted }));
      const error = { message: `Incorrect API key provided: ${quoted}`, type: 'invalid_request_error' };
      return send(mood === 'refuses' ? 400 : 401, 'application/json', JSON.stringify({ error }));
    }
    const answer = await fetch(`${behind}${request.url}`, {
      method: request.method ?? 'POST',
      headers: headersOf(request.headers),
      body: Buffer.concat(parts),
    });
    send(answer.status, 'application/json', Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    /** Calls meet it in this mood, so many of them. */
    be(next: Mood, calls = Number.POSITIVE_INFINITY) {
      mood = next;
      left = calls;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function headersOf({ 'content-type': type = 'application/json', authorization = '' }: IncomingHttpHeaders) {
  return { 'content-type': type, authorization };
}

/** A client whose problems are kept, and whose token and signed URLs are searched for. */
async function clientOf(url: string, userId: string, role: Role = 'user') {
  const token = await signDevToken(JWT_SECRET, { subject: userId, role });
  secrets.set(`the token of ${userId}`, token.split('.')[2] ?? '');
  const client = httpClient(url, token);
  const note = (answer: Answer) => {
    if ((answer.headers.get('content-type') ?? '').includes('problem'))
      written.problems += `${JSON.stringify(answer.body)}\n`;
    for (const signed of signedUrls(answer.body)) {
      const query = new URL(signed.url).searchParams;
      secrets.set(`a signed URL (${secrets.size})`, query.get('sig') ?? '');
    }
    return answer;
  };
  const noting =
    <Parameters extends unknown[]>(call: (...parameters: Parameters) => Promise<Answer>) =>
    async (...parameters: Parameters) =>
      note(await call(...parameters));
  return {
    ...client,
    request: noting(client.request),
    create: noting(client.create),
    acknowledge: noting(client.acknowledge),
    complete: noting(client.complete),
    put: async (...parameters: Parameters<typeof client.put>) => {
      const answer = await client.put(...parameters);
      written.problems += `${JSON.stringify(answer.body)}\n`;
      return answer;
    },
  };
}
type Client = Awaited<ReturnType<typeof clientOf>>;

function signedUrls(body: any): SignedUrl[] {
  return body?.upload?.urls ?? body?.urls ?? [];
}

async function record(client: Client, parts: readonly Uint8Array[], expected: string): Promise<string> {
  const { body } = await client.create();
  for (const [index, part] of parts.entries()) {
    await client.put(body.upload.urls[index], part);
    await client.acknowledge(body.sessionId, index, part);
  }
  await client.complete(body.sessionId, parts);
  sessions.push(body.sessionId);
  const status = await client.statusWhen(body.sessionId, client.ended);
  expect(status.state).toBe(expected);
  return body.sessionId;
}

/** The arms, as they are: chunked and single. */
async function goodDays(url: string, chunked: Client): Promise<void> {
  const id = await record(chunked, chunks, 'completed');
  const { body } = await chunked.request('GET', `/entries/${id}`);
  expect(body.transcript).toContain(words.join(' '));
  for (const what of ['title', 'text', 'feedback']) secrets.set(`the ${what} of the entry`, body[what]);
  await chunked.request('GET', '/entries?limit=5');
  await chunked.request('GET', `/audio/session/${id}/events`, undefined, { 'last-event-id': '0' });
  for (let n = 0; ; n++) {
    const client = await clientOf(url, `person-${n}`);
    if ((await client.create()).body.strategy !== 'single') continue;
    await record(client, [recording], 'completed');
    return;
  }
}

/** A provider that quotes, a recording that is none, and a person who tries again, and wants one gone. */
async function badDays(client: Client): Promise<void> {
  for (const mood of ['refuses', 'refuses our key'] as const) {
    provider.be(mood);
    const id = await record(client, chunks, 'failed');
    provider.be('answers');
    await client.request('POST', `/audio/session/${id}/retry`);
    expect((await client.statusWhen(id, client.ended)).state).toBe('completed');
  }
  provider.be('answers with something else', 2);
  await record(client, chunks, 'completed');
  await record(client, [Buffer.from(words.join(' ').repeat(200))], 'failed');
  const gone = await record(client, chunks, 'completed');
  expect((await client.request('DELETE', `/audio/session/${gone}`)).status).toBe(204);
}

/** What clients do wrong. */
async function refusals(url: string, client: Client): Promise<void> {
  const said = words.join(' ');
  const { body } = await client.create();
  const [first] = signedUrls(body);
  if (first === undefined) throw new Error('no URL');
  await client.put({ ...first, url: `${first.url.slice(0, -4)}AAAA` }, recording);
  await client.put(first, recording);
  await client.acknowledge(body.sessionId, 0, chunks[0] ?? recording);
  await client.request('POST', '/audio/session/create', `{"mimeType": ${said}`);
  await client.request('POST', '/audio/session/create', { mimeType: said, segmenting: { mode: said } });
  await client.request('GET', `/audio/session/${body.sessionId}/presign?chunks=${encodeURIComponent(said)}`);
  await client.request('GET', `/no/such/page?title=${encodeURIComponent(said)}&token=${PROVIDER_KEY}`);
  await client.request('POST', `/audio/session/${body.sessionId}/retry`);
  await client.complete(body.sessionId, [...chunks, recording]);
  const forged = await fetch(`${url}/entries`, { headers: { authorization: `Bearer ${PROVIDER_KEY}` } });
  written.problems += await forged.text();
}

/** What those look at who run it. */
async function lookedAt(url: string): Promise<void> {
  const sre = await clientOf(url, 'oncall', 'sre');
  const paths = [
    ...['sessions', 'dead-letters', 'consumers', 'provider'].map((page) => `/admin/${page}`),
    ...sessions.map((id) => `/admin/sessions/${id}/timeline`),
  ];
  for (const path of paths) {
    const { status, body } = await sre.request('GET', path);
    expect({ path, status }).toEqual({ path, status: 200 });
    written.admin += `${JSON.stringify(body)}\n`;
  }
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  written.metrics = await (await fetch(`${url}/metrics`, { headers })).text();
}

/** All its connections at once, while a recording is processed. */
async function databaseTrouble(client: Client): Promise<void> {
  const { body } = await client.create();
  await client.put(body.upload.urls[0], recording);
  const pool = new pg.Client({ connectionString: database.connectionString });
  await pool.connect();
  await client.complete(body.sessionId, [recording]);
  await pool.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await pool.end();
  await eventually(async () => {
    const { body: status } = await client.status(body.sessionId);
    expect(status.state).toBe('completed');
  }, 60_000);
}

beforeAll(async () => {
  [database, dataDir, sandbox, collector] = await Promise.all([
    createTestDatabase(),
    mkdtemp(join(tmpdir(), 'thankly-quiet-')),
    startSandbox(),
    startCollector(),
  ]);
  provider = await startQuotingProvider(sandbox.url);
  program = runProgram('src/main.ts', [], {
    PORT: '0',
    DATA_DIR: dataDir,
    DATABASE_URL: database.connectionString,
    OPENAI_API_KEY: PROVIDER_KEY,
    OPENAI_BASE_URL: provider.url,
    JWT_SECRET,
    METRICS_TOKEN,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    LOG_LEVEL: 'debug',
  });
  const [, url = ''] = await program.printed(/^ready (\S+)$/m);
  const demo = await clientOf(url, 'demo'); // always chunked
  await goodDays(url, demo);
  await badDays(demo);
  await refusals(url, demo);
  await lookedAt(url);
  await databaseTrouble(demo);
  const { stdout, stderr } = await endProgram(program);
  written.output = stdout + stderr;
  written.spans = collector.bodies.join('\n');

  const password = new URL(database.connectionString).password;
  if (password !== '') secrets.set('the password of the database', password);
  for (const name of ['url-secret', 'unleash-client-token', 'unleash-admin-token', 'unleash-session-secret'])
    secrets.set(`the kept ${name}`, readFileSync(join(dataDir, name), 'utf8').trim());
}, 300_000);
afterAll(async () => {
  if (program !== undefined) await endProgram(program);
  await Promise.all([provider?.close(), sandbox?.stop(), collector?.close()]);
  await database?.drop();
  await rm(dataDir, { recursive: true, force: true });
}, 300_000);

/** Which of them stand there, as they are or as part of a URL. */
function found(text: string, needles: ReadonlyMap<string, string>): string[] {
  return [...needles].flatMap(([what, needle]) => {
    if (needle.length < 7) throw new Error(`${what} is too short to be searched for: ${needle}`);
    const forms = [needle, encodeURIComponent(needle), needle.replaceAll(' ', '+')];
    return forms.some((form) => text.includes(form)) ? [what] : [];
  });
}

/** Two words beside one another: one alone may be a number by chance. */
const spoken = new Map(words.slice(1).map((word, at) => [`word ${at}`, `${words[at]} ${word}`]));

describe('a whole run', () => {
  it('was one: it is all there, by ids and codes', () => {
    for (const id of sessions) expect(written.output).toContain(id);
    for (const code of [
      'provider_rejected',
      'provider_unauthorised',
      'provider_bad_answer',
      'audio_',
      'a connection failed',
    ])
      expect({ code, isLogged: written.output.includes(code) }).toEqual({ code, isLogged: true });
    expect(written.spans).toContain('step transcribe');
    expect(written.spans).toContain('provider polish');
    expect(written.metrics).toMatch(
      /thankly_sessions_finished_total\{variant="single",outcome="completed"\} 1/,
    );
    for (const code of ['validation_failed', 'body_not_json', 'chunk_mismatch', 'route_not_found', 'token_'])
      expect({ code, isAnswered: written.problems.includes(code) }).toEqual({ code, isAnswered: true });
    expect(secrets.size).toBeGreaterThan(30);
    // And what stood there would be found.
    expect(found(`{"said":"${words.join(' ')}"}`, spoken)).toHaveLength(spoken.size);
    const url = `/x?title=${encodeURIComponent(words.slice(0, 2).join(' '))}&key=${PROVIDER_KEY}`;
    expect(found(url, new Map([...spoken, ...secrets]))).toEqual(['word 0', 'the key of the provider']);
  });

  it.each(['output', 'spans', 'metrics', 'problems', 'admin'] as const)(
    'holds no word in its %s',
    (where) => {
      expect(found(written[where], spoken)).toEqual([]);
    },
  );

  it.each(['output', 'spans', 'metrics', 'problems', 'admin'] as const)(
    'holds no text, token, key or signed URL in its %s',
    (where) => {
      expect(found(written[where], secrets)).toEqual([]);
      expect(written[where]).not.toMatch(/Bearer ey|[?&]sig=|sk-proj/);
    },
  );

  it('tells the password of Unleash’s pages to the person who starts it, and no log', () => {
    const password = readFileSync(join(dataDir, 'unleash-admin-password'), 'utf8').trim();
    const lines = written.output.split('\n').filter((line) => line.startsWith('{'));
    expect(lines.length).toBeGreaterThan(20);
    expect(found(lines.join('\n'), new Map([['the password', password]]))).toEqual([]);
  });
});
