/** The environment, parsed once; every bad value is reported at once, by name, without showing it. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { unfitForProduction } from './config-production.ts';
import { readEventStoreUrl } from './event-store-url.ts';
import { MAX_PARTITIONS } from './eventlog/partition.ts';
import { ANNOUNCED } from './nodes/settings.ts';
import type { Retention } from './recording/retention.ts';
import { RETENTION_VARIABLES, retentionOf } from './retention/retention-environment.ts';
import { trustedProxies } from './trusted-proxies.ts';

const Port = z.coerce.number().int().min(0).max(65_535);
const Url = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ''));
const Origin = z
  .string()
  .regex(/^https?:\/\/[^/\s,*]+$/, 'origins such as https://app.example, with commas between');
const Seconds = z.coerce.number().positive();
const Rate = z.coerce.number().min(0.1).max(1_000_000);

/** `<project>:<environment>.<secret>` */
const CLIENT_TOKEN = /^[^:\s]+:[a-zA-Z0-9_-]+\.[^.\s]+$/;

const commaSeparated = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const Announced = z.enum(ANNOUNCED, {
  error: `one or more of ${ANNOUNCED.join(', ')}, with commas between; others change freely, or with all nodes stopped (docs/deploy.md#a-change-of-settings)`,
});

const EventStoreUrl = z.string().superRefine((url, context) => {
  const read = readEventStoreUrl(url);
  if (typeof read === 'string') context.addIssue({ code: 'custom', message: read });
});

const Environment = z
  .object({
    /** Nothing else: `prod` or `Production` would leave embedded mode's conveniences on. */
    NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
    PORT: Port.default(8080),
    HOST: z.string().min(1).default('127.0.0.1'),
    /** What this process does of the whole: answers requests, works, or both. */
    ROLE: z.enum(['api', 'worker', 'all']).default('all'),
    PUBLIC_URL: Url.optional(),
    DATA_DIR: z.string().min(1).default('.data'),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    /** KurrentDB has the event log; views, checkpoints and the queue stay in PostgreSQL. */
    EVENT_STORE_URL: EventStoreUrl.optional(),
    S3_BUCKET: z.string().min(1).optional(),
    S3_ENDPOINT: Url.optional(),
    S3_REGION: z.string().min(1).default('us-east-1'),
    S3_ACCESS_KEY_ID: z.string().min(1).optional(),
    S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
    S3_FORCE_PATH_STYLE: z.stringbool().optional(),
    S3_PUBLIC_ENDPOINT: Url.optional(),
    UNLEASH_URL: Url.optional(),
    UNLEASH_API_TOKEN: z
      .string()
      .trim()
      .regex(
        CLIENT_TOKEN,
        'a client token such as default:production.…: its environment is where the flag is moved',
      )
      .optional(),
    UNLEASH_ADMIN_TOKEN: z.string().trim().min(1).optional(),
    UNLEASH_PORT: Port.optional(),
    GRAFANA_URL: Url.optional(),
    OTEL_EXPORTER_OTLP_ENDPOINT: Url.optional(),
    METRICS_TOKEN: z.string().min(16, 'at least 16 characters').optional(),
    OPENAI_API_KEY: z.string().min(1).optional(),
    OPENAI_BASE_URL: Url.optional(),
    JWT_SECRET: z.string().min(32, 'at least 32 characters').optional(),
    JWKS_URL: Url.optional(),
    JWT_ISSUER: z.string().min(1).optional(),
    JWT_AUDIENCE: z.string().min(1).optional(),
    /** Pages of these origins may call the API from a browser; none: our own alone. Never `*`. */
    WEB_ORIGINS: z.string().default('').transform(commaSeparated).pipe(z.array(Origin).max(50)),
    /** In production, hosts that may be talked to without TLS: where something else encrypts the way (a mesh, a tunnel). */
    PLAINTEXT_HOSTS: z.string().default('').transform(commaSeparated),
    LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
    WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(100).default(24),
    /** In how many the dispatcher is split, so that as many nodes share its streams; the same on all nodes (ADR 0036). */
    CONSUMER_PARTITIONS: z.coerce.number().int().min(1).max(MAX_PARTITIONS).default(1),
    /** Of the recordings that are being heard, kept in memory so that each chunk is read once. */
    AUDIO_CACHE_MEBIBYTES: z.coerce.number().int().min(16).max(65_536).default(256),
    SESSION_IDLE_SECONDS: Seconds.default(30 * 60),
    UPLOAD_URL_SECONDS: Seconds.default(15 * 60),
    PROVIDER_PATIENCE_SECONDS: Seconds.default(10 * 60),
    /** Calls to the provider at once, of this node. */
    PROVIDER_CONCURRENCY: z.coerce.number().int().min(1).max(1_000).default(32),
    /** Of chat calls, in and out, of this node; less than a thousand would not do for one. */
    PROVIDER_TOKENS_PER_MINUTE: z.coerce.number().int().min(1_000).optional(),
    /** A transcription that is slower than most is asked for twice. */
    PROVIDER_HEDGING: z.enum(['on', 'off']).default('on'),
    /** Of transcriptions, the share that may be. */
    PROVIDER_HEDGING_SHARE: z.coerce.number().min(0).max(1).default(0.1),
    ...RETENTION_VARIABLES,
    /** Settings in which this node is meant to differ from those that run (ADR 0034). */
    CONFIG_CHANGE: z.string().default('').transform(commaSeparated).pipe(z.array(Announced)),
    /** Between the signal to stop and the end of the process, at most; jobs under way have five of them. */
    STOP_SECONDS: z.coerce.number().min(10).max(3_600).default(25),
    /** Of these, how long requests are still taken, while /readyz says that it is time to ask another node. */
    DRAIN_SECONDS: z.coerce.number().min(0).max(300).default(0),
    /** Whose X-Forwarded-For is believed. */
    TRUST_PROXY: trustedProxies,
    /** On the average of ten seconds, of this node; as many again for what saves a recording. */
    USER_REQUESTS_PER_SECOND: Rate.default(50),
    /** Likewise. Many people may share an address; this machine's own is not counted. */
    ADDRESS_REQUESTS_PER_SECOND: Rate.default(500),
    /** Of this node; from half of it on no reads are taken, from three quarters on nothing new (http/admission). */
    MAX_REQUESTS_IN_FLIGHT: z.coerce.number().int().min(4).max(100_000).default(400),
    /** Milliseconds, likewise. */
    MAX_LOOP_DELAY_MS: z.coerce.number().min(20).max(60_000).default(2_000),
    /** That could run and don't; beyond it no recording is begun. */
    MAX_WAITING_JOBS: z.coerce.number().int().min(1).max(1_000_000).default(20_000),
    SANDBOX_LATENCY: z.enum(['none', 'published']).default('none'),
  })
  .superRefine((env, context) => {
    const issue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (env.JWT_SECRET !== undefined && env.JWKS_URL !== undefined)
      issue('JWKS_URL', 'either this or JWT_SECRET');
    if ((env.S3_ACCESS_KEY_ID === undefined) !== (env.S3_SECRET_ACCESS_KEY === undefined)) {
      issue('S3_SECRET_ACCESS_KEY', 'goes together with S3_ACCESS_KEY_ID');
    }
    for (const name of ['UNLEASH_API_TOKEN', 'UNLEASH_ADMIN_TOKEN'] as const) {
      if (env.UNLEASH_URL !== undefined && env[name] === undefined)
        issue(name, 'goes together with UNLEASH_URL');
      if (env.UNLEASH_URL === undefined && env[name] !== undefined)
        issue('UNLEASH_URL', `goes together with ${name}`);
    }
    if (env.OPENAI_BASE_URL !== undefined && env.OPENAI_API_KEY === undefined)
      issue('OPENAI_API_KEY', 'goes together with OPENAI_BASE_URL');
    if (env.ROLE !== 'all' && env.DATABASE_URL === undefined)
      issue('ROLE', 'api and worker meet in one database: goes together with DATABASE_URL');
    // Jobs under way have five seconds, and parts take one or two to end.
    if (env.DRAIN_SECONDS > env.STOP_SECONDS - 10)
      issue('DRAIN_SECONDS', 'at least ten seconds less than STOP_SECONDS');
    if (env.NODE_ENV !== 'production') return;
    for (const [path, message] of unfitForProduction(env)) issue(path, message);
  });

/** The names of all variables that are read, such as `PORT`. */
export const VARIABLES: readonly string[] = Object.keys(Environment.shape);

export type Config = z.output<typeof Environment> & {
  /** Absolute. */
  readonly dataDir: string;
  /** No database was named: we run our own, and its conveniences (dev tokens) are on. */
  readonly embedded: boolean;
  readonly retention: Retention;
};

/** The environment has values that cannot be used; `lines` says which and why. */
export class ConfigInvalid extends Error {
  readonly lines: readonly string[];
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'ConfigInvalid';
    this.lines = lines;
  }
}

export function readConfig(environment: Readonly<Record<string, string | undefined>>, cwd: string): Config {
  // An empty variable is one that is not set (`PORT= npm start`).
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = Environment.safeParse(set);
  if (!result.success) {
    throw new ConfigInvalid(result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const env = result.data;
  return {
    ...env,
    dataDir: resolve(cwd, env.DATA_DIR),
    embedded: env.DATABASE_URL === undefined,
    retention: retentionOf(env),
  };
}
