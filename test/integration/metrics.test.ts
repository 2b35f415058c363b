/** `/metrics`: what happened, once, whichever node counted it, in a bounded number of series. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { METRICS, type MetricDeclaration } from '../../grafana/metric-names.ts';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { eventually } from '../support/eventually.ts';
import { httpClient } from '../support/http-client.ts';

const recording = wavBytes(dtmfSamples(numberedWords(6), { rate: 8_000 }), 8_000);

const DECLARED: Readonly<Record<string, MetricDeclaration>> = METRICS;

let first: TestApplication;
let second: TestApplication;

beforeAll(async () => {
  first = await startApplication();
  second = await another();
}, 300_000);
afterAll(async () => {
  await second?.stop();
  await first?.stop();
}, 300_000);

/** A second node: the same database, the same objects. */
function another(): Promise<TestApplication> {
  return startApplication(first.stores);
}

type Sample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

async function scrape(application: TestApplication): Promise<Sample[]> {
  const response = await fetch(`${application.url}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/plain');
  return (await response.text()).split('\n').flatMap((line) => {
    const match = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match === null) return [];
    const [, name = '', labels = '', value] = match;
    const pairs = [...labels.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, label = '', text = '']) => [
      label,
      text,
    ]);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

/** Of all nodes together, as Prometheus sums counters. */
async function total(name: string, labels: Record<string, string> = {}): Promise<number> {
  const samples = (await Promise.all([first, second].map(scrape))).flat();
  const fitting = samples.filter(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  return fitting.reduce((sum, { value }) => sum + value, 0);
}

async function record(application: TestApplication, bytes: Uint8Array, user = 'me'): Promise<string> {
  const client = httpClient(application.url, await application.token(user));
  const { body } = await client.create();
  await client.put(body.upload.urls[0], bytes);
  await client.complete(body.sessionId, [bytes]);
  await client.statusWhen(body.sessionId, client.ended);
  return body.sessionId;
}

describe('the metrics', () => {
  it('count each session once, whichever node it went through and whichever counted it', async () => {
    await Promise.all([record(first, recording), record(first, recording), record(second, recording)]);
    await record(first, Buffer.alloc(2_000, 7));
    await eventually(async () => {
      expect(await total('thankly_sessions_created_total', { variant: 'chunked' })).toBe(4);
      expect(await total('thankly_sessions_finished_total', { outcome: 'completed' })).toBe(3);
      expect(await total('thankly_sessions_finished_total', { outcome: 'failed' })).toBe(1);
      expect(await total('thankly_chunks_total', { result: 'received' })).toBe(4);
      expect(await total('thankly_session_stage_seconds_count', { stage: 'total', variant: 'chunked' })).toBe(
        3,
      );
    });
  }, 60_000);

  it('count nothing again after a restart', async () => {
    await second.stop();
    second = await another();
    await record(second, recording);
    await eventually(async () =>
      expect(await total('thankly_sessions_finished_total', { outcome: 'completed' })).toBeGreaterThan(0),
    );
    expect(await total('thankly_sessions_created_total')).toBeLessThanOrEqual(5);
  }, 60_000);

  it('count the work of steps, provider, store, log and HTTP', async () => {
    for (const [name, labels] of [
      ['thankly_step_attempts_total', { step: 'transcribe', result: 'done' }],
      ['thankly_step_seconds_count', { step: 'polish', result: 'done' }],
      ['thankly_provider_requests_total', { call: 'transcribe', result: 'ok' }],
      ['thankly_provider_request_seconds_count', { call: 'polish-paragraph' }],
      ['thankly_object_store_requests_total', { operation: 'put', result: 'ok' }],
      ['thankly_eventlog_appends_total', { result: 'ok' }],
      ['thankly_eventlog_group_size_count', {}],
      [
        'thankly_http_requests_total',
        { route: '/audio/session/:id/complete', method: 'POST', status: '2xx' },
      ],
      ['thankly_http_request_seconds_count', { route: '/audio/session/create' }],
    ] as const)
      expect({ name, counted: (await total(name, labels)) > 0 }).toEqual({ name, counted: true });
  });

  it('show the same gauges on every node', async () => {
    for (const application of [first, second]) {
      await eventually(async () => {
        const samples = await scrape(application);
        const value = (name: string, labels: Record<string, string> = {}) =>
          samples.find(
            (sample) =>
              sample.name === name &&
              Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
          )?.value;
        expect(value('thankly_queue_depth', { step: 'transcribe', state: 'ready' })).toBe(0);
        expect(value('thankly_oldest_unfinished_session_seconds', { state: 'processing' })).toBe(0);
        expect(value('thankly_sessions_stuck')).toBe(0);
        expect(value('thankly_consumer_lag_events', { consumer: 'entries-v1' })).toBe(0);
        expect(value('thankly_dead_letters', { step: 'consumer' })).toBe(0);
        expect(value('thankly_provider_breaker_open')).toBe(0);
      });
    }
  });

  it('make no series of what strangers send', async () => {
    const before = (await scrape(first)).length;
    const client = httpClient(first.url, await first.token('stranger'));
    for (let i = 0; i < 20; i++) {
      await client.request('GET', `/no/such/path/${i}`);
      await client.request('GET', `/audio/session/${i}/status`);
      await client.request('PUT', `/objects/made/up/${i}`);
      const { body } = await client.create();
      await client.request('POST', `/audio/session/${body.sessionId}/fallback`, { reason: `made-up-${i}` });
    }
    await eventually(async () =>
      expect(await total('thankly_upload_fallbacks_total', { variant: 'chunked', reason: 'other' })).toBe(20),
    );
    // Routes, results and statuses that were not met before; not one for each request.
    expect((await scrape(first)).length).toBeLessThan(before + 120);
    for (const { labels } of await scrape(first)) expect(JSON.stringify(labels)).not.toMatch(/made-up|such/);
  }, 60_000);

  it('are those that the dashboards and alerts know, with those labels', async () => {
    const ours = [...new Set((await scrape(first)).map(({ name }) => name))].filter((name) =>
      name.startsWith('thankly_'),
    );
    const base = (name: string) =>
      DECLARED[name] === undefined ? name.replace(/_(bucket|sum|count)$/, '') : name;
    expect(new Set(ours.map(base))).toEqual(
      // The flag's own are there once a rollout is; here the flag is a constant.
      new Set(Object.keys(DECLARED).filter((name) => /^thankly_(?!flag|guardrail)/.test(name))),
    );
    for (const { name, labels } of await scrape(first)) {
      if (!name.startsWith('thankly_')) continue;
      const known = DECLARED[base(name)]?.labels ?? [];
      const own = Object.keys(labels).filter((label) => label !== 'le');
      expect({ name, unknown: own.filter((label) => !known.includes(label)) }).toEqual({ name, unknown: [] });
    }
  });

  it('are read by who has the token, where one is set', async () => {
    const guarded = await startApplication({ METRICS_TOKEN: 'a token of twenty-four' });
    try {
      expect((await fetch(`${guarded.url}/metrics`)).status).toBe(401);
      const headers = { authorization: 'Bearer a token of twenty-four' };
      expect((await fetch(`${guarded.url}/metrics`, { headers })).status).toBe(200);
    } finally {
      await guarded.stop();
    }
  }, 60_000);
});
