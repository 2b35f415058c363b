/** What every answer has and none tells: headers, origins, caches, errors; and requests that are not quite HTTP. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { signDevToken } from '../../src/http/authentication.ts';
import { crossOrigin } from '../../src/http/cross-origin.ts';
import { devToken } from '../../src/http/dev-token.ts';
import { Problem, problemHandler } from '../../src/http/problem.ts';
import { type HttpServer, listen } from '../../src/http/server.ts';
import { apiOperations, pathOf } from '../support/api-operations.ts';
import { JWT_SECRET, startApplication, type TestApplication } from '../support/application.ts';
import { httpClient } from '../support/http-client.ts';

const APP = 'https://app.example';
const NOBODYS = '00000000-0000-4000-8000-000000000000';

let application: TestApplication;
let me: ReturnType<typeof httpClient>;
const servers: HttpServer[] = [];

beforeAll(async () => {
  application = await startApplication({ WEB_ORIGINS: `${APP},https://other.example:8443` });
  me = httpClient(application.url, await application.token('me'));
}, 300_000);
afterAll(async () => {
  for (const server of servers) await server.close();
  await application?.stop();
});

async function serve(configure: (app: express.Express) => void): Promise<string> {
  const app = express();
  configure(app);
  const server = await listen('127.0.0.1', 0);
  server.serve(app);
  servers.push(server);
  return server.url;
}

/** What comes back until the other side hangs up. */
function exchange(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answered = '';
  socket.setEncoding('latin1').on('data', (part) => {
    answered += part;
  });
  socket.on('error', () => undefined); // it may hang up while we are still talking
  socket.write(text, 'latin1');
  socket.setTimeout(10_000, () => socket.destroy());
  return new Promise((resolve) => socket.on('close', () => resolve(answered)));
}

describe('every answer', () => {
  const PATHS = [
    '/',
    '/console',
    '/docs',
    '/openapi.json',
    '/page.json',
    '/healthz',
    '/metrics',
    '/flags',
    '/no',
  ];

  it.each(PATHS)('%s has the headers that keep a browser from doing harm, and no cookie', async (path) => {
    const { headers } = await fetch(`${application.url}${path}`, { headers: { accept: '*/*' } });
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/default-src 'self'/);
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toMatch(/object-src 'none'/);
    expect(policy).toMatch(/base-uri 'self'/);
    expect(policy).toMatch(/frame-ancestors 'self'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{8}/);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
    expect(headers.get('set-cookie')).toBeNull();
    if (!headers.get('content-type')?.includes('json'))
      expect(headers.get('content-type')).toMatch(/charset=utf-8/);
  });

  it('to somebody in particular is kept by no cache, whatever it is', async () => {
    const id = await me.upload([]);
    const operations = (await apiOperations(application.url)).filter(
      ({ isOpen, method, template }) =>
        !isOpen && method === 'GET' && !template.endsWith('/events') && template !== '/flags',
    );
    for (const operation of operations) {
      const { headers } = await me.request('GET', pathOf(operation, { id, index: '0' }));
      expect([operation.template, headers.get('cache-control')]).toEqual([
        operation.template,
        expect.stringContaining('no-store'),
      ]);
    }
  });

  it('never lists a folder, and serves no file that begins with a dot', async () => {
    for (const path of [
      '/assets/',
      '/assets',
      '/.git/config',
      '/.env',
      '/assets/.sources',
      '/docs/package.json',
    ])
      expect([path, (await fetch(`${application.url}${path}`)).status]).toEqual([path, 404]);
  });
});

describe('pages of other origins', () => {
  const preflight = (url: string, origin: string) =>
    fetch(`${url}/audio/session/create`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,idempotency-key,prefer',
      },
    });

  it.each([APP, 'https://other.example:8443'])('may ask where they were configured: %s', async (origin) => {
    const { status, headers } = await preflight(application.url, origin);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-allow-headers')).toMatch(/Authorization.*Idempotency-Key.*Prefer/);
    expect(headers.get('vary')).toMatch(/Origin/i);
    const answer = await me.request('GET', '/flags', undefined, { origin });
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    const refused = await me.request('GET', `/entries/${NOBODYS}`, undefined, { origin });
    expect(refused.headers.get('access-control-allow-origin')).toBe(origin);
  });

  it.each([
    'https://evil.example',
    'null',
    'http://app.example',
    'https://app.example.evil.example',
    'https://evilapp.example',
    'https://app.example:444',
    'https://APP.example',
  ])('may not where they were not: %s', async (origin) => {
    const { headers } = await preflight(application.url, origin);
    expect(headers.get('access-control-allow-origin')).toBeNull();
    const answer = await me.request('GET', '/flags', undefined, { origin });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('are none where nothing was configured', async () => {
    const url = await serve((app) => {
      app.use(crossOrigin([]));
      app.get('/', (_request, response) => void response.json({}));
    });
    const { headers } = await fetch(url, { headers: { origin: APP } });
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('may put to signed URLs of the disk store where they may ask, and others may not', async () => {
    const { body } = await me.create();
    const { url } = body.upload.urls[0];
    const allowed = async (origin: string) =>
      (
        await fetch(url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'PUT' } })
      ).headers.get('access-control-allow-origin');
    expect([await allowed(APP), await allowed('https://evil.example')]).toEqual([APP, null]);
  });
});

describe('what goes wrong', () => {
  it('is told by its code, without a stack, a query or a path of ours', async () => {
    const asked = [
      await me.request('POST', '/audio/session/create', '{"mimeType":'),
      await me.request('POST', '/audio/session/create', { mimeType: 'x', __proto__: { a: 1 } }),
      await me.request('GET', '/audio/session/%E0%A4%A/status'),
      await me.request('GET', '/entries?limit=abc'),
      await me.request('GET', "/entries?before=x'%20or%201=1--"),
      await me.request('GET', '/no/such/route'),
      await me.request('PATCH', '/flags'),
      await me.request('GET', `/audio/session/${NOBODYS}'/status`),
      await httpClient(application.url, 'x.y.z').request('GET', '/flags'),
    ];
    for (const { status, body } of asked) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(body.code).toMatch(/^[a-z_]+$/);
      expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts:|\.js:|at .*\(|select |SyntaxError/i);
    }
  });

  it('on our side is told without a word of what it was, and logged', async () => {
    const seen: unknown[] = [];
    const url = await serve((app) => {
      app.get('/', () => {
        throw new Error('password=hunter2 at /srv/secret.ts');
      });
      app.get('/refused', () => {
        throw new Problem(403, 'role_forbidden', 'no');
      });
      app.use(
        problemHandler({
          isTransient: () => false,
          onUnexpected: (error) => seen.push(error),
          onRefused: (refusal) => seen.push(refusal),
        }),
      );
    });
    const response = await fetch(url);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      type: '/docs/errors#internal_error',
      title: 'Internal error',
      status: 500,
      code: 'internal_error',
      detail: 'something went wrong on our side; it was logged',
    });
    await fetch(`${url}/refused?token=${'x'.repeat(50)}`);
    expect(seen).toEqual([
      expect.any(Error),
      { status: 403, code: 'role_forbidden', method: 'GET', path: '/refused' },
    ]);
  });
});

describe('a request that is not quite HTTP', () => {
  /** The status lines of what comes back; a smuggled request would have one of its own. */
  const raw = async (text: string) => (await exchange(application.url, text)).match(/HTTP\/1\.1 \d+/g) ?? [];
  const POST = 'POST /audio/session/create HTTP/1.1\r\nHost: x\r\n';
  const FIRST = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
  const SMUGGLED = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

  it('is one that this test would see: two in a row are answered twice', async () => {
    expect(await raw(`${FIRST}${SMUGGLED}`)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
  });

  it.each([
    [
      'Content-Length beside Transfer-Encoding',
      `Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['two lengths', `Content-Length: 0\r\nContent-Length: 4\r\n\r\n`],
    ['a length with a sign', `Content-Length: +0\r\n\r\n`],
    ['an unknown transfer coding', `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['chunked that is not the last coding', `Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
    ['a space before the colon', `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`],
    ['a folded header', `Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`],
    ['a chunk size that is none', `Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n`],
  ])('with %s ends the connection, and nothing behind it is answered', async (_, rest) => {
    const statuses = await raw(`${POST}${rest}${SMUGGLED}`);
    expect(statuses.filter((status) => status === 'HTTP/1.1 200')).toEqual([]);
    expect(statuses.length).toBeLessThanOrEqual(1);
  });

  it('with 100 kB of headers is refused', async () => {
    expect(await raw(`GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`)).toEqual([
      'HTTP/1.1 431',
    ]);
  });

  it.each(['TRACE', 'CONNECT'])('by %s is not echoed', async (method) => {
    const statuses = await raw(`${method} / HTTP/1.1\r\nHost: x\r\nX-Secret: 1\r\nConnection: close\r\n\r\n`);
    expect(statuses).not.toContain('HTTP/1.1 200');
  });

  it('that says to be another by a header is what it is', async () => {
    const { body } = await me.request('GET', '/flags', undefined, {
      'x-http-method-override': 'DELETE',
      'x-original-url': '/admin/sessions',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
    });
    expect(body).toHaveProperty('chunkedUpload');
    const { body: created } = await me.create({}, { 'x-forwarded-host': 'evil.example' });
    expect(new URL(created.upload.urls[0].url).origin).toBe(application.url);
  });
});

describe('an event stream', () => {
  it('lives no longer than the token that it was asked for with', async () => {
    const { SignJWT } = await import('jose');
    const id = await me.upload([]);
    const exp = Math.floor(Date.now() / 1000) + 3;
    const token = await new SignJWT({ role: 'user' })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('me')
      .setExpirationTime(exp)
      .sign(new TextEncoder().encode(JWT_SECRET));
    const response = await fetch(`${application.url}/audio/session/${id}/events`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(20_000),
    });
    expect(response.status).toBe(200);
    const reading = response.text();
    await expect(reading).rejects.toMatchObject({ name: 'TypeError' }); // cut, not ended by our own time-out
    expect(Date.now() / 1000).toBeGreaterThanOrEqual(exp - 0.1);
  });
});

describe('/dev/token', () => {
  it('is not there where a database was named, whatever NODE_ENV says', async () => {
    const { status, body } = await me.request('POST', '/dev/token', { userId: 'me', role: 'sre' });
    expect([status, body.code]).toEqual([404, 'route_not_found']);
  });

  it('answers this machine, by its own name, and nobody who asks through something', async () => {
    const url = await serve((app) => {
      app.use(express.json());
      app.use('/dev/token', devToken(JWT_SECRET));
      app.use(
        problemHandler({
          isTransient: () => false,
          onUnexpected: () => undefined,
          onRefused: () => undefined,
        }),
      );
    });
    const { port } = new URL(url);
    const ask = async (headers: Record<string, string>) => {
      const lines = Object.entries({
        Host: `127.0.0.1:${port}`,
        'Content-Type': 'application/json',
        'Content-Length': '15',
        Connection: 'close',
        ...headers,
      }).map(([name, value]) => `${name}: ${value}`);
      const answered = await exchange(
        url,
        `POST /dev/token HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n{"userId":"me"}`,
      );
      return Number(/^HTTP\/1\.1 (\d+)/.exec(answered)?.[1]);
    };
    for (const Host of ['127.0.0.1:1', 'localhost', 'localhost:8080', '[::1]:8080'])
      expect([Host, await ask({ Host })]).toEqual([Host, 201]);
    // A name of somebody else's that was made to lead here, and names that only look like ours.
    for (const Host of ['evil.example:8080', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1'])
      expect([Host, await ask({ Host })]).toEqual([Host, 403]);
    for (const name of ['X-Forwarded-For', 'Forwarded', 'Via', 'X-Real-IP', 'X-Forwarded-Host'])
      expect([name, await ask({ [name]: '203.0.113.9' })]).toEqual([name, 403]);
    expect(await ask({ 'Content-Type': 'text/plain' })).toBe(400); // what a page may send without asking first
    expect(await signDevToken(JWT_SECRET, { subject: 'me', role: 'user' })).toMatch(/^ey/);
  });
});
