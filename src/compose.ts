/** The one place that picks adapters and wires them. What is started is stopped in the opposite order. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Express } from 'express';
import { CHUNKED_UPLOAD_PLAN } from '../flags/cohort-plan.ts';
import { CHUNKED_UPLOAD, type Flags } from '../flags/flags.ts';
import { entriesProjection, entryList } from '../projections/entries.ts';
import { experimentProjection, experiments } from '../projections/experiment.ts';
import { type StuckAfter, sessionList, sessionListProjection } from '../projections/sessions.ts';
import type { Ai } from './ai/ai.ts';
import { DEFAULT_TIMEOUTS } from './ai/openai/timeouts.ts';
import {
  embeddedDatabase,
  eventLogs,
  flagServer,
  type OnStop,
  objectStore,
  provider,
  tokenKeys,
  tokenSecret,
} from './compose-adapters.ts';
import { admission } from './compose-admission.ts';
import { joinService } from './compose-nodes.ts';
import type { Config } from './config.ts';
import { postgresErasures } from './database/erasures.ts';
import { postgresFlagChecks } from './database/flag-checks.ts';
import { migrate, newerMigrations } from './database/migrate.ts';
import { postgresNodes } from './database/nodes.ts';
import { createPool } from './database/pool.ts';
import { postgresPseudonyms } from './database/pseudonyms.ts';
import { requireWritable } from './database/writable.ts';
import { startConsumer } from './eventlog/consumer.ts';
import { type Consumers, consumersOf } from './eventlog/consumers.ts';
import { postgresConsumerStore } from './eventlog/postgres/consumer-store.ts';
import { continueCommitOrder } from './eventlog/postgres/continue-commit-order.ts';
import { postgresProjectionStore } from './eventlog/postgres/projection-store.ts';
import { listedName } from './eventlog/projection.ts';
import { runProjections } from './eventlog/run-projections.ts';
import { createApp, createWorkerApp, type NodeParts } from './http/app.ts';
import { type HttpServer, listen } from './http/server.ts';
import { createMedia } from './media/create-media.ts';
import { dispatchAtOnce, dispatcher } from './queue/dispatcher.ts';
import { DEADLINE_TASK, ERASE_PERSON_TASK, ERASE_TASK, enqueueAll } from './queue/jobs.ts';
import { createTurns } from './queue/turns.ts';
import { migrateQueue, startWorker, type WorkerOptions } from './queue/worker.ts';
import { deadlineOf } from './recording/decide-upload.ts';
import { DEFAULT_LIMITS, type RecordingLimits } from './recording/limits.ts';
import { enforceRetention } from './retention/enforce-retention.ts';
import { type Conductor, startConductor } from './rollouts/conductor.ts';
import { createRolloutDesk } from './rollouts/desk.ts';
import { createRollouts } from './rollouts/rollouts.ts';
import { watchSessionChanges } from './sessions/changes.ts';
import { erasePerson } from './sessions/erase-person.ts';
import { PSEUDONYM_REMEMBERED_MS } from './sessions/pseudonyms.ts';
import { deleteSessionObjects } from './sessions/session-objects.ts';
import { createSessions } from './sessions/sessions.ts';
import { createTexts } from './sessions/texts.ts';
import { createArrivingAudio } from './steps/arriving-audio.ts';
import { runStep } from './steps/run-step.ts';
import { type Part, stopInOrder } from './stop-in-order.ts';
import type { Log } from './telemetry/logger.ts';
import { createTelemetry, NO_TELEMETRY } from './telemetry/telemetry.ts';

export type Application = {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /** `sandbox` when no provider was configured. */
  readonly provider: 'openai' | 'sandbox';
  /**
   * Answers what is under way, finishes or hands back the jobs, ends every process it started. Within STOP_SECONDS, also
   * when something hangs: resolves to whether nothing did.
   */
  stop(): Promise<boolean>;
};

export type ComposeOptions = {
  readonly log: Log;
  /** One line for a person who waits. */
  readonly onProgress: (line: string) => void;
  /** Instead of the provider that the configuration names: for benchmarks and tests. */
  readonly ai?: Ai;
  /** Instead of the flags that the configuration names: for benchmarks and tests. */
  readonly flags?: Flags;
  /** `none`: no metric, no trace. To measure what they cost. */
  readonly telemetry?: 'none';
  /** On the port. To measure what one would do. */
  readonly listeners?: number;
};

export async function compose(config: Config, options: ComposeOptions): Promise<Application> {
  // The port first: a busy one is told before anything else is started.
  const server = await listen(config.HOST, config.PORT, {
    behindProxy: config.TRUST_PROXY !== undefined,
    listeners: options.listeners,
  });
  const life: Life = { isStopping: false, workers: [], parts: [] };
  const onTrouble = (part: string, error: unknown) =>
    options.log('error', 'a part did not stop in order', { part, err: error });
  const stop = async (drainSeconds: number) => {
    const over = performance.now() + config.STOP_SECONDS * 1000 - LAST_WORDS_MS;
    const left = () => over - performance.now();
    life.isStopping = true;
    // First no new jobs and no new requests, and an end to those under way; then what they stand on, last started first.
    server.drain();
    const working = stopInOrder(life.workers.splice(0), { withinMs: left(), eachMs: JOBS_MS, onTrouble });
    await delay(drainSeconds * 1000);
    await server.close();
    const worked = await working;
    const rest = await stopInOrder(life.parts.splice(0), { withinMs: left(), eachMs: PART_MS, onTrouble });
    return worked && rest;
  };
  try {
    server.serve(await start(server, config, options, life));
    return { url: server.url, provider: providerOf(config), stop: () => stop(config.DRAIN_SECONDS) };
  } catch (error) {
    await stop(0);
    throw error;
  }
}

type Life = {
  isStopping: boolean;
  /** What takes up work: stopped before anything else is. */
  readonly workers: Part[];
  readonly parts: Part[];
};

/** Of STOP_SECONDS, for what the log still holds. */
const LAST_WORDS_MS = 1_000;
/** They are aborted after five seconds, and then have this moment to be handed back. */
const JOBS_MS = 8_000;
/** Of which PostgreSQL, when it is our own, takes some. */
const PART_MS = 8_000;

/** Starts the parts; gives the HTTP application that stands on them. */
async function start(
  server: Pick<HttpServer, 'url'>,
  config: Config,
  { log, onProgress, ai: givenAi, flags: givenFlags, telemetry: kind }: ComposeOptions,
  life: Life,
): Promise<Express> {
  const onStop: OnStop = (name, stop) => life.parts.push({ name, stop });
  const warn = (error: unknown) => log('warn', 'a connection failed', { err: error });
  const now = () => new Date().toISOString();
  const limits = limitsOf(config);

  const connectionString = config.DATABASE_URL ?? (await embeddedDatabase(config, onProgress, onStop));
  const ran = await migrate(connectionString);
  if (ran.length > 0) log('info', 'migrated the database', { migrations: ran });
  const shift = config.EVENT_STORE_URL === undefined ? await continueCommitOrder(connectionString) : null;
  if (shift !== null) log('info', 'the log has moved to another cluster; its order goes on', { shift });
  const pool = createPool({ connectionString, name: 'thankly-app', max: 10, onError: warn });
  onStop('the pool', () => pool.end());
  const queuePool = createPool({
    connectionString,
    name: 'thankly-queue',
    // A worker's jobs begin and end on it. Two nodes fit into PostgreSQL's usual hundred connections.
    max: Math.min(config.WORKER_CONCURRENCY + 2, 26),
    asynchronousCommit: true,
    onError: warn,
  });
  onStop('the pool of the queue', () => queuePool.end());
  await migrateQueue(queuePool);
  const newer = await newerMigrations(pool);
  if (newer.length > 0)
    log('warn', 'a newer version has migrated the database; this one passes over it', { migrations: newer });

  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = config;
  const telemetry =
    kind === 'none'
      ? NO_TELEMETRY
      : createTelemetry({ log, ...(endpoint === undefined ? {} : { endpoint }), onError: warn });
  onStop('the telemetry', () => telemetry.close());
  const { tracing, onGroup, onAttempt, onAnswered, onRefused } = telemetry;
  const { log: bareLog, index } = await eventLogs(config, { connectionString, pool, onError: warn, onGroup });
  const eventLog = telemetry.eventLog(bareLog);
  onStop('the event log', () => eventLog.close());
  // Before anything is written, or taken from the queue.
  const node = `${hostname()}:${new URL(server.url).port}`;
  const nodes = postgresNodes(pool);
  const membership = await joinService(config, { registry: nodes, id: randomUUID(), name: node, log });
  onStop('the place among the nodes', () => membership.leave());
  const { objects: bareObjects, objectUploads } = await objectStore(
    config,
    config.PUBLIC_URL ?? server.url,
    log,
  );
  const objects = telemetry.objects(bareObjects);
  onStop('the object store', () => objects.close());
  // It may be mended while we run, and then we are ready; until then this is the first that anybody should read.
  void objects.ping().catch((err) => log('error', 'the object store cannot be used', { err }));
  const media = createMedia();
  onStop('the media threads', () => media.close());
  const startOptions = { log, onProgress, onStop };
  // Each takes seconds: together.
  const [reached, { flags, control }] = await bothOrNeither(
    provider(config, {
      ...startOptions,
      traceparent: () => tracing.current(),
      watch: telemetry.provider,
      ...(givenAi === undefined ? {} : { given: givenAi }),
    }),
    givenFlags === undefined
      ? flagServer(config, connectionString, startOptions)
      : { flags: givenFlags, control: null },
  );

  const ai = telemetry.ai(reached.ai);
  const turns = createTurns(() => performance.now());
  const sessions = createSessions(eventLog, limits, dispatchAtOnce(queuePool, turns, warn));
  const texts = createTexts(objects);
  const changes = watchSessionChanges(eventLog, warn);
  changes.listenToAll(turns.heard);
  onStop('the watch over sessions', () => changes.close());

  const store = postgresConsumerStore({ connectionString, pool, index });
  const onError = (error: unknown, what: string) => log('error', what, { err: error });
  const definitions = [dispatcher(sessions, turns), ...telemetry.consumers(eventLog)];
  // A node that only answers leaves the consumers, the conductor and the jobs to those that work.
  const works = config.ROLE !== 'api';
  const { CONSUMER_PARTITIONS: partitions } = config;
  for (const definition of works ? definitions : []) {
    const consumer = startConsumer(definition, { log: eventLog, store, onError, partitions });
    onStop(`the consumer ${definition.name}`, () => consumer.stop());
  }

  const projections = runProjections(
    [entriesProjection, sessionListProjection, experimentProjection(CHUNKED_UPLOAD)],
    {
      log: eventLog,
      store: postgresProjectionStore(pool, index),
      consumers: store,
      now,
      onError,
      onMove: (line) => log('info', line),
      ...(works ? {} : { follow: false }),
    },
  );
  onStop('the projections', () => projections.stop());
  const consumers = consumersOf(definitions, store, projections.shown);

  let conductor: Conductor | null = null;
  const rollouts = createRollouts(eventLog, () => conductor?.wake());
  const experiment = experiments(pool);
  const checks = postgresFlagChecks(pool);
  if (works && control !== null) {
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
    onStop('the conductor', () => conductor?.stop() ?? Promise.resolve());
  }
  const links = {
    unleash: control?.page ?? null,
    dashboard: dashboardOf(config),
  };
  const desk = createRolloutDesk({ rollouts, experiments: experiment, checks, links: () => links, now });

  const audio = createArrivingAudio({
    objects,
    media,
    maxBytes: config.AUDIO_CACHE_MEBIBYTES * 1024 * 1024,
  });
  const parts = {
    sessions,
    changes,
    objects,
    texts,
    ai,
    media,
    limits,
    now,
    random: Math.random,
    tracing,
    audio,
    onAttempt,
  };
  const entries = entryList(pool);
  const erasures = postgresErasures(pool, (transaction, erasureId) =>
    enqueueAll(transaction, [{ task: ERASE_PERSON_TASK, payload: { erasureId }, runAt: null }]),
  );
  const workerOptions: WorkerOptions = {
    pool: queuePool,
    connectionString,
    concurrency: config.WORKER_CONCURRENCY,
    runStep: (run, signal) => runStep(run, parts, signal),
    passDeadline: async (sessionId) => {
      const { session } = await sessions.execute(sessionId, () => ({ type: 'PassDeadline', now: now() }), {
        correlationId: sessionId,
        actor: 'system:deadline',
      });
      // Chunks have moved it meanwhile, and are not dispatched: so it is from here that it is waited for again.
      const runAt = session === null ? null : deadlineOf(session, limits);
      if (runAt !== null)
        await enqueueAll(queuePool, [{ task: DEADLINE_TASK, payload: { sessionId }, runAt }]);
    },
    eraseObjects: async ({ sessionId, again }) => {
      audio.forget(sessionId);
      await deleteSessionObjects(objects, sessionId);
      if (again) return;
      const runAt = new Date(
        Date.parse(now()) + config.UPLOAD_URL_SECONDS * 1000 + LATE_UPLOAD_MS,
      ).toISOString();
      await enqueueAll(queuePool, [{ task: ERASE_TASK, payload: { sessionId, again: true }, runAt }]);
    },
    erasePerson: async (erasureId) => {
      const runAt = await erasePerson(erasureId, {
        erasures,
        entries,
        sessions,
        listLagMs: () => lagOf(consumers, listedName(entriesProjection)),
        settleMs: PSEUDONYM_REMEMBERED_MS + LATE_REQUEST_MS,
        now,
      });
      if (runAt !== null)
        await enqueueAll(queuePool, [{ task: ERASE_PERSON_TASK, payload: { erasureId }, runAt }]);
    },
    enforceRetention: async (signal) => {
      const { retention } = config;
      const report = await enforceRetention({ objects, sessions, retention, now, signal });
      log('info', 'deleted what was past its retention', report);
    },
    log: (level, message, error) => log(level, message, error === undefined ? {} : { err: error }),
  };
  if (works) {
    const worker = await startWorker(workerOptions);
    life.workers.push({ name: 'the worker', stop: () => worker.stop() });
  }

  const sessionRows = sessionList(pool, stuckAfter(limits));
  const scrape = telemetry.scrape({
    sql: pool,
    consumers,
    sessionList: sessionRows,
    desk,
    flags: [CHUNKED_UPLOAD],
    now,
    onError,
  });

  const devTokenSecret = config.embedded && isLoopback(config.HOST) ? tokenSecret(config) : undefined;
  const nodeParts: NodeParts = {
    onAnswered,
    isTransient: store.isTransient,
    readiness: {
      database: () => requireWritable(pool),
      objects: () => objects.ping(),
      // PostgreSQL's own is in the database.
      ...(config.EVENT_STORE_URL === undefined ? {} : { eventlog: async () => void (await eventLog.head()) }),
    },
    isStopping: () => life.isStopping,
    log,
    scrape,
    ...(config.METRICS_TOKEN === undefined ? {} : { metricsToken: config.METRICS_TOKEN }),
  };
  if (config.ROLE === 'worker') return createWorkerApp(nodeParts);
  return createApp({
    ...nodeParts,
    sessions,
    objects,
    texts,
    changes,
    entries,
    pseudonyms: postgresPseudonyms(pool),
    erasures,
    flags,
    desk,
    sessionList: sessionRows,
    consumers,
    projections,
    tokenKeys: tokenKeys(config),
    webOrigins: config.WEB_ORIGINS,
    admission: admission(config, { pool, onStop, onError: warn, onRefused }),
    trustProxy: config.TRUST_PROXY ?? false,
    pages: join(import.meta.dirname, '../console/dist'),
    provider: providerOf(config),
    providerView: {
      host: reached.host,
      state: reached.state,
      retry: limits.retry,
      timeouts: DEFAULT_TIMEOUTS,
    },
    node,
    nodes,
    ...(objectUploads === undefined ? {} : { objectUploads }),
    ...(devTokenSecret === undefined ? {} : { devTokenSecret }),
    now,
    newId: randomUUID,
    urlLifeSeconds: config.UPLOAD_URL_SECONDS,
    tracing,
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

/** Longer than the service itself waits: a quiet upload is sealed after `idleMs`, a step given up after `patienceMs`. */
function stuckAfter({ idleMs, retry }: RecordingLimits): StuckAfter {
  return { recordingMs: idleMs + STUCK_GRACE_MS, processingMs: retry.patienceMs + STUCK_GRACE_MS };
}
const STUCK_GRACE_MS = 2 * 60_000;

/** How long what has begun may still be under way: a request with a pseudonym, an upload to a URL that was good. */
const LATE_REQUEST_MS = 30_000;
const LATE_UPLOAD_MS = 10 * 60_000;

/** Milliseconds that a list is behind the log; infinite while it lacks a stream for good. */
async function lagOf(consumers: Consumers, name: string): Promise<number> {
  const view = (await consumers.list()).find((each) => each.name === name);
  if (view === undefined || view.parkedStreams > 0) return Number.POSITIVE_INFINITY;
  return view.lagSeconds * 1000;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
