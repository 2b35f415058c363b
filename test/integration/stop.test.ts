/** A node that is told to stop, while something hangs: a provider, a client that listens, one that sends slowly, a database. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { setFaults, startApplication, type TestApplication } from '../support/application.ts';
import { withClient } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { httpClient, type SignedUrl } from '../support/http-client.ts';
import { type Ended, type Program, runProgram } from '../support/process.ts';

const STOP_SECONDS = 25;
const words = numberedWords(6);
const recording = wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000);

let ends: (() => unknown)[];
beforeEach(() => {
  ends = [];
});
afterEach(async () => {
  for (const end of ends.reverse()) await end();
}, 120_000);

async function start(environment: Record<string, string>): Promise<TestApplication> {
  const application = await startApplication(environment);
  ends.push(() => application.stop());
  return application;
}

/** Begins to put a chunk, and never ends. Resolves, once that is under way, to what will have become of it. */
async function putSlowly({ url, headers }: SignedUrl): Promise<{ readonly closed: Promise<string> }> {
  const { hostname, port, pathname, search } = new URL(url);
  const socket = connect(Number(port), hostname);
  ends.push(() => socket.destroy());
  let heard = '';
  socket.setEncoding('utf8').on('data', (text) => {
    heard += text;
  });
  socket.on('error', () => undefined); // cut off is what it is to be
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(heard)));
  const named = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(
    `PUT ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Length: 100000\r\n${named.join('')}\r\n`,
  );
  await once(socket, 'connect');
  await new Promise<void>((resolve) => socket.write(Buffer.alloc(10_000), () => resolve()));
  return { closed };
}

it('says so, takes no more work, cuts those who listen or send slowly, and hands back a job whose provider never answers', async () => {
  const front = await start({ ROLE: 'api' });
  const node = await start({ ...front.stores, DRAIN_SECONDS: '2', STOP_SECONDS: String(STOP_SECONDS) });
  const me = httpClient(node.url, await node.token('me'));
  await setFaults({ url: node.sandboxUrl }, { mode: 'timeout' });

  const id = await me.upload([recording]);
  expect((await me.complete(id, [recording])).status).toBe(202);
  const heldBy = () =>
    withClient(front.connectionString, async (client) => {
      const { rows } = await client.query(
        `select distinct locked_by as holder from graphile_worker._private_jobs where locked_by is not null`,
      );
      return rows.map(({ holder }) => holder);
    });
  await eventually(async () => {
    expect(await heldBy()).toHaveLength(1);
    const stats = await (await fetch(`${node.sandboxUrl}/sandbox/stats`)).json();
    expect(stats).toMatchObject({ underWay: expect.any(Number) });
    expect((stats as { underWay: number }).underWay).toBeGreaterThan(0);
  });
  const events = await fetch(`${node.url}/audio/session/${id}/events`, {
    headers: { authorization: `Bearer ${await node.token('me')}` },
  });
  const listened = events.text().then(
    () => 'ended',
    () => 'cut',
  );
  const other = await me.create();
  const slow = await putSlowly(other.body.upload.urls[0]);

  const began = performance.now();
  const stopped = node.stop();
  const readyz = await fetch(`${node.url}/readyz`);
  expect([readyz.status, await readyz.json()]).toEqual([503, { status: 'stopping' }]);
  expect(readyz.headers.get('connection')).toBe('close');
  // The balancer has not looked yet: who is sent here is still served.
  expect((await me.create()).status).toBe(201);
  expect((await me.status(id)).body).toMatchObject({ state: 'processing' });

  await stopped;
  expect(performance.now() - began).toBeLessThan(STOP_SECONDS * 1000);
  expect(await listened).toBe('cut');
  expect(await slow.closed).not.toContain('HTTP/1.1 2');
  await expect(fetch(`${node.url}/healthz`)).rejects.toThrow();
  expect(node.logged.filter((line) => line.includes('did not stop in order'))).toEqual([]);
  expect(await heldBy()).toEqual([]);

  await start({ ...front.stores, ROLE: 'worker' });
  const again = httpClient(front.url, await front.token('me'));
  const isOver = ({ state }: { state?: string }) => state === 'completed' || state === 'failed';
  expect(await again.statusWhen(id, isOver, 60_000)).toMatchObject({
    state: 'completed',
    transcript: { text: words.join(' ') },
  });
}, 120_000);

/** In front of PostgreSQL; stalled, it takes what it is sent and passes nothing on: a network that swallows everything. */
async function startStallingProxy(target: string): Promise<{ readonly url: string; stall(): void }> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let isStalled = false;
  const server: Server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('data', (data) => isStalled || to.write(data));
      from.on('close', () => isStalled || to.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const url = new URL(target);
  url.host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return {
    url: url.href,
    stall() {
      isStalled = true;
    },
  };
}

/** A worker as a process of its own, that ends within ten seconds. */
function startWorker(environment: Record<string, string>): Program {
  const program = runProgram('src/main.ts', [], {
    ROLE: 'worker',
    PORT: '0',
    STOP_SECONDS: '10',
    OPENAI_API_KEY: 'sk-test',
    UNLEASH_URL: 'http://127.0.0.1:9', // it goes on without
    UNLEASH_API_TOKEN: 'default:development.x',
    UNLEASH_ADMIN_TOKEN: '*:*.x',
    ...environment,
  });
  ends.push(async () => {
    program.child.kill('SIGKILL');
    await program.ended;
  });
  return program;
}

async function endInTime({ child, ended }: Program): Promise<Ended> {
  const began = performance.now();
  child.kill('SIGTERM');
  const how = await ended;
  // Two seconds more, for a machine with other work.
  expect(performance.now() - began).toBeLessThan(12_000);
  return how;
}

it('ends in time when what it stands on says nothing any more', async () => {
  const front = await start({ ROLE: 'api' });
  const proxy = await startStallingProxy(front.connectionString);
  const worker = startWorker({ ...front.stores, DATABASE_URL: proxy.url });
  await worker.printed(/^ready /m, 60_000);
  proxy.stall();
  const { code, stderr } = await endInTime(worker);
  expect(code).toBe(1);
  expect(stderr).toMatch(/did not stop in order|not stopped within STOP_SECONDS/);
}, 120_000);

it('ends in time in the middle of a start that hangs', async () => {
  const front = await start({ ROLE: 'api' });
  await withClient(front.connectionString, async (client) => {
    await client.query(`select pg_advisory_lock(hashtextextended('thankly-migrations', 0))`);
    const worker = startWorker(front.stores);
    await eventually(async () => {
      const { rowCount } = await client.query(
        `select from pg_stat_activity where application_name = 'thankly-migrate' and wait_event = 'advisory'`,
      );
      expect(rowCount).toBe(1);
    });
    const { code, stdout } = await endInTime(worker);
    expect([code, stdout]).toEqual([1, '']);
  });
}, 120_000);
