/** Requests that no client of ours makes: each of these was once answered 500, or differently than the document says. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApplication, type TestApplication } from '../support/application.ts';
import { type Answer, httpClient } from '../support/http-client.ts';

let application: TestApplication;
let me: ReturnType<typeof httpClient>;
let sre: ReturnType<typeof httpClient>;

beforeAll(async () => {
  application = await startApplication();
  me = httpClient(application.url, await application.token('somebody'));
  sre = httpClient(application.url, await application.token('oncall', 'sre'));
}, 300_000);
afterAll(() => application?.stop(), 60_000);

const refused = (answer: Answer, status: number, code: string) => {
  expect(answer.body).toMatchObject({ status, code });
  expect(answer.status).toBe(status);
};
const cursor = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');

describe('a request that no client makes', () => {
  it('is refused where its body is compressed, whether it says so rightly or not', async () => {
    for (const bytes of [gzipSync('{"mimeType":"audio/wav"}'), Buffer.from('{"mimeType":"audio/wav"}')]) {
      const answer = await fetch(`${application.url}/audio/session/create`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await application.token('somebody')}`,
          'content-type': 'application/json',
          'content-encoding': 'gzip',
        },
        body: new Uint8Array(bytes),
        signal: AbortSignal.timeout(20_000),
      });
      expect(answer.status).toBe(415);
      expect(await answer.json()).toMatchObject({ code: 'content_type_unsupported' });
    }
  });

  it('is refused by its token before its body is looked at', async () => {
    const stranger = httpClient(application.url, 'ey.J.0');
    refused(await stranger.request('POST', '/audio/session/create', '{"not json'), 401, 'token_invalid');
  });

  it.each([
    ['a NUL', '\u0000'],
    ['half a character', '\ud800'],
    ['what no header can carry', '日'],
  ])('is refused where a media type has %s', async (_, text) =>
    refused(await me.create({ mimeType: `audio/wav;codecs="${text}"` }), 400, 'validation_failed'),
  );

  it.each(['a\u0000b', 'a\ud800b'])(
    'is refused where a text of its body cannot be kept (%j)',
    async (text) => {
      refused(await me.create({ device: { model: text } }), 400, 'validation_failed');
      refused(await me.create({ device: { [text]: 'model' } }), 400, 'validation_failed');
    },
  );

  it.each(['a\u0000b', 'a\nb', 'a\ud800b'])(
    'is refused where its token is for a name that cannot be kept (%j)',
    async (name) => {
      const strange = httpClient(application.url, await application.token(name));
      refused(await strange.request('GET', '/entries'), 401, 'token_invalid');
    },
  );

  it.each([
    '0000-01-01T00:00:00.000Z',
    '0001-01-01T00:00:00.000+23:59',
    '9999-12-31T23:59:59.999Z',
    '9999-12-31T23:59:59.999999999+23:59',
  ])('is refused where its cursor points to a time that no calendar has (%s)', async (at) => {
    const before = cursor([at, '94b4b76d-3db3-4c73-b8f5-edc5290555b6']);
    refused(await me.request('GET', `/entries?before=${before}`), 400, 'validation_failed');
    refused(await sre.request('GET', `/admin/sessions?before=${before}`), 400, 'validation_failed');
  });

  it.each([
    ['consumer', 'entries\u0000', 'recording-1'],
    ['step', 'no session', 'polish'],
    ['step', '94b4b76d-3db3-4c73-b8f5-edc5290555b6', 'no step'],
  ])('finds no dead letter %s %j %s', async (...parts) => {
    refused(
      await sre.request('POST', `/admin/dead-letters/${cursor(parts)}/requeue`),
      404,
      'dead_letter_not_found',
    );
  });
});

describe('the API document', () => {
  it('tells of every refusal that an operation shares with others', async () => {
    const { body } = await me.request('GET', '/openapi.json');
    const statuses = (path: string, method: string) =>
      Object.keys(body.paths[path][method].responses).map(Number);
    expect(statuses('/audio/session/{id}/complete', 'post')).toEqual(
      expect.arrayContaining([202, 400, 401, 404, 409, 413, 415, 422, 503]),
    );
    expect(statuses('/entries/{id}', 'get')).toEqual(expect.arrayContaining([200, 400, 401, 404, 503]));
    expect(statuses('/healthz', 'get')).toEqual([200]);
  });
});
