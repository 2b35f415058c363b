import { fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signDevToken } from '../../src/http/authentication.ts';
import type { Strategy } from '../../src/recording/events.ts';
import type { Command, Measured } from './application-child.ts';

const JWT_SECRET = 'a secret of thirty-two characters, for benches';

/** Most benches have one user, who sends as much as the machine takes. */
const NO_BOUNDS = {
  USER_REQUESTS_PER_SECOND: '100000',
  MAX_LOOP_DELAY_MS: '60000',
  MAX_REQUESTS_IN_FLIGHT: '100000',
  MAX_WAITING_JOBS: '1000000',
};

export type BenchApplication = {
  readonly url: string;
  readonly token: string;
  /** Of another user. */
  tokenOf(subject: string): Promise<string>;
  /** What embedded parts keep; removed at `stop`. */
  readonly dataDir: string;
  /** Asks the application's process for a measurement. */
  ask(command: Command): Promise<number>;
  stop(): Promise<void>;
  /** Ends it with no chance to say goodbye, and leaves its folder. */
  kill(): Promise<void>;
};

export type BenchApplicationOptions = {
  /** What its flag says; default `chunked`. `unleash`: a real Unleash beside it does. */
  readonly strategy?: Strategy | 'unleash';
  /**
   * How it is watched. `all`: as in production, its log in `logFile`, its traces sent to `collector`; `none`: not at all.
   * Without: metrics, but no trace leaves it and only errors are logged.
   */
  readonly watch?: { readonly logFile: string; readonly collector: string } | 'none';
  /** Where clients find it, when not at its own port. */
  readonly publicUrl?: string;
  /** The folder of one that was killed. */
  readonly dataDir?: string;
  /** Where it turns requests away: as everybody has it, or (default) nowhere near what a bench asks of it. */
  readonly bounds?: 'production';
  /** More of its environment. */
  readonly environment?: Readonly<Record<string, string>>;
};

/**
 * An application of its own on `connectionString`, with a provider that answers at once.
 * @param connectionString null: on an embedded database of its own, with dev tokens
 */
export async function startBenchApplication(
  connectionString: string | null,
  {
    strategy = 'chunked',
    publicUrl,
    watch,
    dataDir: given,
    bounds,
    environment,
  }: BenchApplicationOptions = {},
): Promise<BenchApplication> {
  const dataDir = given ?? (await mkdtemp(join(tmpdir(), 'thankly-bench-')));
  const isWatched = watch !== undefined && watch !== 'none';
  const child = fork(join(import.meta.dirname, 'application-child.ts'), [], {
    execArgv: ['--expose-gc'],
    ...(isWatched ? { stdio: ['ignore', 'inherit', openSync(watch.logFile, 'a'), 'ipc'] } : {}),
    env: {
      ...process.env,
      PORT: '0',
      DATA_DIR: dataDir,
      DATABASE_URL: connectionString ?? '',
      JWT_SECRET,
      OPENAI_API_KEY: 'unused',
      WORKER_CONCURRENCY: '16',
      ...(bounds === 'production' ? {} : NO_BOUNDS),
      BENCH_STRATEGY: strategy,
      PUBLIC_URL: publicUrl ?? '',
      BENCH_WATCH: isWatched ? 'all' : (watch ?? ''),
      OTEL_EXPORTER_OTLP_ENDPOINT: isWatched ? watch.collector : '',
      ...environment,
    },
  });
  const ended = once(child, 'exit');
  const tokenOf = (subject: string) => signDevToken(JWT_SECRET, { subject, role: 'user' });
  const [ready] = (await once(child, 'message')) as [Measured];
  return {
    url: ready.url ?? '',
    token: await tokenOf('bench'),
    tokenOf,
    dataDir,
    async ask(command) {
      child.send(command);
      const [measured] = (await once(child, 'message')) as [Measured];
      return measured.value ?? 0;
    },
    async stop() {
      child.disconnect();
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
