/** Everything that a run makes grow, read at one moment; what lies between two readings is what happened between them. */
import { type Amounts, amountsOf } from '../model/unit-costs.ts';
import { databaseCounters } from './database-counters.ts';
import { parseExposition, type Sample, sumOf } from './exposition.ts';
import { cpuSeconds } from './process-cpu.ts';
import type { Sent } from './recorder.ts';
import type { MeasuredService } from './service.ts';

const SCRAPE_MS = 10_000;

export type Reading = {
  /** Milliseconds of `performance.now`. */
  readonly at: number;
  readonly amounts: Amounts;
  /** Seconds of all appends, as their writers waited for them. */
  readonly appendSeconds: number;
};

/** @param sent what the clients have sent so far */
export async function readCounters(service: MeasuredService, sent: Sent): Promise<Reading> {
  const { nodes, database, pids } = service;
  const both = [nodes.api, nodes.worker];
  const [samples, objects, rows] = await Promise.all([
    Promise.all(both.map(({ url }) => scrape(url))),
    Promise.all(both.map((node) => node.objects())),
    databaseCounters(database),
  ]);
  const cpu = cpuSeconds(pids);
  const own = process.cpuUsage();
  const told = samples.flat();
  const sum = (name: string, labels: Readonly<Record<string, string>> = {}) => sumOf(told, name, labels);
  const stored = (
    room: keyof (typeof objects)[number],
    what: 'puts' | 'gets' | 'heads' | 'writtenBytes' | 'readBytes',
  ) => objects.reduce((total, counts) => total + (counts[room]?.[what] ?? 0), 0);
  const ofAll = (what: Parameters<typeof stored>[1]) =>
    stored('uploads', what) + stored('recordings', what) + stored('workings', what) + stored('texts', what);
  const transcriptions = sum('thankly_provider_requests_total', { call: 'transcribe' });
  const values: Amounts = {
    ...rows,
    appends: sum('thankly_eventlog_appends_total'),
    jobs: sum('thankly_step_attempts_total'),
    slotSeconds: sum('thankly_step_seconds_sum'),
    requests: sum('thankly_http_requests_total') - sum('thankly_http_requests_total', { route: '/metrics' }),
    uploads: sent.uploads,
    uploadBytes: sent.uploadBytes,
    puts: ofAll('puts'),
    recordingBytes: stored('recordings', 'writtenBytes'),
    workingBytes: stored('workings', 'writtenBytes'),
    textBytes: stored('texts', 'writtenBytes'),
    uploadGets: stored('uploads', 'gets'),
    otherGets: ofAll('gets') - stored('uploads', 'gets'),
    heads: ofAll('heads'),
    readBytes: ofAll('readBytes'),
    transcriptions,
    audioSeconds: sum('thankly_provider_audio_seconds_total'),
    chats: sum('thankly_provider_requests_total') - transcriptions,
    tokensIn: sum('thankly_provider_tokens_total', { direction: 'in' }),
    tokensOut: sum('thankly_provider_tokens_total', { direction: 'out' }),
    providerSeconds: sum('thankly_provider_request_seconds_sum'),
    apiCpu: cpu.api,
    workerCpu: cpu.worker,
    postgresCpu: cpu.postgres,
    othersCpu: cpu.others,
    clientCpu: (own.user + own.system) / 1e6,
  };
  return {
    at: performance.now(),
    amounts: values,
    appendSeconds: sum('thankly_eventlog_append_seconds_sum'),
  };
}

/** What happened between, less what happens in that time when nobody records. @param idle amounts a second */
export function between(before: Reading, after: Reading, idle: Amounts | null): Amounts {
  const seconds = (after.at - before.at) / 1000;
  return amountsOf((item) =>
    Math.max(0, after.amounts[item] - before.amounts[item] - (idle === null ? 0 : idle[item] * seconds)),
  );
}

async function scrape(url: string): Promise<Sample[]> {
  const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(SCRAPE_MS) });
  if (!response.ok) throw new Error(`/metrics: ${response.status}`);
  return parseExposition(await response.text());
}
