import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { completeUpload } from './complete-upload.ts';
import type { CreatedSession, SignedUrl } from './contract.ts';
import { systemPatience } from './patiently.ts';
import {
  type ApiDouble,
  type DoubleOptions,
  type Interference,
  sendProblem,
  startApiDouble,
} from './testing/api-double.ts';
import { putObject, uploadChunk } from './upload-chunk.ts';
import { createVoiceApi, type VoiceApi } from './voice-api.ts';

let double: ApiDouble;
let api: VoiceApi;
let session: CreatedSession;
const begin = async (options: DoubleOptions = {}) => {
  double = await startApiDouble(options);
  api = createVoiceApi({ baseUrl: double.url, token: 'secret' });
  session = await api.create({ mimeType: 'audio/wav' }, 'the-session');
};
afterEach(() => double.close());

const patience = { ...systemPatience(5_000), firstDelayMs: 2, maxDelayMs: 5 };
const sound = Buffer.from('some sound');
const chunk = {
  index: 0,
  bytes: sound.length,
  sha256: createHash('sha256').update(sound).digest('hex'),
  startMs: 0,
  endMs: 5_000,
};
const upload = (url: SignedUrl | null) => uploadChunk('the-session', chunk, sound, url, { api, patience });
const firstUrl = () => session.upload.urls[0] ?? null;
const puts = () => double.calls.filter(({ method }) => method === 'PUT');
const acknowledged = () =>
  double.calls
    .filter(({ path }) => path.endsWith('/chunks/0'))
    .map(({ body }) => JSON.parse(body.toString()) as { attempts: number; uploadMs: number });

/** The first `times` PUTs go wrong in this way. */
const firstPuts = (times: number, wrong: Interference): Interference => {
  let seen = 0;
  return (call, response) => call.method === 'PUT' && ++seen <= times && wrong(call, response);
};

describe('uploading a chunk', () => {
  it('puts it with exactly the headers it was signed with, and has it acknowledged', async () => {
    await begin();
    await upload(firstUrl());
    expect(double.chunk('the-session', 0)).toEqual(sound);
    expect(puts()).toMatchObject([{ headers: { 'content-type': 'audio/wav', 'if-none-match': '*' } }]);
    expect(puts()[0]?.headers.authorization).toBeUndefined();
    const { index: _, ...described } = chunk;
    expect(acknowledged()).toEqual([{ ...described, attempts: 1, uploadMs: expect.any(Number) }]);
    expect(acknowledged()[0]?.uploadMs).toBeGreaterThanOrEqual(0);
  });

  it('asks for a URL when it has none', async () => {
    await begin();
    await upload(null);
    expect(double.chunk('the-session', 0)).toEqual(sound);
  });

  it('tries again after lost connections and busy answers, and says how often it tried', async () => {
    let seen = 0;
    const wrong: Interference = (_, response) => {
      if (++seen === 1) response.destroy();
      else sendProblem(response, 503, 'too_many_transfers', {}, { 'retry-after': '0' });
      return true;
    };
    await begin({ interfere: firstPuts(3, wrong) });
    await upload(firstUrl());
    expect(acknowledged()).toMatchObject([{ attempts: 4 }]);
  });

  it('goes on when the chunk already stands there: only the answer was lost (412)', async () => {
    await begin();
    const url = firstUrl();
    if (url === null) throw new Error('no URL');
    await fetch(url.url, { method: 'PUT', headers: url.headers, body: sound });
    await upload(url);
    expect(puts()).toHaveLength(2);
    expect(acknowledged()).toHaveLength(1);
  });

  it('renews a URL that is no longer good', async () => {
    await begin();
    await upload({ ...(firstUrl() as SignedUrl), url: `${double.url}/objects/the-session/0/0?sig=old` });
    expect(double.calls.map(({ method, path }) => `${method} ${path.split('?')[0]}`).slice(1)).toEqual([
      'PUT /objects/the-session/0/0',
      'GET /audio/session/the-session/presign',
      'PUT /objects/the-session/0/0',
      'POST /audio/session/the-session/chunks/0',
    ]);
  });

  it('gives up after three renewals, and no URL is in the error', async () => {
    await begin({
      interfere: firstPuts(99, (_, response) => {
        response.writeHead(403, { 'content-type': 'application/xml' }).end('<Error>AccessDenied</Error>');
        return true;
      }),
    });
    const error = await upload(firstUrl()).catch((thrown) => thrown);
    expect(error).toMatchObject({ name: 'ApiError', status: 403, code: 'put_refused' });
    expect(puts()).toHaveLength(4);
    expect(JSON.stringify(error) + String(error.stack)).not.toContain('sig=');
  });

  it('puts it again when it arrived damaged', async () => {
    await begin({
      interfere: (call) => {
        if (call.method === 'PUT' && puts().length === 1) call.body.fill(0);
        return false;
      },
    });
    await upload(firstUrl());
    expect(double.chunk('the-session', 0)).toEqual(sound);
    expect(acknowledged()).toMatchObject([{ attempts: 1 }, { attempts: 2 }]);
  });

  it('does not believe a captive portal that takes the PUT', async () => {
    await begin({
      interfere: firstPuts(1, (_, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome</html>');
        return true;
      }),
    });
    await upload(firstUrl());
    expect(double.chunk('the-session', 0)).toEqual(sound);
  });

  it('does not insist when the session takes no more', async () => {
    await begin({
      interfere: ({ path }, response) => {
        if (!path.endsWith('/chunks/0')) return false;
        sendProblem(response, 409, 'session_not_recording');
        return true;
      },
    });
    await expect(upload(firstUrl())).rejects.toMatchObject({ code: 'session_not_recording' });
    expect(acknowledged()).toHaveLength(1);
  });

  it('takes a link that stands still for dead', async () => {
    await begin({ interfere: firstPuts(1, () => true) });
    const renew = () => Promise.reject(new Error('not asked for'));
    const parts = { patience, timeoutMs: 100, slowest: 1_000_000 };
    // A busy machine may need a third: that one finds what the second put.
    expect(await putObject(sound, firstUrl(), renew, parts)).toBeGreaterThanOrEqual(2);
    expect(double.chunk('the-session', 0)).toEqual(sound);
  });
});

describe('completing', () => {
  const request = { chunks: [chunk], durationMs: 5_000, stoppedAt: new Date(0).toISOString() };
  const none = () => Promise.reject(new Error('nothing was missing'));

  it('tries again while the server is away', async () => {
    let seen = 0;
    await begin({
      interfere: ({ path }, response) => {
        if (!path.endsWith('/complete') || ++seen > 2) return false;
        if (seen === 1) response.destroy();
        else sendProblem(response, 503, 'event_log_unavailable', {}, { 'retry-after': '0' });
        return true;
      },
    });
    await upload(firstUrl());
    await expect(completeUpload('the-session', request, none, { api, patience })).resolves.toBe('processing');
  });

  it('sends what the server misses, then completes', async () => {
    await begin();
    const sent: (readonly number[])[] = [];
    const sendAgain = async (missing: readonly number[]) => {
      sent.push(missing);
      await upload(null);
    };
    await completeUpload('the-session', request, sendAgain, { api, patience });
    expect(sent).toEqual([[0]]);
  });

  it('gives up when what was sent is missing again and again', async () => {
    await begin();
    let rounds = 0;
    const sendAgain = async () => {
      rounds++;
    };
    await expect(completeUpload('the-session', request, sendAgain, { api, patience })).rejects.toMatchObject({
      code: 'chunks_missing',
    });
    expect(rounds).toBe(3);
  });
});
