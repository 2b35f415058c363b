/** Wrong answers, each with its typed error. The real API: test/integration/unleash-sync.test.ts. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { freePort } from '../../test/support/free-port.ts';
import { adminApi } from './admin-api.ts';

let answer: { status: number; body: string; location?: string } | null;
let server: Server;
let url: string;
beforeEach(async () => {
  server = createServer((_request, response) => {
    if (answer === null) return; // never
    const { status, body, location } = answer;
    response.writeHead(status, location === undefined ? {} : { location }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const TOKEN = '*:*.5ecre7';
const find = (at = url, adminToken = TOKEN, timeoutMs = 20_000) =>
  adminApi({ url: at, adminToken, environment: 'development', timeoutMs }).find();

it.each([
  [401, '{"message":"log in"}', 'unauthorized', 'Unleash answered 401 to GET /segments: log in'],
  [403, '', 'forbidden', 'Unleash answered 403 to GET /segments'],
  [409, '{"message":"in use"}', 'rejected', 'Unleash answered 409 to GET /segments: in use'],
  [500, '<html>oops</html>', 'failing', 'Unleash answered 500 to GET /segments'],
  [503, '{"message":7}', 'failing', 'Unleash answered 503 to GET /segments'],
  [200, '<html>welcome</html>', 'invalid_answer', "Unleash's answer to GET /segments is not JSON"],
  [200, '', 'invalid_answer', 'Unleash\'s answer to GET /segments is not what it should be (at "")'],
  [
    200,
    '{"segments":[{"id":"one"}]}',
    'invalid_answer',
    'Unleash\'s answer to GET /segments is not what it should be (at "segments.0.id")',
  ],
])('%i %s: %s', async (status, body, code, message) => {
  answer = { status, body };
  await expect(find()).rejects.toMatchObject({ name: 'FlagServerError', code, message });
});

it('does not follow to another place, where the token does not belong', async () => {
  answer = { status: 302, body: '', location: 'http://127.0.0.1:1/' };
  await expect(find()).rejects.toMatchObject({ code: 'invalid_answer' });
});

it('does not read an answer without end', async () => {
  answer = { status: 200, body: 'x'.repeat(9 * 1024 * 1024) };
  await expect(find()).rejects.toMatchObject({
    code: 'invalid_answer',
    message: "Unleash's answer to GET /segments is too long",
  });
});

it('waits no longer than it may', async () => {
  answer = null;
  await expect(find(url, TOKEN, 100)).rejects.toMatchObject({
    code: 'unreachable',
    message: 'Unleash cannot be reached for GET /segments: it did not answer in time',
  });
});

it('says that nobody is there', async () => {
  await expect(find(`http://127.0.0.1:${await freePort()}`)).rejects.toMatchObject({
    code: 'unreachable',
    message: 'Unleash cannot be reached for GET /segments: ECONNREFUSED',
  });
});

it('never shows the token, also when fetch itself refuses it', async () => {
  await expect(find(url, 'line\nbreak')).rejects.toMatchObject({
    code: 'unauthorized',
    message: expect.not.stringContaining('break'),
  });
});
