/** A provider that is slow once, that asks for fewer calls, and whose work nobody waits for any more: the real parts. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { setFaults, startApplication, type TestApplication } from '../support/application.ts';
import { eventually } from '../support/eventually.ts';
import { httpClient } from '../support/http-client.ts';
import { sessionEvents } from '../support/session-events.ts';

const words = numberedWords(8, 300);
const recording = wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000);
const AT_ONCE = 4;

let application: TestApplication;
let me: ReturnType<typeof httpClient>;

beforeAll(async () => {
  application = await startApplication({ PROVIDER_CONCURRENCY: String(AT_ONCE) });
  me = httpClient(application.url, await application.token('me'));
}, 300_000);
afterAll(async () => {
  await application?.stop();
}, 300_000);
afterEach(() => fault({ mode: 'none' }));

const fault = (faults: object) => setFaults({ url: application.sandboxUrl }, faults);

async function record(): Promise<string> {
  const id = await me.upload([recording]);
  expect((await me.complete(id, [recording])).status).toBe(202);
  return id;
}

/** One after the other: each is a window, heard in a moment. */
async function recordQuickly(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1)
    expect((await me.statusWhen(await record(), me.ended)).state).toBe('completed');
}

const eventsOf = (id: string) => sessionEvents(application, id);

/** A series by its name and labels, as written on `/metrics`. */
async function metric(series: string): Promise<number> {
  const text = await (await fetch(`${application.url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  if (line === undefined) throw new Error(`there is no ${series}`);
  return Number(line.split(' ').at(-1));
}
const hedges = (outcome: string) => metric(`thankly_provider_hedges_total{outcome="${outcome}"}`);
const windows = (result: string) => metric(`thankly_windows_total{variant="chunked",result="${result}"}`);

type Stats = { requests: Record<string, Record<string, number>>; underWay: number };
const stats = async (): Promise<Stats> =>
  (await (await fetch(`${application.sandboxUrl}/sandbox/stats`)).json()) as Stats;
const transcriptions = async (outcome: string) =>
  (await stats()).requests['/v1/audio/transcriptions']?.[outcome] ?? 0;

describe('a transcription that is late', () => {
  it('is asked for once more, and its window is heard once', async () => {
    await recordQuickly(20);
    const [sentBefore, answeredBefore] = [
      await metric('thankly_provider_audio_seconds_total'),
      await transcriptions('200'),
    ];
    await fault({ mode: 'slow', delayMs: 30_000, path: 'transcriptions', count: 1 });
    const started = Date.now();
    const id = await record();
    expect(await me.statusWhen(id, me.ended)).toMatchObject({
      state: 'completed',
      transcript: { text: words.join(' ') },
    });
    expect(Date.now() - started).toBeLessThan(20_000);
    const types = (await eventsOf(id)).map(({ type }) => type);
    expect(types.filter((type) => type === 'WindowTranscribed')).toHaveLength(1);
    expect(types).not.toContain('StepAttemptFailed');
    expect(await hedges('won')).toBe(1);
    expect(await transcriptions('200')).toBe(answeredBefore + 1);
    await eventually(async () => expect(await transcriptions('cut')).toBe(1));
    // The sound went out twice.
    const seconds = ((await metric('thankly_provider_audio_seconds_total')) - sentBefore) / 2;
    expect(seconds).toBeCloseTo((await eventsOf(id)).find(isHeard)?.data.endMs / 1_000, 1);
    await eventually(async () => expect(await windows('heard')).toBe(21));
    for (const direction of ['in', 'out'])
      expect(await metric(`thankly_provider_tokens_total{direction="${direction}"}`)).toBeGreaterThan(0);
  }, 120_000);
});
const isHeard = ({ type }: { type: string }) => type === 'WindowTranscribed';

describe('a provider that asks for fewer calls', () => {
  it('gets fewer, and then as many as before; each recording waits for its turn, and none fails', async () => {
    expect(await metric('thankly_provider_calls_at_once')).toBe(AT_ONCE);
    const refusedBefore = await transcriptions('429');
    await fault({ mode: 'status', status: 429, retryAfter: 5, path: 'transcriptions' });
    const ids = await Promise.all(Array.from({ length: 12 }, record));
    await eventually(async () =>
      expect(await metric('thankly_provider_calls_at_once')).toBeLessThan(AT_ONCE),
    );
    await fault({ mode: 'none' });
    for (const id of ids)
      expect(await me.statusWhen(id, me.ended, 60_000)).toMatchObject({
        state: 'completed',
        transcript: { text: words.join(' ') },
      });
    await eventually(async () => expect(await metric('thankly_provider_calls_at_once')).toBe(AT_ONCE));
    const failures = (await Promise.all(ids.map(eventsOf)))
      .flat()
      .filter(({ type }) => type.includes('Fail'));
    expect(new Set(failures.map(({ type, data }) => `${type} ${data.code} ${data.outage}`))).toEqual(
      new Set(['StepAttemptFailed provider_rate_limited true']),
    );
    // Only the calls that were under way when it said so: the others waited, and did not fail.
    const refused = (await transcriptions('429')) - refusedBefore;
    expect(refused).toBeLessThanOrEqual(AT_ONCE);
    expect(failures).toHaveLength(refused);
  }, 120_000);
});

describe('a recording that is erased while it is heard', () => {
  it('is not heard to its end: the call is cancelled and counted', async () => {
    await fault({ mode: 'timeout', path: 'transcriptions' });
    const cutBefore = await transcriptions('cut');
    const before = await windows('unwanted');
    const id = await record();
    await eventually(async () => expect((await stats()).underWay).toBeGreaterThan(0));
    expect((await me.request('DELETE', `/audio/session/${id}`)).status).toBeLessThan(300);
    await eventually(async () => expect(await windows('unwanted')).toBe(before + 1));
    await eventually(async () => expect((await stats()).underWay).toBe(0));
    expect(await transcriptions('cut')).toBeGreaterThan(cutBefore);
    expect((await eventsOf(id)).at(-1)?.type).toBe('SessionErased');
  }, 60_000);
});
