/** The environment, parsed once; every bad value is reported at once, by name, without showing it. */
import { resolve } from 'node:path';
import { z } from 'zod';

const Port = z.coerce.number().int().min(0).max(65_535);
const Url = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ''));
const Seconds = z.coerce.number().positive();

/** `<project>:<environment>.<secret>` */
const CLIENT_TOKEN = /^[^:\s]+:[a-zA-Z0-9_-]+\.[^.\s]+$/;

const Environment = z
  .object({
    NODE_ENV: z.string().default('development'),
    PORT: Port.default(8080),
    HOST: z.string().min(1).default('127.0.0.1'),
    PUBLIC_URL: Url.optional(),
    DATA_DIR: z.string().min(1).default('.data'),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
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
    LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
    WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(100).default(16),
    /** Of the recordings that are being heard, kept in memory so that each chunk is read once. */
    AUDIO_CACHE_MEBIBYTES: z.coerce.number().int().min(16).max(65_536).default(256),
    SESSION_IDLE_SECONDS: Seconds.default(30 * 60),
    UPLOAD_URL_SECONDS: Seconds.default(15 * 60),
    PROVIDER_PATIENCE_SECONDS: Seconds.default(10 * 60),
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
    if (env.NODE_ENV !== 'production') return;
    // What embedded mode makes easy must not happen in production by a forgotten variable.
    if (env.DATABASE_URL === undefined) issue('DATABASE_URL', 'is required in production');
    if (env.UNLEASH_URL === undefined) issue('UNLEASH_URL', 'is required in production');
    if (env.OPENAI_API_KEY === undefined)
      issue('OPENAI_API_KEY', 'is required in production: the sandbox provider is refused');
    if (env.JWT_SECRET === undefined && env.JWKS_URL === undefined)
      issue('JWKS_URL', 'or JWT_SECRET is required in production');
  });

export type Config = z.output<typeof Environment> & {
  /** Absolute. */
  readonly dataDir: string;
  /** No database was named: we run our own, and its conveniences (dev tokens) are on. */
  readonly embedded: boolean;
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
  return { ...env, dataDir: resolve(cwd, env.DATA_DIR), embedded: env.DATABASE_URL === undefined };
}
