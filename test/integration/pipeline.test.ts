/** The steps under a provider that fails: what is tried again, what is given up, and what a person's retry mends. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { setFaults, startApplication, type TestApplication } from '../support/application.ts';
import { httpClient } from '../support/http-client.ts';
import { sessionEvents } from '../support/session-events.ts';

const words = numberedWords(8, 100);
const recording = wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000);

let application: TestApplication;
let me: ReturnType<typeof httpClient>;

beforeAll(async () => {
  application = await startApplication({ PROVIDER_PATIENCE_SECONDS: '20' });
  me = httpClient(application.url, await application.token('me'));
}, 300_000);
afterAll(async () => {
  await application?.stop();
});
afterEach(() => fault({ mode: 'none' }));

const fault = (faults: object) => setFaults({ url: application.sandboxUrl }, faults);
const record = async () => {
  const id = await me.upload([recording]);
  expect((await me.complete(id, [recording])).status).toBe(202);
  return id;
};
const eventsOf = (id: string) => sessionEvents(application, id);
const typesOf = async (id: string) => (await eventsOf(id)).map(({ type }) => type);

describe('a provider that fails', () => {
  it('twice is asked a third time, each failure an event', async () => {
    await fault({ mode: 'status', status: 500, path: 'transcriptions', count: 2 });
    const id = await record();
    const done = await me.statusWhen(id, me.ended);
    expect(done).toMatchObject({
      state: 'completed',
      transcript: { text: words.join(' ') },
      steps: { transcribe: { state: 'done', failedAttempts: 2 } },
    });
    const failures = (await eventsOf(id)).filter(({ type }) => type === 'StepAttemptFailed');
    expect(failures.map(({ data }) => [data.step, data.attempt, data.code])).toEqual([
      ['transcribe', 1, 'provider_server_error'],
      ['transcribe', 2, 'provider_server_error'],
    ]);
  });

  it('always makes the session fail, retriable, and retry completes it once healed', async () => {
    await fault({ mode: 'status', status: 500, path: 'transcriptions' });
    const id = await record();
    const failed = await me.statusWhen(id, me.ended);
    expect(failed).toMatchObject({
      state: 'failed',
      failure: { code: 'provider_server_error', retriable: true },
    });
    expect((await typesOf(id)).slice(-2)).toEqual(['StepFailed', 'SessionFailed']);
    await fault({ mode: 'none' });
    expect((await me.request('POST', `/audio/session/${id}/retry`)).body).toEqual({
      sessionId: id,
      state: 'processing',
    });
    expect(await me.statusWhen(id, me.ended)).toMatchObject({
      state: 'completed',
      transcript: { text: words.join(' ') },
    });
  });

  it('with what trying again cannot heal is not asked again as it was', async () => {
    await fault({ mode: 'status', status: 400, path: 'transcriptions' });
    const id = await record();
    expect(await me.statusWhen(id, me.ended)).toMatchObject({
      state: 'failed',
      failure: { code: 'provider_rejected' },
    });
    expect((await typesOf(id)).filter((type) => type === 'StepAttemptFailed')).toHaveLength(1);
  });

  it('and asks for patience gets it', async () => {
    await fault({ mode: 'status', status: 429, retryAfter: 2, path: 'transcriptions', count: 1 });
    const id = await record();
    expect((await me.statusWhen(id, me.ended)).state).toBe('completed');
    const [failure] = (await eventsOf(id)).filter(({ type }) => type === 'StepAttemptFailed');
    expect(Date.parse(failure?.data.retryAt) - Date.parse(failure?.data.at)).toBe(2_000);
    expect(failure?.data.outage).toBe(true);
  });

  it.each(['cut', 'bad-json', 'wrong-schema'])('with a broken answer (%s) is asked again', async (mode) => {
    await fault({ mode, count: 1 });
    const id = await record();
    expect(await me.statusWhen(id, me.ended)).toMatchObject({
      state: 'completed',
      transcript: { text: words.join(' ') },
    });
  });

  it.each(['slices', 'stream'] as const)(
    'to write at all does not fail the entry (%s): it is what was said, and retry brings the rest later',
    async (mode) => {
      await fault({ mode: 'status', status: 400, path: 'chat' });
      const id = await me.upload([recording], { segmenting: { mode } });
      expect((await me.complete(id, [recording])).status).toBe(202);
      const said = words.join(' ');
      expect(await me.statusWhen(id, me.ended)).toMatchObject({
        state: 'completed',
        transcript: { text: said },
        entry: { title: said, text: said, emotion: null, feedback: null },
      });
      await fault({ mode: 'none' });
      await me.request('POST', `/audio/session/${id}/retry`);
      await me.statusWhen(
        id,
        ({ state, entry }) => state === 'completed' && entry.emotion !== null && entry.feedback !== null,
      );
    },
  );

  it('leaves the transcript readable while the rest is tried again', async () => {
    await fault({ mode: 'status', status: 503, path: 'chat' });
    const id = await record();
    const waiting = await me.statusWhen(id, ({ steps }) => steps.polish.failedAttempts > 0);
    expect(waiting).toMatchObject({
      state: 'processing',
      stage: 'writing',
      transcript: { text: words.join(' ') },
    });
    await fault({ mode: 'none' });
    expect((await me.statusWhen(id, me.ended)).state).toBe('completed');
  });

  it('for longer than our patience fails the session, retriable', async () => {
    await fault({ mode: 'status', status: 503, path: 'transcriptions' });
    const id = await record();
    const failed = await me.statusWhen(id, me.ended, 60_000);
    expect(failed).toMatchObject({
      state: 'failed',
      failure: { code: 'provider_unavailable', retriable: true },
    });
    await fault({ mode: 'none' });
    await me.request('POST', `/audio/session/${id}/retry`);
    expect((await me.statusWhen(id, me.ended)).state).toBe('completed');
  }, 120_000);
});

describe('events', () => {
  it('hold references, never what was said', async () => {
    const id = await record();
    await me.statusWhen(id, me.ended);
    const events = JSON.stringify(await eventsOf(id));
    for (const word of words) expect(events).not.toContain(` ${word} `);
    expect(events).not.toContain('"me"');
    expect(await typesOf(id)).toEqual([
      'SessionCreated',
      'UploadAuthorized',
      'ChunkReceived',
      'UploadCompleted',
      ...(await typesOf(id)).slice(4, -1),
      'SessionCompleted',
    ]);
    // Joining the recording keeps nobody waiting: it may end at any time.
    const made = (await typesOf(id)).slice(4, -1).filter((type) => type !== 'RecordingMerged');
    expect(made.slice(0, 2)).toEqual(['WindowTranscribed', 'TranscriptAssembled']);
    expect(made.slice(2).sort()).toEqual(['EmotionAnalysed', 'EntryPolished', 'FeedbackWritten']);
  });

  it('and logs hold no word, token or signed URL of a whole run', () => {
    const logged = application.logged.join('\n');
    expect(logged).not.toContain(words.slice(0, 3).join(' '));
    expect(logged).not.toMatch(/sig=|Bearer |eyJ/);
  });
});
