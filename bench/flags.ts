/** What the flag costs a request: answered from a real Unleash's last word, against the same without any. */
import { Agent, request } from 'node:http';
import { type BenchApplication, startBenchApplication } from './support/application.ts';
import { startBenchServer } from './support/eventlog-database.ts';
import { milliseconds, quantile, spread, verdict } from './support/eventlog-figures.ts';
import type { BenchTable } from './table.ts';

const REQUESTS = process.env.BENCH_QUICK === '1' ? 300 : 2_000;
const ROUNDS = 5;
const GOAL_MS = 2;

type Call = { readonly name: string; readonly method: string; readonly path: string; readonly body?: string };
const HEALTH: Call = { name: '`GET /healthz`', method: 'GET', path: '/healthz' };
const FLAGS: Call = { name: '`GET /flags`', method: 'GET', path: '/flags' };
const CREATE: Call = {
  name: '`POST create`',
  method: 'POST',
  path: '/audio/session/create',
  body: '{"mimeType":"audio/wav"}',
};

export async function benchFlags(): Promise<BenchTable[]> {
  const server = await startBenchServer();
  const applications: BenchApplication[] = [];
  try {
    for (const strategy of ['unleash', 'chunked'] as const)
      applications.push(await startBenchApplication(await server.database(), { strategy }));
    const [withUnleash, without] = applications as [BenchApplication, BenchApplication];
    const rows: string[][] = [];
    const ratios: number[][] = [];
    for (const call of [HEALTH, FLAGS, CREATE]) {
      const times: number[] = [];
      const perRound: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        // Turn and turn about: what the machine does meanwhile meets both.
        const ours = await timesOf(withUnleash, call);
        const theirs = await timesOf(without, call);
        times.push(...ours);
        perRound.push(quantile(ours, 0.5) / quantile(theirs, 0.5));
      }
      const p95 = quantile(times, 0.95);
      rows.push([
        call.name,
        milliseconds(quantile(times, 0.5)),
        milliseconds(p95),
        call === FLAGS ? `p95 ≤ ${GOAL_MS} ms: ${verdict(p95 <= GOAL_MS)}` : '',
      ]);
      ratios.push(perRound);
    }
    return [
      {
        title: 'What the flag costs a request',
        intro: `${ROUNDS * REQUESTS} requests each, one after the other on one connection, with a real Unleash beside the application; the ratio compares the medians of ${ROUNDS} rounds with an application whose flag is a constant, in the same run (min, median, max).`,
        columns: ['request', 'median', 'p95', 'goal', 'with Unleash ÷ without'],
        rows: rows.map((row, index) => [...row, shown(ratios[index] ?? [])]),
      },
    ];
  } finally {
    for (const application of applications) await application.stop();
    await server.stop();
  }
}

function shown(ratios: readonly number[]): string {
  const { min, median, max } = spread(ratios);
  return [min, median, max].map((ratio) => ratio.toFixed(2)).join(', ');
}

async function timesOf(application: BenchApplication, call: Call): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  try {
    for (let i = 0; i < REQUESTS + 50; i++) {
      const started = performance.now();
      await answered(application, call, agent);
      if (i >= 50) times.push(performance.now() - started); // the first are warming
    }
  } finally {
    agent.destroy();
  }
  return times;
}

function answered(
  { url, token }: BenchApplication,
  { method, path, body }: Call,
  agent: Agent,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length }),
    };
    const sent = request(`${url}${path}`, { agent, method, headers, timeout: 10_000 }, (response) => {
      response.on('error', reject).on('end', () => {
        if ((response.statusCode ?? 500) < 300) resolve();
        else reject(new Error(`${method} ${path}: ${response.statusCode}`));
      });
      response.resume();
    });
    sent.on('error', reject).end(body);
  });
}
