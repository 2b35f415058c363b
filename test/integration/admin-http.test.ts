/** `/admin`: what an SRE finds and puts right, and that nobody else may look. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import {
  ConsumersAnswer,
  DeadLettersAnswer,
  SessionsAnswer,
  TimelineAnswer,
} from '../../src/http/admin-schemas.ts';
import { ProjectionsAnswer } from '../../src/http/projection-schemas.ts';
import { setFaults, startApplication, type TestApplication } from '../support/application.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, httpClient } from '../support/http-client.ts';

const words = numberedWords(6);
const recording = wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000);

let application: TestApplication;
let sre: ReturnType<typeof httpClient>;
let user: ReturnType<typeof httpClient>;

beforeAll(async () => {
  application = await startApplication();
  sre = httpClient(application.url, await application.token('oncall', 'sre'));
  user = httpClient(application.url, await application.token('somebody'));
}, 300_000);
afterAll(() => application?.stop(), 60_000);

const refused = (answer: Answer, status: number, code: string) => {
  expect(answer.body).toMatchObject({ status, code });
  expect(answer.status).toBe(status);
};

async function record(bytes: Uint8Array): Promise<string> {
  const { body } = await user.create();
  await user.put(body.upload.urls[0], bytes);
  await user.complete(body.sessionId, [bytes]);
  await user.statusWhen(body.sessionId, user.ended);
  return body.sessionId;
}
const listed = (query: string) =>
  sre.request('GET', `/admin/sessions?${query}`).then(({ body }) => SessionsAnswer.parse(body));

describe('the admin endpoints', () => {
  it('are for SREs', async () => {
    const viewer = httpClient(application.url, await application.token('looks', 'viewer'));
    for (const client of [user, viewer])
      for (const path of ['sessions', 'dead-letters', 'consumers', 'projections'])
        refused(await client.request('GET', `/admin/${path}`), 403, 'role_forbidden');
    refused(await user.request('POST', '/admin/dead-letters/requeue'), 403, 'role_forbidden');
    refused(await user.request('POST', '/admin/projections/entries/rebuild'), 403, 'role_forbidden');
  });

  it('find sessions by state, page by page, newest first', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) ids.unshift(await record(recording));
    const { body: open } = await user.create();
    await eventually(async () => expect((await listed('state=completed')).sessions).toHaveLength(3));
    expect((await listed('state=completed')).sessions.map(({ sessionId }) => sessionId)).toEqual(ids);
    await eventually(async () =>
      expect((await listed('state=recording')).sessions.map(({ sessionId }) => sessionId)).toEqual([
        open.sessionId,
      ]),
    );
    const first = await listed('limit=2');
    const second = await listed(`limit=2&before=${first.next}`);
    expect([...first.sessions, ...second.sessions].map(({ sessionId }) => sessionId)).toEqual([
      open.sessionId,
      ...ids,
    ]);
    expect(second.next).toBeNull();
    expect((await listed('stuck=true')).sessions).toEqual([]);
    expect((await listed('variant=single')).sessions).toEqual([]);
    for (const query of ['state=odd', 'limit=0', 'before=!', 'variant=both'])
      refused(await sre.request('GET', `/admin/sessions?${query}`), 400, 'validation_failed');
  }, 60_000);

  it('show what one session went through, without a word of it', async () => {
    const id = await record(recording);
    const { body } = await sre.request('GET', `/admin/sessions/${id}/timeline`);
    const timeline = TimelineAnswer.parse(body);
    expect(timeline).toMatchObject({ state: 'completed', assignment: { variant: 'chunked' } });
    expect(timeline.spans.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['recording', 'merge', 'transcribe', 'polish', 'emotion', 'feedback']),
    );
    expect(timeline.events[0]).toMatchObject({ version: 0, type: 'SessionCreated' });
    expect(timeline.events.at(-1)?.type).toBe('SessionCompleted');
    expect(JSON.stringify(body)).not.toContain(words.slice(0, 3).join(' '));
    refused(
      await sre.request('GET', '/admin/sessions/00000000-0000-4000-8000-000000000000/timeline'),
      404,
      'session_not_found',
    );
  }, 60_000);

  it('list what was given up, and put it right: one, and all', async () => {
    await setFaults({ url: application.sandboxUrl }, { mode: 'status', status: 400, path: 'transcriptions' });
    const ids = [await record(recording), await record(recording)].reverse();
    const letters = await eventually(async () => {
      const { deadLetters } = DeadLettersAnswer.parse((await sre.request('GET', '/admin/dead-letters')).body);
      expect(deadLetters.map(({ sessionId, of }) => [sessionId, of])).toEqual(
        ids.map((id) => [id, 'transcribe']),
      );
      return deadLetters;
    });
    await setFaults({ url: application.sandboxUrl }, { mode: 'none' });
    const [one] = letters;
    expect(await sre.request('POST', `/admin/dead-letters/${one?.id}/requeue`)).toMatchObject({
      status: 202,
      body: { requeued: 1 },
    });
    expect((await user.statusWhen(ids[0] ?? '', user.ended)).state).toBe('completed');
    await eventually(async () => {
      const { body } = await sre.request('GET', '/admin/dead-letters');
      expect(body.deadLetters).toHaveLength(1);
    });
    expect((await sre.request('POST', '/admin/dead-letters/requeue')).body).toEqual({ requeued: 1 });
    expect((await user.statusWhen(ids[1] ?? '', user.ended)).state).toBe('completed');
    const { body } = await sre.request('GET', `/admin/sessions/${ids[0]}/timeline`);
    expect(body.events).toContainEqual(
      expect.objectContaining({ type: 'StepRequeued', actor: 'operator:oncall' }),
    );
    refused(
      await sre.request('POST', '/admin/dead-letters/bm90aGluZw/requeue'),
      404,
      'dead_letter_not_found',
    );
  }, 90_000);

  it('say how far the consumers are', async () => {
    await eventually(async () => {
      const { consumers } = ConsumersAnswer.parse((await sre.request('GET', '/admin/consumers')).body);
      expect(consumers.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['entries-v1', 'session-list-v1', 'experiment-v1', 'session-metrics']),
      );
      for (const { lagEvents, parkedStreams } of consumers)
        expect([lagEvents, parkedStreams]).toEqual([0, 0]);
    });
  });

  it('rebuild a view beside the one that is read, and say who asked and how far it is', async () => {
    const id = await record(recording);
    const views = async () =>
      ProjectionsAnswer.parse((await sre.request('GET', '/admin/projections')).body).projections;
    const entries = async () => (await views()).find(({ name }) => name === 'entries');
    const list = async () => JSON.stringify((await user.request('GET', '/entries')).body);
    await eventually(async () => expect(await list()).toContain(id));
    const { generation: before = 0 } = (await entries())?.live ?? {};
    const asked = await sre.request('POST', '/admin/projections/entries/rebuild');
    expect(asked).toMatchObject({
      status: 202,
      body: { name: 'entries', generation: before + 1, state: 'building' },
    });
    await eventually(async () =>
      expect(await entries()).toMatchObject({
        live: { generation: before + 1, version: 1, swappedAt: expect.any(String) },
        building: null,
      }),
    );
    expect(await list()).toContain(id);
    refused(await sre.request('DELETE', '/admin/projections/entries/rebuild'), 409, 'not_rebuilding');
    for (const method of ['POST', 'DELETE'])
      refused(await sre.request(method, '/admin/projections/nothing/rebuild'), 404, 'projection_not_found');
    const { consumers } = ConsumersAnswer.parse((await sre.request('GET', '/admin/consumers')).body);
    expect(consumers.map(({ name }) => name)).toContain('entries-v1');
  }, 60_000);
});
