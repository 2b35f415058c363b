/** `npm start`: read the configuration, compose, listen, and shut down in order. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import './garbage-collection.ts';
import { type Application, compose } from './compose.ts';
import { type Config, ConfigInvalid, readConfig } from './config.ts';
import { createLog } from './telemetry/logger.ts';

const HELP = `Usage: npm start [-- --help]

Runs Thankly Voice: with nothing configured, on parts of its own (PostgreSQL, files, the sandbox provider).

Environment (all optional)
  PORT, HOST            where to listen (8080, 127.0.0.1)
  ROLE                  api (requests only), worker (all that is done behind them; health and metrics), or all (default)
  DATA_DIR              all that embedded mode keeps (.data)
  DATABASE_URL          postgres://… instead of the embedded PostgreSQL
  EVENT_STORE_URL       kurrentdb://… the event log in KurrentDB instead of PostgreSQL (docs/kurrentdb.md)
  S3_BUCKET, S3_ENDPOINT, S3_REGION, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_FORCE_PATH_STYLE
                        objects in S3 instead of files
  UNLEASH_URL, UNLEASH_API_TOKEN, UNLEASH_ADMIN_TOKEN
                        any Unleash instead of our own, whose port is UNLEASH_PORT (4242, or a free one)
  GRAFANA_URL           where the console's link to the dashboards leads
  OPENAI_API_KEY, OPENAI_BASE_URL
                        a real provider instead of the sandbox
  PROVIDER_CONCURRENCY  calls to it at once, of this node (32); fewer for a while after a 429
  PROVIDER_TOKENS_PER_MINUTE
                        of chat calls, of this node (no limit); they wait for up to 20 s
  PROVIDER_HEDGING, PROVIDER_HEDGING_SHARE
                        on (default) or off: slow transcriptions are asked twice, at most this share (0.1)
  JWT_SECRET or JWKS_URL (JWT_ISSUER, JWT_AUDIENCE)
                        who may come in
  USER_REQUESTS_PER_SECOND, ADDRESS_REQUESTS_PER_SECOND
                        of one user (50), of one address (500), on the average of ten seconds, of this node; more is
                        429. This machine's own address is not counted
  TRUST_PROXY           whose X-Forwarded-For is believed: how many proxies are in front (1), or their addresses
                        (10.0.0.0/8,loopback). Nobody's by default: behind a proxy all users then have its address
  MAX_REQUESTS_IN_FLIGHT, MAX_LOOP_DELAY_MS, MAX_WAITING_JOBS
                        where this node takes no more (400, 2000, 20000) and answers 503; docs/load.md
  OTEL_EXPORTER_OTLP_ENDPOINT
                        a collector for traces, such as http://127.0.0.1:4318; without one none are sent
  WEB_ORIGINS           pages of these origins may call the API: https://app.example,https://… (our own alone)
  METRICS_TOKEN         who reads /metrics must send it; without one anybody may who reaches it
  RETENTION_…_DAYS      how long what a recording left is kept: npm run retention -- --help
  NODE_ENV              production: nothing of the above is left to chance, TLS everywhere (docs/security.md);
                        PLAINTEXT_HOSTS are those that may do without
  LOG_LEVEL             silent, error, warn, info (default), debug
`;

function fail(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

function configuration(): Config {
  try {
    return readConfig(process.env, process.cwd());
  } catch (error) {
    if (error instanceof ConfigInvalid)
      fail(`The environment cannot be used:\n  ${error.lines.join('\n  ')}`);
    throw error;
  }
}

function checkDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK);
  } catch (error) {
    fail(`DATA_DIR ${dataDir} cannot be written: ${(error as NodeJS.ErrnoException).code}`);
  }
}

const TOLD_AS_IT_IS = [
  'embedded_postgres_failed',
  'embedded_unleash_failed',
  'event_log_changed',
  'event_log_moved',
  'event_store_url_invalid',
];

/** One line for what a person can mend. */
function startFailure(error: unknown, config: Config): string {
  if (error instanceof Error && 'code' in error) {
    if (error.code === 'EADDRINUSE')
      return `Port ${config.PORT} is taken: end what uses it, or start with PORT=8081 npm start`;
    if (error.code === 'EACCES')
      return `Port ${config.PORT} may not be used: choose one above 1023, as in PORT=8080 npm start`;
    if (error.code === 'EADDRNOTAVAIL') return `HOST ${config.HOST} is not an address of this machine`;
    if (TOLD_AS_IT_IS.includes(String(error.code))) return error.message;
    if (error.code === 'ECONNREFUSED') return 'DATABASE_URL: nothing answers there';
  }
  return `Thankly Voice could not start: ${error instanceof Error ? error.message : String(error)}`;
}

function whatNext(application: Application): string {
  const sandbox = application.provider === 'sandbox';
  return `
${sandbox ? 'The SANDBOX provider answers, not a real one: set OPENAI_API_KEY for the real thing.\n' : ''}Recorder: ${application.url}/
Console:  ${application.url}/console   the rollout: who gets what, what it shows, a hand on the brake

Or, in another terminal:
  npm run sample -- --words 60 --out note.wav
  npm run send -- note.wav${application.url.endsWith(':8080') ? '' : ` --url ${application.url}`}
API: ${application.url}/docs    Ctrl-C ends everything.
`;
}

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  process.stdout.write(HELP);
  process.exit(0);
}

const config = configuration();
checkDataDir(config.dataDir);
const log = createLog(config.LOG_LEVEL);
const onProgress = (line: string) => process.stderr.write(`${line} ...\n`);

let stopping: Promise<void> | null = null;
const signalled = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping !== null && signal === 'SIGINT') process.exit(130); // a second Ctrl-C doesn't wait
      resolve();
    });
  }
});
process.on('unhandledRejection', (error) => {
  log('error', 'a promise was rejected that nobody awaited', { err: error });
});

const application = await compose(config, { log, onProgress }).catch((error) =>
  fail(startFailure(error, config)),
);
process.stdout.write(`ready ${application.url}\n`);
// For a person at a terminal; in production it is the log's.
if (config.NODE_ENV !== 'production') process.stderr.write(whatNext(application));

await signalled;
process.stderr.write('stopping ...\n');
stopping = application.stop();
await stopping;
process.exit(0);
