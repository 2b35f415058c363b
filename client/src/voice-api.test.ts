import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { SessionStatus } from './contract.ts';
import { systemPatience } from './patiently.ts';
import { personArchive } from './person-archive.ts';
import {
  type ApiDouble,
  type DoubleOptions,
  sendJson,
  sendProblem,
  startApiDouble,
} from './testing/api-double.ts';
import { eventually } from './testing/eventually.ts';
import { createVoiceApi, type VoiceApi } from './voice-api.ts';

let double: ApiDouble;
const begin = async (options: DoubleOptions = {}, timeoutMs = 5_000): Promise<VoiceApi> => {
  double = await startApiDouble(options);
  return createVoiceApi({ baseUrl: `${double.url}/`, token: 'secret', timeoutMs });
};
afterEach(() => double.close());

const sound = Buffer.from('sound');
const manifest = { index: 0, bytes: 5, sha256: createHash('sha256').update(sound).digest('hex') };
const patience = { ...systemPatience(5_000), firstDelayMs: 5 };

/** A session that was uploaded and completed. */
async function completed(api: VoiceApi): Promise<string> {
  const { sessionId, upload } = await api.create({ mimeType: 'audio/wav' });
  const [url] = upload.urls;
  if (url === undefined) throw new Error('no URL');
  await fetch(url.url, { method: url.method, headers: url.headers, body: sound });
  await api.acknowledge(sessionId, manifest);
  await api.complete(sessionId, {
    chunks: [manifest],
    durationMs: 1_000,
    stoppedAt: new Date(0).toISOString(),
  });
  return sessionId;
}

async function all(events: AsyncIterable<SessionStatus>): Promise<SessionStatus[]> {
  const seen: SessionStatus[] = [];
  for await (const status of events) seen.push(status);
  return seen;
}

describe('the endpoints as functions', () => {
  it('send the token, the idempotency key and JSON, and answer with what the server said', async () => {
    const api = await begin();
    const created = await api.create({ mimeType: 'audio/wav' }, 'key-1');
    expect(created).toMatchObject({ sessionId: 'key-1', strategy: 'chunked', upload: { concurrency: 2 } });
    expect(double.calls[0]).toMatchObject({
      method: 'POST',
      path: '/audio/session/create',
      headers: {
        authorization: 'Bearer secret',
        'idempotency-key': 'key-1',
        'content-type': 'application/json',
      },
    });
    expect((await api.presign('key-1', '3,4')).map(({ index }) => index)).toEqual([3, 4]);
    expect((await api.fallback('key-1', 'merge_failed')).map(({ index }) => index)).toEqual([0]);
    expect((await api.status('key-1')).state).toBe('recording');
    expect(await api.retry('key-1')).toEqual({ sessionId: 'key-1', state: 'processing' });
    expect(await api.erase('key-1')).toBeUndefined();
  });

  it('ask for the token anew for each call, and for none to get one', async () => {
    await begin();
    let asked = 0;
    const api = createVoiceApi({ baseUrl: double.url, token: async () => `token-${++asked}` });
    expect(await api.devToken('demo')).toBe('dev-token');
    await api.create({ mimeType: 'audio/wav' }, 'a');
    await api.status('a');
    expect(double.calls.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  it('keep the path of the base URL', async () => {
    await begin();
    const api = createVoiceApi({ baseUrl: `${double.url}/voice/`, token: 'secret' });
    await expect(api.flags()).rejects.toMatchObject({ status: 404 });
    expect(double.calls[0]?.path).toBe('/voice/flags');
  });
});

describe('what goes wrong', () => {
  it('is a problem: its code, detail, other members and Retry-After', async () => {
    const api = await begin({
      interfere: (_, response) => {
        sendProblem(response, 503, 'too_busy', { missing: [3] }, { 'retry-after': '7' });
        return true;
      },
    });
    await expect(api.flags()).rejects.toMatchObject({
      status: 503,
      code: 'too_busy',
      message: 'it is too_busy',
      details: { missing: [3] },
      retryAfterMs: 7_000,
      passing: true,
    });
  });

  it.each([
    [200, true], // a captive portal
    [502, true],
    [404, false],
  ])('is HTML with status %i: not_json, passing %s', async (status, passing) => {
    const api = await begin({
      interfere: (_, response) => {
        response.writeHead(status, { 'content-type': 'text/html' }).end('<html>Welcome</html>');
        return true;
      },
    });
    await expect(api.flags()).rejects.toMatchObject({ status, code: 'not_json', passing });
  });

  it('is a server that never answers, nor finishes its answer: timeout', async () => {
    const silent = await begin({ interfere: () => true }, 50);
    await expect(silent.flags()).rejects.toMatchObject({ status: 0, code: 'timeout', passing: true });
    await expect(all(silent.events('a', { patience: { ...patience, patienceMs: 0 } }))).rejects.toMatchObject(
      {
        code: 'timeout',
      },
    );
    await double.close();
    const half = await begin(
      {
        interfere: (_, response) => {
          response.writeHead(200, { 'content-type': 'application/json' }).write('{"chunked');
          return true;
        },
      },
      50,
    );
    await expect(half.flags()).rejects.toMatchObject({ status: 0, code: 'timeout' });
  });

  it('is nobody there, or a cut connection: unreachable, without a word of the token', async () => {
    const api = await begin({
      interfere: (_, response) => {
        response.destroy();
        return true;
      },
    });
    const cut = await api.flags().catch((error) => error);
    expect(cut).toMatchObject({ status: 0, code: 'unreachable', passing: true });
    expect(JSON.stringify(cut) + String(cut.stack)).not.toContain('secret');
    await double.close();
    await expect(api.flags()).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('the event stream', () => {
  it('yields each status and ends with the session', async () => {
    const api = await begin();
    const seen = await all(api.events(await completed(api), { patience }));
    expect(seen).toMatchObject([{ state: 'completed', entry: { title: 'One' } }]);
  });

  it('is resumed with Last-Event-ID when it is cut off in the middle of an event', async () => {
    let opened = 0;
    const api = await begin({
      interfere: ({ path }, response) => {
        if (!path.endsWith('/events') || ++opened > 1) return false;
        const status = { state: 'processing', stage: 'merging', progress: 5, version: 2 };
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(
          `id: 2\nevent: status\ndata: ${JSON.stringify(status)}\n\nid: 3\nevent: status\ndata: {"sta`,
        );
        setImmediate(() => response.destroy());
        return true;
      },
    });
    const seen = await all(api.events(await completed(api), { patience }));
    expect(seen.map(({ state }) => state)).toEqual(['processing', 'completed']);
    const opens = double.calls.filter(({ path }) => path.endsWith('/events'));
    expect(opens.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '2']);
  });

  it('answered 204 (its end was seen before) gives the status once more', async () => {
    const api = await begin();
    const sessionId = await completed(api);
    const { version } = await api.status(sessionId);
    const seen = await all(api.events(sessionId, { patience, lastEventId: String(version) }));
    expect(seen.map(({ state }) => state)).toEqual(['completed']);
  });

  it('that falls silent is opened again', async () => {
    let opened = 0;
    const api = await begin({
      interfere: ({ path }, response) => {
        if (!path.endsWith('/events') || ++opened > 1) return false;
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
        return true;
      },
    });
    const seen = await all(api.events(await completed(api), { patience, idleMs: 50 }));
    expect(seen.map(({ state }) => state)).toEqual(['completed']);
    expect(opened).toBeGreaterThanOrEqual(2);
  });

  it('that always ends before the session does is given up when patience ends', async () => {
    const api = await begin({
      interfere: ({ path }, response) => {
        if (!path.endsWith('/events')) return false;
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome</html>');
        return true;
      },
    });
    const sessionId = await completed(api);
    const short = { ...patience, patienceMs: 100 };
    await expect(all(api.events(sessionId, { patience: short }))).rejects.toMatchObject({
      code: 'stream_ended',
    });
  });

  it('of a session that is not there is not asked for again', async () => {
    const api = await begin();
    await expect(all(api.events('nobody', { patience }))).rejects.toMatchObject({
      code: 'session_not_found',
    });
    expect(double.calls).toHaveLength(1);
  });

  it('is left when its signal says so', async () => {
    const api = await begin();
    const { sessionId } = await api.create({ mimeType: 'audio/wav' });
    const leaving = new AbortController();
    const following = (async () => {
      for await (const { state } of api.events(sessionId, { patience, signal: leaving.signal })) {
        expect(state).toBe('recording');
        leaving.abort(new Error('left'));
      }
    })();
    await expect(following).rejects.toThrow('left');
  });
});

describe('what a person may ask about all that is kept of them', () => {
  const erasure = { id: 'e-1', requestedAt: '2026-11-28T10:00:00.000Z', finishedAt: null, sessionsLeft: 3 };

  it('an erasure is followed to its end, over a server that is away for a moment', async () => {
    const answers = [
      () => erasure,
      () => null,
      () => ({ ...erasure, sessionsLeft: 0 }),
      () => ({ ...erasure, sessionsLeft: 0, finishedAt: '2026-11-28T10:01:00.000Z' }),
    ];
    const api = await begin({
      interfere: ({ path }, response) => {
        if (!path.startsWith('/users/me')) return false;
        const body = answers.shift()?.() ?? null;
        return (body === null ? sendProblem(response, 503, 'away') : sendJson(response, 200, body)) !== null;
      },
    });
    const seen: (readonly [number, boolean])[] = [];
    for await (const each of api.erasureProgress(await api.eraseMe(), { patience, everyMs: 1 }))
      seen.push([each.sessionsLeft, each.finishedAt !== null]);
    expect(seen).toEqual([
      [3, false],
      [0, false],
      [0, true],
    ]);
    expect(double.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'DELETE /users/me',
      ...Array(3).fill('GET /users/me/erasures/e-1'),
    ]);
  });

  it('the archive comes as it is made, with its name; it can be given up', async () => {
    let isCut = false;
    const api = await begin({
      interfere: (_, response) => {
        response.on('close', () => {
          isCut = !response.writableEnded;
        });
        response.writeHead(200, { 'content-disposition': 'attachment; filename="thankly-2026-11-28.zip"' });
        return response.write('PK'); // and no more for now
      },
    });
    const { fileName, body } = await api.exportMe();
    expect(fileName).toBe('thankly-2026-11-28.zip');
    const reader = body.getReader();
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('PK');
    await reader.cancel();
    await eventually(() => expect(isCut).toBe(true));
  });

  it('an archive that breaks off or falls silent is an error, never a shorter one', async () => {
    const broken = await begin({
      interfere: (_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('PK', () => response.destroy());
        return true;
      },
    });
    await expect(new Response((await broken.exportMe()).body).arrayBuffer()).rejects.toThrow();
    const silent = personArchive(new Response(new ReadableStream()), 10);
    await expect(silent.body.getReader().read()).rejects.toMatchObject({ code: 'timeout' });
    expect(() => personArchive(new Response(null))).toThrow('stream');
  });
});
