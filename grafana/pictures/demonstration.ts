/**
 * Something for a dashboard to show: the application on parts of its own, Debian's Prometheus that scrapes it each second,
 * and the virtual population of simulate/ while the rollout moves on. Nothing outside this machine has a part in it,
 * whatever the environment names, and all of it is in a temporary folder.
 *
 * In the order in which they start: provider → application → Prometheus → traffic. They end the other way round, also when
 * one of them does not start. Ours alone to end: a killed command leaves the application and Prometheus running.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../../src/ai/sandbox/launch.ts';
import { eventually } from '../../test/support/eventually.ts';
import { endProgram, runProgram } from '../../test/support/process.ts';
import { startPrometheus } from '../../test/support/prometheus-server.ts';

const USERS = 150;
const STAGES = [5, 20, 50];
/** Sessions a second: two cores take it, and each stage lasts a minute and more. */
const TRAFFIC = [
  ...['--users', String(USERS), '--stages', STAGES.join(), '--rate', '3', '--seed', '6'],
  ...['--chunked-failure', '0.03', '--single-failure', '0.07'],
];
/** Enough for retries to be seen, too little for the breaker. */
const FAULTS = { mode: 'status', status: 500, probability: 0.03 };
/** What a developer's environment may name: empty is not set. */
const NOT_OURS = [
  ...[
    'DATABASE_URL',
    'EVENT_STORE_URL',
    'S3_BUCKET',
    'UNLEASH_URL',
    'UNLEASH_API_TOKEN',
    'UNLEASH_ADMIN_TOKEN',
  ],
  ...['OTEL_EXPORTER_OTLP_ENDPOINT', 'JWKS_URL', 'METRICS_TOKEN', 'PUBLIC_URL', 'HOST', 'NODE_ENV', 'ROLE'],
];
const SCRAPED_MS = 60_000;
const COUNTED_MS = 60_000;

export type Demonstration = {
  readonly prometheusUrl: string;
  /** Of the traffic, Unix seconds. */
  readonly from: number;
  readonly to: number;
  /** What was done, in words. */
  readonly source: string;
  stop(): Promise<void>;
};

/**
 * Takes some five minutes. @param note a line for who waits
 * @throws Error with what the part that failed said; all of them are ended then, as when `halt` is aborted
 */
export async function demonstrate(note: (line: string) => void, halt: AbortSignal): Promise<Demonstration> {
  const endings: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    return { ...(await demonstrated(note, halt, endings)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function demonstrated(
  note: (line: string) => void,
  halt: AbortSignal,
  endings: (() => Promise<unknown>)[],
): Promise<Omit<Demonstration, 'stop'>> {
  const folder = await mkdtemp(join(tmpdir(), 'thankly-dashboards-data-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755); // as root, PostgreSQL runs as another user, who must be able to enter

  note('starting the application on parts of its own');
  const provider = await startSandbox({ latency: 'published', recogniser: 'none' });
  endings.push(() => provider.stop());
  await setFaults(provider.url);
  const secret = randomBytes(32).toString('hex');
  const application = runProgram('src/main.ts', [], {
    ...Object.fromEntries(NOT_OURS.map((name) => [name, ''])),
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: 'error',
    OPENAI_API_KEY: 'sk-sandbox',
    OPENAI_BASE_URL: `${provider.url}/v1`,
    JWT_SECRET: secret,
  });
  endings.push(() => endProgram(application));
  const [, url = ''] = await application.printed(/^ready (\S+)$/m);
  halt.throwIfAborted();

  const prometheus = await startPrometheus(url);
  endings.push(() => prometheus.stop());
  const value = async (expression: string) => Number((await prometheus.query(expression))[0]?.value[1]);
  // An increase is seen between two scrapes: the first must come before the traffic.
  await eventually(async () => {
    halt.throwIfAborted();
    if (!Number.isFinite(await value('max(thankly_flag_percent)')))
      throw new Error('nothing was scraped yet');
  }, SCRAPED_MS);

  const from = Math.floor(Date.now() / 1000);
  note(`${USERS} users record at ${STAGES.join(' %, ')} % in turn: some four minutes`);
  const traffic = runProgram('simulate/main.ts', ['--url', url, ...TRAFFIC], { JWT_SECRET: secret });
  endings.push(() => endProgram(traffic));
  halt.addEventListener('abort', () => traffic.child.kill('SIGTERM'), { once: true });
  const { code, stderr } = await traffic.ended;
  halt.throwIfAborted();
  if (code !== 0) throw new Error(`the traffic ended with ${code}: ${stderr.trim().split('\n').at(-1)}`);
  await eventually(async () => {
    const counted = await value('sum(thankly_sessions_finished_total)');
    if (counted < USERS * STAGES.length) throw new Error(`only ${counted} sessions were counted`);
  }, COUNTED_MS);
  return {
    prometheusUrl: prometheus.url,
    from,
    to: Math.floor(Date.now() / 1000),
    source: `it scraped the application each second, on one machine, under simulated traffic of ${USERS} users with the sandbox provider, of whose calls 3 % fail`,
  };
}

async function setFaults(url: string): Promise<void> {
  const response = await fetch(`${url}/sandbox/faults`, {
    method: 'POST',
    body: JSON.stringify(FAULTS),
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`the sandbox provider refused its faults: ${await response.text()}`);
}
