/**
 * What the nodes of one service share, and nothing else: PostgreSQL, an S3 store (Ceph's), Unleash, the provider (the
 * sandbox), each real and in processes of its own.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminApi } from '../../flags/unleash/admin-api.ts';
import { DEFAULT_ENVIRONMENT } from '../../flags/unleash/definition.ts';
import { startEmbeddedUnleash } from '../../flags/unleash/embedded.ts';
import { syncFlag } from '../../flags/unleash/sync.ts';
import { startSandbox } from '../../src/ai/sandbox/launch.ts';
import { type Role, signDevToken } from '../../src/http/authentication.ts';
import { freePort } from './free-port.ts';
import { startRadosgw } from './radosgw.ts';

const JWT_SECRET = 'a secret of thirty-two characters, for nodes';
const BUCKET = 'recordings';

export type SharedParts = {
  readonly connectionString: string;
  /** All that a node, or a command that looks after the stores, needs to know of them. */
  readonly environment: Readonly<Record<string, string>>;
  /** One that all nodes let in. */
  token(subject: string, role?: Role): Promise<string>;
  stop(): Promise<void>;
};

/**
 * @param connectionString of a database of their own; stays when they stop
 * @param latency of the provider: `published` takes as long as real ones do
 */
export async function startSharedParts(
  connectionString: string,
  { latency = 'none' }: { readonly latency?: 'none' | 'published' } = {},
): Promise<SharedParts> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const step of stops.splice(0).reverse()) await step();
  };
  const started = async <Part extends { stop(): Promise<unknown> }>(starting: Promise<Part>) => {
    const part = await starting;
    stops.push(() => part.stop());
    return part;
  };
  const dataDir = await mkdtemp(join(tmpdir(), 'thankly-shared-'));
  stops.push(() => rm(dataDir, { recursive: true, force: true }));
  // What has started meanwhile is known before the failure of another ends the start.
  const starting = [
    started(startRadosgw()),
    started(startSandbox({ latency, recogniser: 'none' })),
    started(startEmbeddedUnleash({ connectionString, dataDir, port: await freePort() })),
  ] as const;
  await Promise.allSettled(starting);
  try {
    const [s3, sandbox, unleash] = await Promise.all(starting);
    await s3.createBucket(BUCKET);
    const { url, adminToken, clientToken } = unleash;
    await syncFlag(adminApi({ url, adminToken, environment: DEFAULT_ENVIRONMENT }), {
      environment: DEFAULT_ENVIRONMENT,
      turnOn: true,
    });
    return {
      connectionString,
      environment: {
        DATABASE_URL: connectionString,
        S3_BUCKET: BUCKET,
        S3_ENDPOINT: s3.endpoint,
        S3_REGION: s3.region,
        S3_ACCESS_KEY_ID: s3.accessKeyId,
        S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
        OPENAI_API_KEY: 'sk-test',
        OPENAI_BASE_URL: `${sandbox.url}/v1`,
        UNLEASH_URL: url,
        UNLEASH_API_TOKEN: clientToken,
        UNLEASH_ADMIN_TOKEN: adminToken,
        JWT_SECRET,
        LOG_LEVEL: 'warn',
      },
      token: (subject, role = 'user') => signDevToken(JWT_SECRET, { subject, role }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
