/** One session is one trace, from `create` to the entry; its id is the session's. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { traceIdOf } from '../../src/telemetry/tracing.ts';
import { setFaults, startApplication, type TestApplication } from '../support/application.ts';
import { eventually } from '../support/eventually.ts';
import { httpClient } from '../support/http-client.ts';
import { startCollector } from '../support/otlp-collector.ts';

const words = numberedWords(6);
const recording = wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000);
const CALLER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let collector: Awaited<ReturnType<typeof startCollector>>;
let application: TestApplication;
let me: ReturnType<typeof httpClient>;

beforeAll(async () => {
  collector = await startCollector();
  application = await startApplication({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  me = httpClient(application.url, await application.token('me'));
}, 300_000);
afterAll(async () => {
  await application?.stop();
  await collector?.close();
}, 300_000);

async function record(headers: Record<string, string> = {}): Promise<string> {
  const { body } = await me.create({}, headers);
  await me.put(body.upload.urls[0], recording);
  await me.acknowledge(body.sessionId, 0, recording);
  await me.complete(body.sessionId, [recording]);
  await me.statusWhen(body.sessionId, me.ended);
  return body.sessionId;
}
const spansOf = (sessionId: string) =>
  collector.spans.filter(({ traceId }) => traceId === traceIdOf(sessionId));

describe('the trace of a session', () => {
  it('goes from create over chunks and complete through the steps and the provider to the entry', async () => {
    const id = await record();
    const names = [
      'POST /audio/session/create',
      'POST /audio/session/:id/chunks/:index',
      'POST /audio/session/:id/complete',
      ...['merge', 'transcribe', 'polish', 'emotion', 'feedback'].map((step) => `step ${step}`),
      ...['transcribe', 'polish-paragraph', 'title', 'emotion', 'feedback'].map((call) => `provider ${call}`),
    ];
    await eventually(() => {
      expect(spansOf(id).map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    }, 20_000);
    const byName = (name: string) => spansOf(id).find((span) => span.name === name);
    expect(byName('provider title')?.parentSpanId).toBe(byName('step polish')?.spanId);
    expect(byName('step merge')?.attributes).toMatchObject({ 'session.id': id });
  }, 60_000);

  it('stands in the events that its spans caused', async () => {
    const id = await record();
    const sre = httpClient(application.url, await application.token('oncall', 'sre'));
    const { body } = await sre.request('GET', `/admin/sessions/${id}/timeline`);
    for (const { type, traceId } of body.events) expect([type, traceId]).toEqual([type, traceIdOf(id)]);
  }, 60_000);

  it('is linked to the trace of who asked', async () => {
    const id = await record({ traceparent: CALLER });
    await eventually(() => {
      const created = spansOf(id).find(({ name }) => name === 'POST /audio/session/create');
      expect(created?.links.map(({ traceId }) => traceId)).toEqual(['0af7651916cd43dd8448eb211c80319c']);
    }, 20_000);
  }, 60_000);

  it('shows a failure by its code', async () => {
    await setFaults({ url: application.sandboxUrl }, { mode: 'status', status: 400, path: 'transcriptions' });
    const id = await record();
    await setFaults({ url: application.sandboxUrl }, { mode: 'none' });
    await eventually(() => {
      const failed = spansOf(id).filter(({ status }) => status === 2);
      expect(failed.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['step transcribe', 'provider transcribe']),
      );
    }, 20_000);
  }, 60_000);

  it('holds no word, token or signed URL', async () => {
    const id = await record();
    await eventually(() => expect(spansOf(id).length).toBeGreaterThan(10), 20_000);
    const all = JSON.stringify(collector.spans);
    expect(all).not.toContain(words.slice(0, 3).join(' '));
    expect(all).not.toMatch(/Bearer|signature|sig=/i);
  }, 60_000);

  it('is sent nowhere without an endpoint, and the ids are there all the same', async () => {
    const quiet = await startApplication();
    try {
      const client = httpClient(quiet.url, await quiet.token('me'));
      const { body } = await client.create();
      const sre = httpClient(quiet.url, await quiet.token('oncall', 'sre'));
      const timeline = await sre.request('GET', `/admin/sessions/${body.sessionId}/timeline`);
      expect(timeline.body.events[0].traceId).toBe(traceIdOf(body.sessionId));
      expect(spansOf(body.sessionId)).toEqual([]);
    } finally {
      await quiet.stop();
    }
  }, 60_000);
});
