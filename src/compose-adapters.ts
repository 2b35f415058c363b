/** Configuration → adapters: the database, the objects, the provider, the flags. Only compose.ts uses it. */
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import type pg from 'pg';
import type { FlagControl } from '../flags/flag-control.ts';
import type { Flags } from '../flags/flags.ts';
import { environmentOf } from '../flags/unleash/address.ts';
import { adminApi } from '../flags/unleash/admin-api.ts';
import { DEFAULT_ENVIRONMENT } from '../flags/unleash/definition.ts';
import { startEmbeddedUnleash } from '../flags/unleash/embedded.ts';
import { unleashFlagControl } from '../flags/unleash/flag-control.ts';
import { startUnleashFlags } from '../flags/unleash/flags.ts';
import { syncFlag } from '../flags/unleash/sync.ts';
import type { Ai } from './ai/ai.ts';
import type { Fetch } from './ai/openai/bounded-fetch.ts';
import { createOpenAi, OPENAI_URL } from './ai/openai/openai-ai.ts';
import { type Provider, type ProviderWatch, wayToProvider } from './ai/provider.ts';
import { DEFAULT_RESILIENCE } from './ai/resilient-ai.ts';
import { startSandbox } from './ai/sandbox/launch.ts';
import type { Config } from './config.ts';
import { startEmbeddedPostgres } from './database/embedded.ts';
import { keptSecret } from './database/secrets.ts';
import type { EventLog } from './eventlog/event-log.ts';
import { openKurrentDb } from './eventlog/kurrentdb/kurrentdb-event-log.ts';
import type { LogIndex } from './eventlog/log-index.ts';
import { postgresLogIndex } from './eventlog/postgres/log-index.ts';
import { sealState } from './eventlog/postgres/log-seal.ts';
import { createPostgresEventLog } from './eventlog/postgres/postgres-event-log.ts';
import { strangeCheckpoints } from './eventlog/postgres/strange-checkpoints.ts';
import type { TokenKeys } from './http/token-verifier.ts';
import { DiskObjectStore } from './objects/disk/disk-object-store.ts';
import { createUploadHandler } from './objects/disk/upload-handler.ts';
import type { ObjectStore } from './objects/object-store.ts';
import { S3ObjectStore } from './objects/s3/s3-object-store.ts';
import { forgetPart, tellPart } from './parts-file.ts';
import type { Log } from './telemetry/logger.ts';

/** `name` is for the log: what it was that did not stop. */
export type OnStop = (name: string, stop: () => Promise<unknown>) => void;

export async function embeddedDatabase(
  config: Config,
  onProgress: (line: string) => void,
  onStop: OnStop,
): Promise<string> {
  onProgress('starting PostgreSQL');
  const postgres = await startEmbeddedPostgres(config.dataDir, onProgress);
  onStop('PostgreSQL', () => postgres.stop());
  return postgres.connectionString;
}

export type LogParts = {
  readonly log: EventLog;
  readonly index: LogIndex;
};

/**
 * The event log that the configuration names, and what is asked of it besides.
 * @throws EventLogMoved when the log of this database is moved, or being moved
 * @throws EventLogChanged when this database's consumers have followed another one
 */
export async function eventLogs(
  { EVENT_STORE_URL: url }: Config,
  {
    connectionString,
    pool,
    onError,
    onGroup,
  }: {
    readonly connectionString: string;
    readonly pool: pg.Pool;
    readonly onError: (error: unknown) => void;
    readonly onGroup?: (appends: number) => void;
  },
): Promise<LogParts> {
  const seal = await sealState(pool);
  if (seal === 'sealed' || (seal === 'moved' && url === undefined)) throw new EventLogMoved(seal);
  const parts =
    url === undefined
      ? {
          log: createPostgresEventLog({
            connectionString,
            onError,
            ...(onGroup === undefined ? {} : { onGroup }),
          }),
          index: postgresLogIndex(pool),
        }
      : openKurrentDb({ url, onError });
  const strange = await strangeCheckpoints(pool, parts.index);
  if (strange.length === 0) return parts;
  await parts.log.close();
  throw new EventLogChanged(url === undefined, strange);
}

/** The log in this database takes no events any more. */
export class EventLogMoved extends Error {
  readonly code = 'event_log_moved';
  constructor(seal: 'sealed' | 'moved') {
    super(
      seal === 'moved'
        ? 'the event log of this database has moved to KurrentDB: set EVENT_STORE_URL (docs/kurrentdb.md)'
        : 'the event log of this database is sealed, and its move to KurrentDB was not finished: npm run events:copy -- --switch finishes it, -- --unseal gives it up (docs/kurrentdb.md)',
    );
    this.name = 'EventLogMoved';
  }
}

/** Going on would show what one log told, and pass over what the other tells. */
export class EventLogChanged extends Error {
  readonly code = 'event_log_changed';
  constructor(isPostgres: boolean, consumers: readonly string[]) {
    const other = isPostgres
      ? 'KurrentDB, and EVENT_STORE_URL is not set'
      : 'another log than the one that EVENT_STORE_URL names';
    super(
      `the consumers of this database have followed ${other}: ${consumers.join(', ')} (docs/kurrentdb.md)`,
    );
    this.name = 'EventLogChanged';
  }
}

export async function objectStore(
  config: Config,
  publicUrl: string,
  log: Log,
): Promise<{ objects: ObjectStore; objectUploads?: RequestHandler }> {
  if (config.S3_BUCKET !== undefined) {
    const {
      S3_ENDPOINT: endpoint,
      S3_ACCESS_KEY_ID: accessKeyId,
      S3_SECRET_ACCESS_KEY: secretAccessKey,
      S3_FORCE_PATH_STYLE: forcePathStyle,
      S3_PUBLIC_ENDPOINT: publicEndpoint,
    } = config;
    const objects = new S3ObjectStore({
      bucket: config.S3_BUCKET,
      region: config.S3_REGION,
      ...(forcePathStyle === undefined ? {} : { forcePathStyle }),
      ...(publicEndpoint === undefined ? {} : { publicEndpoint }),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(accessKeyId === undefined || secretAccessKey === undefined
        ? {}
        : { credentials: { accessKeyId, secretAccessKey } }),
    });
    return { objects };
  }
  const origins = config.WEB_ORIGINS;
  const objects = await DiskObjectStore.open({
    root: join(config.dataDir, 'objects'),
    publicUrl: () => publicUrl,
    secret: keptSecret(config.dataDir, 'url-secret'),
  });
  const onError = (error: unknown) => log('error', 'the object store failed', { err: error });
  return {
    objects,
    objectUploads: createUploadHandler(objects, {
      onError,
      ...(origins.length === 0 ? {} : { allowedOrigins: origins }),
    }),
  };
}

type StartOptions = {
  readonly log: Log;
  /** One line for a person who waits. */
  readonly onProgress: (line: string) => void;
  readonly onStop: OnStop;
};

type ProviderOptions = StartOptions & {
  /** Sent along with each call: the provider's own traces join ours. */
  readonly traceparent: () => string | undefined;
  readonly watch: ProviderWatch;
  /** Instead of the one that the configuration names. */
  readonly given?: Ai;
};

/** The provider, the way to it, and its host: without a path, a query or whoever's name and password. */
export type ReachedProvider = Provider & { readonly host: string };

export async function provider(
  config: Config,
  { log, watch, given, ...options }: ProviderOptions,
): Promise<ReachedProvider> {
  const { ai, host } = given === undefined ? await openAi(config, options) : { ai: given, host: 'given' };
  const way = wayToProvider(ai, {
    now: Date.now,
    resilience: { ...DEFAULT_RESILIENCE, concurrency: config.PROVIDER_CONCURRENCY },
    hedging: config.PROVIDER_HEDGING === 'on' ? { maxShare: config.PROVIDER_HEDGING_SHARE } : undefined,
    tokensPerMinute: config.PROVIDER_TOKENS_PER_MINUTE,
    watch: {
      ...watch,
      onBreaker(state) {
        log('warn', 'the provider breaker changed', { state });
        watch.onBreaker(state);
      },
    },
  });
  return { ...way, host };
}

async function openAi(
  config: Config,
  { onProgress, onStop, traceparent }: Pick<ProviderOptions, 'onProgress' | 'onStop' | 'traceparent'>,
): Promise<{ readonly ai: Ai; readonly host: string }> {
  let connection = { apiKey: config.OPENAI_API_KEY ?? 'sk-sandbox', baseUrl: config.OPENAI_BASE_URL };
  if (config.OPENAI_API_KEY === undefined) {
    onProgress(
      'starting the sandbox provider (no OPENAI_API_KEY): it reads DTMF tones, and speech with pocketsphinx',
    );
    const sandbox = await startSandbox({ latency: config.SANDBOX_LATENCY });
    tellPart(config.dataDir, 'sandbox', sandbox);
    onStop('the sandbox provider', () => {
      forgetPart(config.dataDir, 'sandbox');
      return sandbox.stop();
    });
    connection = { ...connection, baseUrl: `${sandbox.url}/v1` };
  }
  const { apiKey, baseUrl } = connection;
  const ai = createOpenAi({ apiKey, baseUrl, fetch: tracedFetch(traceparent) });
  return { ai, host: new URL(baseUrl ?? OPENAI_URL).host };
}

/** The flags of the app, and the way to move them, where there is one. */
export type FlagServer = { readonly flags: Flags; readonly control: FlagControl | null };

export async function flagServer(
  config: Config,
  connectionString: string,
  { log, onProgress, onStop }: StartOptions,
): Promise<FlagServer> {
  const { url, clientToken, adminToken } = await unleash(config, connectionString, {
    log,
    onProgress,
    onStop,
  });
  const environment = environmentOf(clientToken) ?? DEFAULT_ENVIRONMENT;
  const control = unleashFlagControl({ url, adminToken, environment });
  const flags = await startUnleashFlags({
    url,
    clientToken,
    environment,
    backupFolder: join(config.dataDir, 'flags'),
    onError: (error) => log('warn', 'the flags', { err: error }),
  });
  onStop('the flags', () => flags.close());
  return { flags, control };
}

type Unleash = { readonly url: string; readonly clientToken: string; readonly adminToken: string };

async function unleash(
  config: Config,
  connectionString: string,
  { log, onProgress, onStop }: StartOptions,
): Promise<Unleash> {
  const { UNLEASH_URL: url, UNLEASH_API_TOKEN: clientToken, UNLEASH_ADMIN_TOKEN: adminToken } = config;
  if (url !== undefined && clientToken !== undefined && adminToken !== undefined)
    return { url, clientToken, adminToken };
  onProgress('starting Unleash');
  const { UNLEASH_PORT: port } = config;
  const embedded = await startEmbeddedUnleash({
    connectionString,
    dataDir: config.dataDir,
    ...(port === undefined ? {} : { port }),
    onProgress,
    onLog: (level, text) => log(level, 'Unleash', { said: text }),
    onRestart: () => tellPart(config.dataDir, 'unleash', embedded),
  });
  tellPart(config.dataDir, 'unleash', embedded);
  onStop('Unleash', () => {
    forgetPart(config.dataDir, 'unleash');
    return embedded.stop();
  });
  const { adminPassword } = embedded;
  if (adminPassword !== undefined) {
    onProgress(`Unleash's pages: ${embedded.url}, user admin, password ${adminPassword} (told this once)`);
  }
  const api = adminApi({
    url: embedded.url,
    adminToken: embedded.adminToken,
    environment: DEFAULT_ENVIRONMENT,
  });
  // What somebody has switched off there stays off: it is told as drift, and a person decides.
  const { changes, left } = await syncFlag(api, { environment: DEFAULT_ENVIRONMENT, turnOn: false });
  for (const { words } of changes) log('info', 'mended the flag in Unleash', { change: words });
  for (const { words } of left) log('warn', 'left the flag in Unleash as it is', { difference: words });
  return embedded;
}

export function tokenKeys(config: Config): TokenKeys {
  const { JWKS_URL: jwksUrl, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = config;
  const scope = {
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };
  return jwksUrl === undefined ? { ...scope, secret: tokenSecret(config) } : { ...scope, jwksUrl };
}

export function tokenSecret(config: Config): string {
  return config.JWT_SECRET ?? keptSecret(config.dataDir, 'token-secret');
}

function tracedFetch(traceparent: () => string | undefined): Fetch {
  return (input, init) => {
    const header = traceparent();
    if (header === undefined) return fetch(input, init);
    const headers = new Headers(init?.headers);
    headers.set('traceparent', header);
    return fetch(input, { ...init, headers });
  };
}
