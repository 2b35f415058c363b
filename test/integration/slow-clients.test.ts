/** Who sends slowly, or nothing, is cut off, and takes nobody's place meanwhile. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { bodyInTime } from '../../src/http/admission/body-in-time.ts';
import { problemHandler } from '../../src/http/problem.ts';
import { type HttpServer, listen, type Patience } from '../../src/http/server.ts';

const QUICK: Patience = { headersMs: 300, requestMs: 1_000, keepAliveMs: 300, lookMs: 50 };

let server: HttpServer;
afterEach(() => server?.close());

async function given(patience: Partial<Patience> = {}, bodyMs = 300): Promise<string[]> {
  const failures: string[] = [];
  const app = express();
  app.use(bodyInTime(bodyMs));
  app.use(express.json());
  app.use((request, response) => void response.json({ heard: request.body ?? null }));
  app.use(
    problemHandler({
      onUnexpected: (error) => failures.push(String(error)),
      onRefused: () => undefined,
      isTransient: () => false,
    }),
  );
  server = await listen('127.0.0.1', 0, {
    patience: { ...QUICK, headersMs: 60_000, requestMs: 60_000, ...patience },
  });
  server.serve(app);
  return failures;
}

function say(text: string): { readonly socket: Socket; readonly heard: Promise<string> } {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(text);
  let heard = '';
  socket.setEncoding('utf8').on('data', (piece) => {
    heard += piece;
  });
  socket.on('error', () => undefined); // cut off is what it is to be
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(heard)));
  return { socket, heard: closed };
}

const POST = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

describe('a slow client', () => {
  it('that never ends its head is cut off', async () => {
    await given({ headersMs: 300 });
    const { socket, heard } = say('GET / HTTP/1.1\r\nHost: x\r\n');
    const drip = setInterval(() => socket.write('X-More: 1\r\n'), 50);
    expect(await heard).toMatch(/^(HTTP\/1\.1 408 |$)/);
    clearInterval(drip);
  });

  it('that says nothing at all is cut off', async () => {
    await given({ headersMs: 300, requestMs: 300 });
    expect(await say('').heard).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });

  it('whose body trickles is told so, and cut off', async () => {
    const failures = await given();
    const { socket, heard } = say(`${POST}Content-Length: 100000\r\n\r\n{`);
    const drip = setInterval(() => socket.write(' '), 50);
    const answer = await heard;
    clearInterval(drip);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"code":"body_too_slow"');
    expect(failures).toEqual([]);
  });

  it('whose body has no announced length is no exception', async () => {
    await given();
    expect(await say(`${POST}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`).heard).toMatch(
      /^HTTP\/1\.1 408 /,
    );
  });

  it('that is in time is answered, and its connection kept for the next request, for a while', async () => {
    await given();
    const { socket, heard } = say(`${POST}Content-Length: 2\r\n\r\n{}`);
    await once(socket, 'data');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const answers = await heard; // closed when nothing more came
    expect(answers.match(/HTTP\/1\.1 200 /g)).toHaveLength(2);
    expect(answers).not.toContain('408');
  });

  it('that goes away in the middle of its body is nobody’s failure', async () => {
    const failures = await given({}, 60_000);
    const { socket, heard } = say(`${POST}Content-Length: 100\r\n\r\n{`);
    setTimeout(() => socket.destroy(), 50);
    await heard;
    await server.close();
    expect(failures).toEqual([]);
  });
});
