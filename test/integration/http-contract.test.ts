/** The HTTP contract and what it refuses: each with its stable code, and nothing lost or half-done. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { setFaults, startApplication, type TestApplication } from '../support/application.ts';
import { httpClient, sha256 } from '../support/http-client.ts';

const words = numberedWords(10);
const recording = wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000);
const chunks = [
  recording.subarray(0, 30_000),
  recording.subarray(30_000, 60_000),
  recording.subarray(60_000),
];
const UNKNOWN = '00000000-0000-4000-8000-000000000000';

let application: TestApplication;
let me: ReturnType<typeof httpClient>;
let other: ReturnType<typeof httpClient>;

beforeAll(async () => {
  application = await startApplication();
  me = httpClient(application.url, await application.token('me'));
  other = httpClient(application.url, await application.token('somebody else'));
}, 300_000);
afterAll(() => application?.stop());

const refused = (answer: { status: number; headers: Headers; body: any }, status: number, code: string) => {
  expect(answer.body).toMatchObject({ status, code });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
};

describe('the way of a recording', () => {
  it('leads from create over chunks and complete to the entry', async () => {
    const created = await me.create();
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      strategy: 'chunked',
      assignment: { flag: 'chunked-upload', variant: 'chunked', reason: 'default' },
      upload: { concurrency: 2, chunkSeconds: 5 },
    });
    expect(created.body.upload.urls).toHaveLength(12);
    const id = created.body.sessionId;
    for (const [index, bytes] of chunks.entries()) {
      expect((await me.put(created.body.upload.urls[index], bytes)).status).toBeLessThan(300);
      expect((await me.acknowledge(id, index, bytes)).body.received).toEqual([...Array(index + 1).keys()]);
    }
    expect(await me.complete(id, chunks)).toMatchObject({
      status: 202,
      body: { sessionId: id, state: 'processing' },
    });
    const done = await me.statusWhen(id, me.ended);
    expect(done).toMatchObject({
      state: 'completed',
      progress: 100,
      transcript: { text: words.join(' ') },
      entry: { title: words.slice(0, 6).join(' '), emotion: 'neutral' },
      coverage: { capturedMs: 5_000, storedMs: 5_000, transcribedMs: 5_000, gaps: [] },
      provider: 'sandbox',
    });
  });

  it('needs the plan’s four endpoints only: chunks never acknowledged are checked by complete', async () => {
    const { body } = await me.create();
    for (const [index, bytes] of chunks.entries()) await me.put(body.upload.urls[index], bytes);
    expect((await me.complete(body.sessionId, chunks)).status).toBe(202);
    expect(await me.statusWhen(body.sessionId, me.ended)).toMatchObject({
      state: 'completed',
      transcript: { text: words.join(' ') },
    });
  });

  it('is completed in one round trip after the last chunk: the others counted, that one told with its details', async () => {
    const { body } = await me.create();
    const id = body.sessionId;
    for (const [index, bytes] of chunks.entries()) await me.put(body.upload.urls[index], bytes);
    for (const index of [0, 1]) await me.acknowledge(id, index, chunks[index] ?? recording);
    const [last] = me.manifest(chunks).slice(2);
    const damaged = { ...last, sha256: '0'.repeat(64) };
    refused(await me.complete(id, chunks, { acknowledged: 2, chunks: [damaged] }), 422, 'chunk_mismatch');
    // What stood there was not what was claimed, and went; its URL takes another.
    refused(await me.complete(id, chunks, { acknowledged: 2, chunks: [last] }), 409, 'chunks_missing');
    await me.put(body.upload.urls[2], chunks[2] ?? recording);
    refused(await me.complete(id, chunks, { acknowledged: 3, chunks: [] }), 409, 'chunks_missing');
    const details = { startMs: 10_000, endMs: 12_000, levels: [-20, -30], uploadMs: 100, attempts: 2 };
    const told = await me.complete(id, chunks, { acknowledged: 2, chunks: [{ ...last, ...details }] });
    expect(told.status).toBe(202);
    expect(await me.statusWhen(id, me.ended)).toMatchObject({ transcript: { text: words.join(' ') } });
  });

  it('is completed beside its last PUT: `Prefer: wait` lets complete wait for what is on its way', async () => {
    const { body } = await me.create();
    const id = body.sessionId;
    for (const index of [0, 1]) {
      await me.put(body.upload.urls[index], chunks[index] ?? recording);
      await me.acknowledge(id, index, chunks[index] ?? recording);
    }
    const completion = {
      chunks: me.manifest(chunks),
      durationMs: 5_000,
      stoppedAt: new Date().toISOString(),
    };
    const complete = (wait: string) =>
      me.request('POST', `/audio/session/${id}/complete`, completion, {
        prefer: `respond-async, wait=${wait}`,
      });
    refused(await complete('1'), 409, 'chunks_missing');
    refused(await complete('soon'), 409, 'chunks_missing');
    const [completed] = await Promise.all([
      complete('30'),
      me.put(body.upload.urls[2], chunks[2] ?? recording),
    ]);
    expect(completed.status).toBe(202);
    expect(await me.statusWhen(id, me.ended)).toMatchObject({ transcript: { text: words.join(' ') } });
  });

  it('answers two completions at once with one completion', async () => {
    const id = await me.upload(chunks);
    const answers = await Promise.all([
      me.complete(id, chunks),
      me.complete(id, chunks),
      me.complete(id, chunks),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect((await me.statusWhen(id, me.ended)).state).toBe('completed');
    expect((await me.complete(id, chunks)).status).toBe(202);
    refused(await me.complete(id, chunks.slice(0, 2)), 409, 'completed_differently');
  });

  it('finds the session of a repeated create by its Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'once-and-again' };
    const first = await me.create({}, key);
    expect((await me.create({}, key)).body.sessionId).toBe(first.body.sessionId);
    expect((await other.create({}, key)).body.sessionId).not.toBe(first.body.sessionId);
    refused(await me.create({ mimeType: 'audio/webm' }, key), 422, 'idempotency_key_reused');
    refused(await me.create({}, { 'idempotency-key': 'x'.repeat(201) }), 400, 'validation_failed');
  });

  it('lists entries newest first, page by page, and shows one with its transcript', async () => {
    const reader = httpClient(application.url, await application.token('reader'));
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) {
      const id = await reader.upload(chunks);
      await reader.complete(id, chunks);
      await reader.statusWhen(id, reader.ended);
      ids.unshift(id);
    }
    const all = async () => (await reader.request('GET', '/entries')).body.entries.map(({ id }: any) => id);
    const deadline = Date.now() + 10_000;
    while ((await all()).length < 3 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 25));
    expect(await all()).toEqual(ids);
    const first = await reader.request('GET', '/entries?limit=2');
    expect(first.body.entries).toHaveLength(2);
    const second = await reader.request('GET', `/entries?limit=2&before=${first.body.next}`);
    expect(second.body).toMatchObject({ entries: [{ id: ids[2] }], next: null });
    expect((await reader.request('GET', `/entries/${ids[0]}`)).body).toMatchObject({
      id: ids[0],
      transcript: words.join(' '),
    });
    refused(await other.request('GET', `/entries/${ids[0]}`), 404, 'session_not_found');
    refused(await other.request('GET', `/entries/${ids[0]}/audio`), 404, 'session_not_found');
    refused(await reader.request('GET', '/entries?limit=0'), 400, 'validation_failed');
    refused(await reader.request('GET', '/entries?before=nonsense'), 400, 'validation_failed');
  });

  it('can be listened to, also from the middle, as long as the recording is kept', async () => {
    const id = await me.upload(chunks);
    refused(await me.request('GET', `/entries/${id}/audio`), 409, 'audio_not_joined');
    await me.complete(id, chunks);
    await me.statusWhen(id, me.ended);
    expect((await me.request('GET', `/entries/${id}`)).body).toMatchObject({
      coverage: { capturedMs: 5_000, transcribedMs: 5_000, gaps: [] },
      audio: 'kept',
    });
    const { body: audio } = await me.request('GET', `/entries/${id}/audio`);
    expect(audio).toMatchObject({ mimeType: 'audio/wav', bytes: recording.length, durationMs: 5_000 });
    expect(Buffer.from(await (await fetch(audio.url)).arrayBuffer()).equals(recording)).toBe(true);
    const part = await fetch(audio.url, { headers: { range: 'bytes=1000-1003' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer()).equals(recording.subarray(1_000, 1_004))).toBe(true);
    await rm(join(application.dataDir, 'objects/objects/audio', id), { recursive: true });
    refused(await me.request('GET', `/entries/${id}/audio`), 410, 'audio_gone');
    expect((await me.request('GET', `/entries/${id}`)).body).toMatchObject({
      audio: 'gone',
      transcript: words.join(' '),
    });
  });

  it('is erased with everything that came of it', async () => {
    const id = await me.upload(chunks);
    await me.complete(id, chunks);
    await me.statusWhen(id, me.ended);
    expect((await me.request('DELETE', `/audio/session/${id}`)).status).toBe(204);
    refused(await me.acknowledge(id, 0, Buffer.from('x')), 404, 'session_not_found');
    expect((await me.status(id)).body).toMatchObject({ state: 'erased' });
    expect((await me.status(id)).body).not.toHaveProperty('transcript');
    refused(await me.request('GET', `/entries/${id}`), 404, 'entry_not_found');
    refused(await me.request('GET', `/audio/session/${id}/presign?chunks=0`), 404, 'session_not_found');
    refused(await me.complete(id, chunks), 404, 'session_not_found');
    expect((await me.request('DELETE', `/audio/session/${id}`)).status).toBe(204);
  });

  it('describes images, and the entry mentions them', async () => {
    const { default: sharp } = await import('sharp');
    const image = await sharp({ create: { width: 1600, height: 900, channels: 3, background: '#2040c0' } })
      .jpeg()
      .toBuffer();
    const created = await me.create({ kind: 'voice-with-images', images: [{ mimeType: 'image/jpeg' }] });
    const id = created.body.sessionId;
    expect((await me.put(created.body.upload.imageUrls[0], image)).status).toBeLessThan(300);
    for (const [index, bytes] of chunks.entries()) await me.put(created.body.upload.urls[index], bytes);
    refused(await me.complete(id, chunks), 409, 'images_missing');
    const listed = { images: [{ index: 0, bytes: image.length, sha256: sha256(image) }] };
    expect((await me.complete(id, chunks, listed)).status).toBe(202);
    const done = await me.statusWhen(id, me.ended);
    expect(done.entry.text).toContain('mostly blue picture of 1024 by 576 pixels');
  });
});

describe('status', () => {
  it('has an ETag that answers 304 while nothing changed', async () => {
    const id = await me.upload([]);
    const first = await me.status(id);
    const etag = first.headers.get('etag') ?? '';
    expect(first.body).toMatchObject({ state: 'recording', stage: 'recording', received: [] });
    expect(
      (await me.request('GET', `/audio/session/${id}/status`, undefined, { 'if-none-match': etag })).status,
    ).toBe(304);
  });

  it('is pushed as events, resumes after Last-Event-ID, and ends with the session', async () => {
    // Else the entry may be there before anybody has looked at the transcript.
    await setFaults({ url: application.sandboxUrl }, { mode: 'slow', path: 'chat', delayMs: 500 });
    const id = await me.upload(chunks);
    const events = `/audio/session/${id}/events`;
    const stream = me.request('GET', events);
    await me.complete(id, chunks);
    const { body, headers } = await stream;
    await setFaults({ url: application.sandboxUrl }, { mode: 'none' });
    expect(headers.get('content-type')).toContain('text/event-stream');
    const documents = [...String(body).matchAll(/id: (\d+)\nevent: status\ndata: (.*)\n/g)].map(
      ([, version, data]) => ({ version, ...JSON.parse(data ?? '{}') }),
    );
    expect(documents.at(-1)).toMatchObject({ state: 'completed', transcript: { text: words.join(' ') } });
    const shown = documents.map(({ progress }) => progress);
    expect(shown).toEqual([...shown].sort((a, b) => a - b));
    // The transcript comes before the entry does.
    expect(documents.some(({ transcript, entry }) => transcript !== undefined && entry === undefined)).toBe(
      true,
    );
    const last = documents.at(-1).version;
    expect((await me.request('GET', events, undefined, { 'last-event-id': String(last) })).status).toBe(204);
    expect((await me.request('GET', events, undefined, { 'last-event-id': '0' })).body).toContain(
      '"state":"completed"',
    );
  });
});

describe('what is refused', () => {
  it.each([
    ['no body', undefined],
    ['not JSON', '{"mimeType":'],
    ['no mimeType', { mimeType: undefined }],
    ['not an audio type', { mimeType: 'text/html' }],
    ['a line break in the type', { mimeType: 'audio/wav\r\nx: y' }],
    ['an unknown field', { surprise: 1 }],
    ['an unknown kind', { kind: 'video' }],
    ['images without their kind', { images: [{ mimeType: 'image/png' }] }],
    ['too many images', { kind: 'voice-with-images', images: Array(10).fill({ mimeType: 'image/png' }) }],
    ['chunks of no length', { segmenting: { mode: 'stream', seconds: 0 } }],
    ['an unknown mode', { segmenting: { mode: 'all' } }],
  ])('create with %s: 400', async (_name, body) => {
    const answer =
      body === undefined || typeof body === 'string'
        ? await me.request('POST', '/audio/session/create', body)
        : await me.request('POST', '/audio/session/create', { mimeType: 'audio/wav', ...body });
    refused(answer, 400, body === '{"mimeType":' ? 'body_not_json' : 'validation_failed');
  });

  it('names the field that is wrong', async () => {
    const { body } = await me.create({ segmenting: { mode: 'stream', seconds: 1_000 } });
    expect(body.errors).toEqual([{ field: 'segmenting.seconds', message: expect.any(String) }]);
  });

  it('a body that is too large', async () => {
    refused(await me.create({ device: { a: 'x'.repeat(600_000) } }), 413, 'body_too_large');
  });

  it('no token, a forged one, one without signature, an expired one', async () => {
    const bad = (token: string) => httpClient(application.url, token).request('GET', '/flags');
    refused(await bad(''), 401, 'token_missing');
    refused(await bad('abc.def.ghi'), 401, 'token_invalid');
    const token = await application.token('me');
    refused(await bad(`${token.slice(0, -4)}AAAA`), 401, 'token_invalid');
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    refused(
      await bad(`${part({ alg: 'none' })}.${part({ sub: 'me', exp: 9_999_999_999 })}.`),
      401,
      'token_invalid',
    );
  });

  it('an id that is none, a session that is not there, and another user’s, alike', async () => {
    refused(await me.status('42'), 400, 'validation_failed');
    refused(await me.status(UNKNOWN), 404, 'session_not_found');
    const id = await me.upload(chunks.slice(0, 1));
    refused(await other.status(id), 404, 'session_not_found');
    refused(await other.request('GET', `/audio/session/${id}/presign?chunks=0`), 404, 'session_not_found');
    refused(await other.acknowledge(id, 0, chunks[0] ?? recording), 404, 'session_not_found');
    refused(await other.complete(id, chunks.slice(0, 1)), 404, 'session_not_found');
    refused(
      await other.request('POST', `/audio/session/${id}/fallback`, { reason: 'x' }),
      404,
      'session_not_found',
    );
    refused(await other.request('POST', `/audio/session/${id}/retry`), 404, 'session_not_found');
    refused(await other.request('GET', `/audio/session/${id}/events`), 404, 'session_not_found');
    refused(await other.request('DELETE', `/audio/session/${id}`), 404, 'session_not_found');
    expect((await me.status(id)).body.state).toBe('recording');
  });

  it.each(['', 'x', '5-3', '0-200', '-1', '1,,2', `${'1,'.repeat(150)}1`])(
    'presign of chunks=%s: 400',
    async (value) => {
      const id = await me.upload([]);
      refused(
        await me.request('GET', `/audio/session/${id}/presign?chunks=${value}`),
        400,
        'validation_failed',
      );
    },
  );

  it('a chunk index out of range', async () => {
    const id = await me.upload([]);
    refused(
      await me.request('GET', `/audio/session/${id}/presign?chunks=5000`),
      422,
      'chunk_index_out_of_range',
    );
    refused(await me.acknowledge(id, 5_000, recording), 422, 'chunk_index_out_of_range');
    refused(await me.request('POST', `/audio/session/${id}/chunks/minus`, {}), 400, 'validation_failed');
  });

  it('a wrong checksum or size; the same URL then takes the right bytes', async () => {
    const { body } = await me.create();
    const id = body.sessionId;
    const [url] = body.upload.urls;
    const damaged = Buffer.from(chunks[0] ?? recording);
    damaged.writeUInt8(damaged.readUInt8(100) ^ 1, 100);
    await me.put(url, damaged);
    const answer = await me.acknowledge(id, 0, chunks[0] ?? recording);
    refused(answer, 422, 'chunk_mismatch');
    expect(answer.body).toMatchObject({ index: 0, reason: 'checksum' });
    expect((await me.put(url, recording)).status).toBeLessThan(300);
    expect((await me.acknowledge(id, 0, chunks[0] ?? recording)).body).toMatchObject({ reason: 'size' });
    expect((await me.put(url, chunks[0] ?? recording)).status).toBeLessThan(300);
    expect((await me.acknowledge(id, 0, chunks[0] ?? recording)).status).toBe(200);
  });

  it('an acknowledgement of what was never put', async () => {
    const id = await me.upload([]);
    const answer = await me.acknowledge(id, 0, recording);
    refused(answer, 422, 'chunk_mismatch');
    expect(answer.body.reason).toBe('missing');
  });

  it('an upload URL that is forged, used twice, used with another method or for another key', async () => {
    const { body } = await me.create();
    const [url, second] = body.upload.urls;
    refused(
      await me.put({ ...url, url: url.url.replace(/.$/, (c: string) => (c === 'a' ? 'b' : 'a')) }, recording),
      403,
      'signature_invalid',
    );
    const otherKey = new URL(url.url);
    otherKey.pathname = new URL(second.url).pathname;
    refused(await me.put({ ...url, url: otherKey.href }, recording), 403, 'signature_invalid');
    refused(await me.put({ ...url, method: 'POST' }, recording), 405, 'method_not_allowed');
    expect((await me.put(url, recording)).status).toBeLessThan(300);
    refused(await me.put(url, Buffer.from('something else')), 412, 'already_uploaded');
    expect((await me.acknowledge(body.sessionId, 0, recording)).status).toBe(200);
  });

  it('a chunk larger than allowed, while it is being sent', async () => {
    const { body } = await me.create();
    const [url] = body.upload.urls;
    refused(await me.put(url, Buffer.alloc(body.upload.maxChunkBytes + 1)), 413, 'object_too_large');
    refused(await me.acknowledge(body.sessionId, 0, Buffer.alloc(1)), 422, 'chunk_mismatch');
  });

  it('completion with missing chunks says which, and can be sent again', async () => {
    const id = await me.upload(chunks.slice(0, 1));
    const answer = await me.complete(id, chunks);
    refused(answer, 409, 'chunks_missing');
    expect(answer.body.missing).toEqual([1, 2]);
    expect((await me.status(id)).body.state).toBe('recording');
    const { urls } = (await me.request('GET', `/audio/session/${id}/presign?chunks=1-2`)).body;
    await me.put(urls[0], chunks[1] ?? recording);
    await me.put(urls[1], chunks[2] ?? recording);
    expect((await me.complete(id, chunks)).status).toBe(202);
    expect((await me.statusWhen(id, me.ended)).transcript.text).toBe(words.join(' '));
  });

  it('an empty recording, a duration of zero, a list with doubles, a malformed one', async () => {
    const id = await me.upload(chunks.slice(0, 1));
    refused(await me.complete(id, []), 422, 'recording_empty');
    refused(await me.complete(id, chunks.slice(0, 1), { durationMs: 0 }), 422, 'recording_empty');
    const [entry] = me.manifest(chunks);
    refused(await me.complete(id, chunks, { chunks: [entry, entry] }), 400, 'validation_failed');
    refused(await me.complete(id, chunks, { stoppedAt: 'yesterday' }), 400, 'validation_failed');
    refused(await me.complete(id, chunks, { durationMs: Number.MAX_SAFE_INTEGER }), 400, 'validation_failed');
  });

  it('a chunk after completion', async () => {
    const id = await me.upload(chunks);
    await me.complete(id, chunks);
    expect((await me.acknowledge(id, 3, recording)).status).toBe(409);
    await me.statusWhen(id, me.ended);
    refused(await me.acknowledge(id, 3, recording), 409, 'session_ended');
    refused(await me.request('GET', `/audio/session/${id}/presign?chunks=3`), 409, 'session_ended');
    refused(await me.request('POST', `/audio/session/${id}/retry`), 409, 'not_retriable');
  });

  it('routes that are not there, and methods that are not', async () => {
    refused(await me.request('GET', '/audio/session/nothing/here/at/all'), 404, 'route_not_found');
    refused(await me.request('PATCH', '/flags'), 404, 'route_not_found');
    refused(await me.request('POST', '/dev/token', { userId: 'x' }), 404, 'route_not_found');
  });
});

describe('audio that is none', () => {
  it('is told, and the whole file is asked for; that failing too, it ends there', async () => {
    const noise = Buffer.from('this is not audio at all, whatever it is called. '.repeat(50));
    const id = await me.upload([noise]);
    await me.complete(id, [noise]);
    const failed = await me.statusWhen(id, me.ended);
    expect(failed).toMatchObject({
      state: 'failed',
      failure: { code: 'audio_unreadable', retriable: true, action: 'upload_whole_file' },
    });
    const { urls } = (await me.request('POST', `/audio/session/${id}/fallback`, { reason: 'merge_failed' }))
      .body;
    expect(urls).toHaveLength(1);
    expect((await me.put(urls[0], noise)).status).toBeLessThan(300);
    expect((await me.complete(id, [noise])).status).toBe(202);
    expect(await me.statusWhen(id, me.ended)).toMatchObject({
      state: 'failed',
      failure: { code: 'audio_unreadable', retriable: false },
    });
    refused(
      await me.request('POST', `/audio/session/${id}/fallback`, { reason: 'again' }),
      409,
      'fallback_not_possible',
    );
  });

  it('a fallback in the middle of the upload takes the whole file instead', async () => {
    const id = await me.upload(chunks.slice(0, 2));
    const { urls } = (await me.request('POST', `/audio/session/${id}/fallback`, { reason: 'flag_off' })).body;
    await me.put(urls[0], recording);
    expect((await me.complete(id, [recording])).status).toBe(202);
    expect(await me.statusWhen(id, me.ended)).toMatchObject({
      state: 'completed',
      transcript: { text: words.join(' ') },
    });
  });

  it('truncated audio gives what can be read', async () => {
    const cut = recording.subarray(0, 44 + 8_000 * 2 * 3);
    const id = await me.upload([cut]);
    await me.complete(id, [cut], { durationMs: 5_000 });
    expect(await me.statusWhen(id, me.ended)).toMatchObject({
      state: 'completed',
      transcript: { text: words.slice(0, 6).join(' ') },
      coverage: { capturedMs: 5_000, storedMs: 3_000 },
    });
  });

  it('among segments is a gap: the others are transcribed one by one', async () => {
    const segment = (from: number) =>
      wavBytes(dtmfSamples(words.slice(from, from + 2), { rate: 8_000 }), 8_000);
    const segments = [segment(0), Buffer.from('no segment at all '.repeat(100)), segment(4)];
    const id = await me.upload(segments, { segmenting: { mode: 'segments', seconds: 1 } });
    await me.complete(id, segments, { durationMs: 3_000 });
    expect(await me.statusWhen(id, me.ended)).toMatchObject({
      state: 'completed',
      transcript: { text: [0, 1, 4, 5].map((word) => words[word]).join(' ') },
      coverage: {
        capturedMs: 3_000,
        transcribedMs: 2_000,
        gaps: [{ startMs: 1_000, endMs: 2_000, reason: 'unreadable' }],
      },
    });
  });

  it('silence is an entry-less recording, not a failure', async () => {
    const silence = wavBytes(new Float32Array(16_000), 8_000);
    const id = await me.upload([silence]);
    await me.complete(id, [silence], { durationMs: 2_000 });
    const done = await me.statusWhen(id, me.ended);
    expect(done).toMatchObject({
      state: 'completed',
      transcript: { text: '' },
      steps: { polish: { state: 'not-needed' } },
    });
    expect(done).not.toHaveProperty('entry');
  });
});

describe('what anybody may ask', () => {
  it('health, readiness, the API description and its page', async () => {
    expect((await me.request('GET', '/healthz')).body).toEqual({ status: 'ok' });
    expect((await me.request('GET', '/readyz')).body).toEqual({
      status: 'ok',
      checks: { database: 'ok', objects: 'ok', ...(process.env.TEST_EVENT_LOG && { eventlog: 'ok' }) },
    });
    const { body } = await me.request('GET', '/openapi.json');
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining(['/audio/session/create', '/audio/session/{id}/complete', '/entries', '/flags']),
    );
    expect((await me.request('GET', '/docs')).body).toContain('/docs/swagger-ui-bundle.js');
    expect((await me.request('GET', '/docs/swagger-ui-bundle.js')).status).toBe(200);
    expect((await me.request('GET', '/flags')).body).toEqual({
      chunkedUpload: { enabled: true, variant: 'chunked', chunkSeconds: 5, concurrency: 2 },
    });
  });
});
