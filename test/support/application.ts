/**
 * The whole application in this process, on a database and a folder of its own, with real parts behind it. With
 * TEST_EVENT_LOG=kurrentdb its log is KurrentDB's double, whatever the test is about.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { staticFlags } from '../../flags/static-flags.ts';
import { type Sandbox, startSandbox } from '../../src/ai/sandbox/launch.ts';
import { compose } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import type { EventLog } from '../../src/eventlog/event-log.ts';
import { openKurrentDb } from '../../src/eventlog/kurrentdb/kurrentdb-event-log.ts';
import { createPostgresEventLog } from '../../src/eventlog/postgres/postgres-event-log.ts';
import { type Role, signDevToken } from '../../src/http/authentication.ts';
import { createTestDatabase } from './database.ts';
import { startTestKurrentDb } from './kurrentdb.ts';

export const JWT_SECRET = 'a secret of thirty-two characters, for tests';

export type TestApplication = {
  readonly url: string;
  readonly connectionString: string;
  /** What another node on the same stores has in its environment, or a command that looks after them. */
  readonly stores: Record<string, string>;
  /** The log that it writes to; closed with it. */
  readonly log: EventLog;
  /** What embedded parts keep: also the tokens of its Unleash. */
  readonly dataDir: string;
  /** The provider's own URL, for its faults and counters. */
  readonly sandboxUrl: string;
  /** What was logged, as JSON lines. */
  readonly logged: string[];
  token(userId: string, role?: Role): Promise<string>;
  stop(): Promise<void>;
};

export type TestApplicationOptions = {
  /** With a real Unleash of its own (some 4 s), a rollout and its conductor; else everybody has chunked upload. */
  readonly unleash?: boolean;
};

export async function startApplication(
  environment: Record<string, string> = {},
  { unleash = false }: TestApplicationOptions = {},
): Promise<TestApplication> {
  const isOnKurrentDb =
    process.env.TEST_EVENT_LOG === 'kurrentdb' && environment.EVENT_STORE_URL === undefined;
  const [database, dataDir, sandbox, kurrentDb] = await Promise.all([
    createTestDatabase(),
    mkdtemp(join(tmpdir(), 'thankly-test-')),
    startSandbox(),
    isOnKurrentDb ? startTestKurrentDb() : null,
  ]);
  const logged: string[] = [];
  const onError = () => undefined;
  const eventStoreUrl = environment.EVENT_STORE_URL ?? kurrentDb?.url;
  const eventStore: Record<string, string> =
    eventStoreUrl === undefined ? {} : { EVENT_STORE_URL: eventStoreUrl };
  const connectionString = environment.DATABASE_URL ?? database.connectionString;
  const eventLog =
    eventStoreUrl === undefined
      ? createPostgresEventLog({ connectionString, onError })
      : openKurrentDb({ url: eventStoreUrl, onError }).log;
  const release = async () => {
    await eventLog.close();
    await sandbox.stop();
    await kurrentDb?.remove();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const config = readConfig(
      {
        PORT: '0',
        DATA_DIR: dataDir,
        DATABASE_URL: database.connectionString,
        OPENAI_API_KEY: 'sk-test',
        OPENAI_BASE_URL: `${sandbox.url}/v1`,
        JWT_SECRET,
        // Tests ask faster than a person, of few users, in a process with other work.
        USER_REQUESTS_PER_SECOND: '10000',
        MAX_LOOP_DELAY_MS: '60000',
        ...environment,
        ...eventStore,
      },
      '/',
    );
    const application = await compose(config, {
      log: (level, message, fields) =>
        logged.push(JSON.stringify({ level, message, ...fields, err: String(fields?.err) })),
      onProgress: () => undefined,
      ...(unleash ? {} : { flags: staticFlags('chunked', 5) }),
    });
    let stopped: Promise<void> | undefined;
    const stop = async () => {
      await application.stop();
      await release();
    };
    return {
      url: application.url,
      connectionString: database.connectionString,
      stores: { DATABASE_URL: connectionString, DATA_DIR: dataDir, ...eventStore },
      log: eventLog,
      dataDir,
      sandboxUrl: sandbox.url,
      logged,
      token: (subject, role = 'user') => signDevToken(JWT_SECRET, { subject, role }),
      // A test may stop it, and the one that cleans up behind it again.
      stop() {
        stopped ??= stop();
        return stopped;
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Sets what the provider's next calls suffer; see src/ai/sandbox/faults.ts. */
export async function setFaults(sandbox: Pick<Sandbox, 'url'>, faults: object): Promise<void> {
  const response = await fetch(`${sandbox.url}/sandbox/faults`, {
    method: 'POST',
    body: JSON.stringify(faults),
  });
  if (!response.ok) throw new Error(await response.text());
}
