/** The one place that picks adapters and wires them. What is started is stopped in the opposite order. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Express } from 'express';
import { CHUNKED_UPLOAD_PLAN } from '../flags/cohort-plan.ts';
import { CHUNKED_UPLOAD, type Flags } from '../flags/flags.ts';
import { entriesConsumer, entryList } from '../projections/entries.ts';
import { experimentConsumer, experiments } from '../projections/experiment.ts';
import type { Ai } from './ai/ai.ts';
import { embeddedDatabase, flagServer, objectStore, provider } from './compose-adapters.ts';
import type { Config } from './config.ts';
import { postgresFlagChecks } from './database/flag-checks.ts';
import { migrate } from './database/migrate.ts';
import { createPool } from './database/pool.ts';
import { postgresPseudonyms } from './database/pseudonyms.ts';
import { keptSecret } from './database/secrets.ts';
import { startConsumer } from './eventlog/consumer.ts';
import { postgresConsumerStore } from './eventlog/postgres/consumer-store.ts';
import { createPostgresEventLog } from './eventlog/postgres/postgres-event-log.ts';
import { createApp } from './http/app.ts';
import type { TokenKeys } from './http/authentication.ts';
import { listen } from './http/server.ts';
import { createMedia } from './media/create-media.ts';
import { dispatchAtOnce, dispatcher } from './queue/dispatcher.ts';
import { migrateQueue, startWorker } from './queue/worker.ts';
import { DEFAULT_LIMITS, type RecordingLimits } from './recording/limits.ts';
import { sessionPrefixes } from './recording/object-keys.ts';
import { type Conductor, startConductor } from './rollouts/conductor.ts';
import { createRolloutDesk } from './rollouts/desk.ts';
import { createRollouts } from './rollouts/rollouts.ts';
import { watchSessionChanges } from './sessions/changes.ts';
import { createSessions } from './sessions/sessions.ts';
import { createTexts } from './sessions/texts.ts';
import { type AttemptOutcome, runStep, type StepRun } from './steps/run-step.ts';
import type { Log } from './telemetry/logger.ts';

export type Application = {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /** `sandbox` when no provider was configured. */
  readonly provider: 'openai' | 'sandbox';
  /** Answers what is under way, finishes or hands back the jobs, ends every process it started. */
  stop(): Promise<void>;
};

export type ComposeOptions = {
  readonly log: Log;
  /** One line for a person who waits. */
  readonly onProgress: (line: string) => void;
  /** Instead of the provider that the configuration names: for benchmarks and tests. */
  readonly ai?: Ai;
  /** Instead of the flags that the configuration names: for benchmarks and tests. */
  readonly flags?: Flags;
};

export async function compose(config: Config, options: ComposeOptions): Promise<Application> {
  // The port first: a busy one is told before anything else is started.
  const server = await listen(config.HOST, config.PORT);
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    // First no new requests, and an end to those under way; then what they stand on, last started first.
    await server.close();
    for (const step of stops.splice(0).reverse()) {
      await step().catch((error) => options.log('error', 'a part did not stop in order', { err: error }));
    }
  };
  try {
    server.serve(await start(config.PUBLIC_URL ?? server.url, config, options, stops));
    return { url: server.url, provider: providerOf(config), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts the parts; gives the HTTP application that stands on them. */
async function start(
  publicUrl: string,
  config: Config,
  { log, onProgress, ai: givenAi, flags: givenFlags }: ComposeOptions,
  stops: (() => Promise<unknown>)[],
): Promise<Express> {
  const onStop = (step: () => Promise<unknown>) => stops.push(step);
  const warn = (error: unknown) => log('warn', 'a connection failed', { err: error });
  const now = () => new Date().toISOString();
  const limits = limitsOf(config);

  const connectionString = config.DATABASE_URL ?? (await embeddedDatabase(config, onProgress, onStop));
  const ran = await migrate(connectionString);
  if (ran.length > 0) log('info', 'migrated the database', { migrations: ran });
  const pool = createPool({ connectionString, name: 'thankly-app', max: 10, onError: warn });
  onStop(() => pool.end());
  const queuePool = createPool({
    connectionString,
    name: 'thankly-queue',
    max: Math.min(config.WORKER_CONCURRENCY + 2, 20),
    asynchronousCommit: true,
    onError: warn,
  });
  onStop(() => queuePool.end());
  await migrateQueue(queuePool);

  const eventLog = createPostgresEventLog({ connectionString, onError: warn });
  onStop(() => eventLog.close());
  const { objects, objectUploads } = await objectStore(config, publicUrl, log);
  onStop(() => objects.close());
  const media = createMedia();
  onStop(() => media.close());
  const startOptions = { log, onProgress, onStop };
  // Each takes seconds: together.
  const [ai, { flags, control }] = await bothOrNeither(
    givenAi ?? provider(config, startOptions),
    givenFlags === undefined
      ? flagServer(config, connectionString, startOptions)
      : { flags: givenFlags, control: null },
  );

  const sessions = createSessions(eventLog, limits, dispatchAtOnce(queuePool, warn));
  const texts = createTexts(objects);
  const changes = watchSessionChanges(eventLog, warn);
  onStop(() => changes.close());

  const store = postgresConsumerStore({ connectionString, pool });
  const onError = (error: unknown, what: string) => log('error', what, { err: error });
  for (const definition of [dispatcher(sessions), entriesConsumer, experimentConsumer(CHUNKED_UPLOAD)]) {
    const consumer = startConsumer(definition, { log: eventLog, store, onError });
    onStop(() => consumer.stop());
  }

  let conductor: Conductor | null = null;
  const rollouts = createRollouts(eventLog, () => conductor?.wake());
  const experiment = experiments(pool);
  const checks = postgresFlagChecks(pool);
  if (control !== null) {
    conductor = startConductor({
      flag: CHUNKED_UPLOAD,
      plan: CHUNKED_UPLOAD_PLAN,
      rollouts,
      experiments: experiment,
      control,
      checks,
      store,
      now,
      newId: randomUUID,
      onError,
    });
    onStop(() => conductor?.stop() ?? Promise.resolve());
  }
  const links = {
    unleash: control?.page ?? null,
    dashboard: dashboardOf(config),
  };
  const desk = createRolloutDesk({ rollouts, experiments: experiment, checks, links: () => links, now });

  const parts = {
    sessions,
    objects,
    texts,
    ai,
    media,
    limits,
    now,
    random: Math.random,
    onAttempt: logAttempt(log),
  };
  const worker = await startWorker({
    pool: queuePool,
    connectionString,
    concurrency: config.WORKER_CONCURRENCY,
    runStep: (run, signal) => runStep(run, parts, signal),
    passDeadline: (sessionId) =>
      sessions.execute(sessionId, () => ({ type: 'PassDeadline', now: now() }), {
        correlationId: sessionId,
        actor: 'system:deadline',
      }),
    eraseObjects: async (sessionId) => {
      for (const prefix of sessionPrefixes(sessionId)) await objects.deletePrefix(prefix);
    },
    log: (level, message, error) => log(level, message, error === undefined ? {} : { err: error }),
  });
  onStop(() => worker.stop());

  const devTokenSecret = config.embedded && isLoopback(config.HOST) ? tokenSecret(config) : undefined;
  return createApp({
    sessions,
    objects,
    texts,
    changes,
    entries: entryList(pool),
    pseudonyms: postgresPseudonyms(pool),
    flags,
    desk,
    tokenKeys: tokenKeys(config),
    pages: join(import.meta.dirname, '../console/dist'),
    provider: providerOf(config),
    ...(objectUploads === undefined ? {} : { objectUploads }),
    ...(devTokenSecret === undefined ? {} : { devTokenSecret }),
    readiness: {
      database: async () => void (await pool.query('select 1')),
      objects: () => objects.ping(),
    },
    now,
    newId: randomUUID,
    log,
    urlLifeSeconds: config.UPLOAD_URL_SECONDS,
  });
}

function providerOf(config: Config): Application['provider'] {
  return config.OPENAI_API_KEY === undefined ? 'sandbox' : 'openai';
}

/** Both or neither: what one has started meanwhile is known to `onStop` before the other's failure ends the start. */
async function bothOrNeither<A, B>(a: Promise<A> | A, b: Promise<B> | B): Promise<[A, B]> {
  const [first, second] = await Promise.allSettled([a, b]);
  if (first.status === 'rejected') throw first.reason;
  if (second.status === 'rejected') throw second.reason;
  return [first.value, second.value];
}

function dashboardOf({ GRAFANA_URL: url }: Config): string | null {
  return url === undefined ? null : `${url}/d/rollout-ab`;
}

function limitsOf(config: Config): RecordingLimits {
  return {
    ...DEFAULT_LIMITS,
    idleMs: config.SESSION_IDLE_SECONDS * 1000,
    retry: { ...DEFAULT_LIMITS.retry, patienceMs: config.PROVIDER_PATIENCE_SECONDS * 1000 },
  };
}

function tokenKeys(config: Config): TokenKeys {
  const { JWKS_URL: jwksUrl, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = config;
  if (jwksUrl === undefined) return { secret: tokenSecret(config) };
  return {
    jwksUrl,
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };
}

function tokenSecret(config: Config): string {
  return config.JWT_SECRET ?? keptSecret(config.dataDir, 'token-secret');
}

function logAttempt(log: Log): (run: StepRun, outcome: AttemptOutcome) => void {
  return (run, outcome) => {
    const fields = { ...run, result: outcome.result, milliseconds: Math.round(outcome.milliseconds) };
    if (outcome.result !== 'failed') log('info', 'step attempt', fields);
    // The stack belongs to failures of ours; a provider's or a file's has a code.
    else
      log('warn', 'step attempt', {
        ...fields,
        code: outcome.code,
        ...(outcome.code === 'step_crashed' ? { err: outcome.error } : {}),
      });
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
