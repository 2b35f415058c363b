/** What `npm run s3:setup` reads from the environment; every bad value is reported at once. */
import { z } from 'zod';
import type { Retention } from '../../recording/retention.ts';
import { RETENTION_VARIABLES, retentionOf } from '../../retention/retention-environment.ts';
import type { S3Options } from './s3-client.ts';

const origin = z.string().regex(/^(\*|https?:\/\/[^/\s,]+)$/, 'an origin such as https://app.example, or *');

const Environment = z
  .object({
    S3_BUCKET: z.string({ error: 'is needed: the name of an existing bucket' }).min(3),
    S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
    S3_REGION: z.string().min(1).default('us-east-1'),
    S3_FORCE_PATH_STYLE: z.stringbool().optional(),
    S3_ACCESS_KEY_ID: z.string().min(1).optional(),
    S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
    S3_CORS_ORIGINS: z
      .string()
      .default('')
      .transform((list) => list.split(',').map((one) => one.trim()))
      .transform((list) => list.filter((one) => one !== ''))
      .pipe(z.array(origin)),
    ...RETENTION_VARIABLES,
  })
  .refine((env) => (env.S3_ACCESS_KEY_ID === undefined) === (env.S3_SECRET_ACCESS_KEY === undefined), {
    path: ['S3_SECRET_ACCESS_KEY'],
    message: 'goes together with S3_ACCESS_KEY_ID',
  });

export interface SetupEnvironment {
  readonly s3: S3Options;
  readonly corsOrigins: readonly string[];
  readonly retention: Retention;
}

/** An unset variable and an empty one are the same. Returns the list of what is wrong instead, a line each. */
export function readSetupEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): SetupEnvironment | { readonly problems: readonly string[] } {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    return { problems: parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`) };
  }
  const env = parsed.data;
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  return {
    s3: {
      bucket: env.S3_BUCKET,
      region: env.S3_REGION,
      ...(env.S3_ENDPOINT === undefined ? {} : { endpoint: env.S3_ENDPOINT }),
      ...(env.S3_FORCE_PATH_STYLE === undefined ? {} : { forcePathStyle: env.S3_FORCE_PATH_STYLE }),
      ...(accessKeyId === undefined || secretAccessKey === undefined
        ? {}
        : { credentials: { accessKeyId, secretAccessKey } }),
    },
    corsOrigins: env.S3_CORS_ORIGINS,
    retention: retentionOf(env),
  };
}
