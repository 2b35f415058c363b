/**
 * What the commands that look after the stores stand on: log, database, objects; nothing of it answers or works. Beside an
 * application that runs, or by itself: then the embedded PostgreSQL is started, and stopped at the end.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { embeddedDatabase, eventLogs, type OnStop, objectStore } from './compose-adapters.ts';
import { type Config, ConfigInvalid, readConfig } from './config.ts';
import { answeringEmbedded } from './database/embedded.ts';
import { isMigrated } from './database/migrate.ts';
import { createPool } from './database/pool.ts';
import type { EventLog } from './eventlog/event-log.ts';
import type { LogIndex } from './eventlog/log-index.ts';
import type { ObjectStore } from './objects/object-store.ts';
import { DEFAULT_LIMITS } from './recording/limits.ts';
import { createSessions, type Sessions } from './sessions/sessions.ts';

export type Stores = {
  /** Holds the password: not for logs. */
  readonly connectionString: string;
  readonly pool: pg.Pool;
  readonly eventLog: EventLog;
  readonly index: LogIndex;
  /** To be read: what is changed through it is dispatched by whoever runs. */
  readonly sessions: Sessions;
  readonly objects: ObjectStore;
  close(): Promise<void>;
};

/** There is nothing to be looked after, or it cannot be reached; `message` is for people. */
export class StoresMissing extends Error {
  override readonly name = 'StoresMissing';
}

/** The same environment as `npm start`. @throws StoresMissing */
export async function openStores(
  environment: Readonly<Record<string, string | undefined>>,
  onProgress: (line: string) => void,
): Promise<Stores & { readonly config: Config }> {
  const config = configOf(environment);
  const stops: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  const quiet = () => undefined;
  try {
    const connectionString = await databaseOf(config, onProgress, (_name, stop) => stops.push(stop));
    const pool = createPool({ connectionString, name: 'thankly-command', max: 4, onError: quiet });
    stops.push(() => pool.end());
    await requireMigrated(pool);
    const { log: eventLog, index } = await eventLogs(config, { connectionString, pool, onError: quiet });
    stops.push(() => eventLog.close());
    const { objects } = await objectStore(config, 'http://127.0.0.1', quiet);
    stops.push(() => objects.close());
    const limits = { ...DEFAULT_LIMITS, idleMs: config.SESSION_IDLE_SECONDS * 1000 };
    return {
      config,
      connectionString,
      pool,
      eventLog,
      index,
      sessions: createSessions(eventLog, limits),
      objects,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @throws StoresMissing */
export async function requireMigrated(pool: pg.Pool): Promise<void> {
  if (await isMigrated(pool)) return;
  throw new StoresMissing(
    'this database was not used by this version yet: start the application once, so that it is migrated',
  );
}

/** @throws StoresMissing */
export function configOf(environment: Readonly<Record<string, string | undefined>>): Config {
  try {
    return readConfig(environment, environment.INIT_CWD ?? process.cwd());
  } catch (error) {
    if (error instanceof ConfigInvalid)
      throw new StoresMissing(`The environment cannot be used:\n  ${error.lines.join('\n  ')}`);
    throw error;
  }
}

/** The database that answers, or our own, started. @throws StoresMissing */
export async function databaseOf(
  config: Config,
  onProgress: (line: string) => void,
  onStop: OnStop,
): Promise<string> {
  const running = config.DATABASE_URL ?? (await answeringEmbedded(config.dataDir));
  if (running !== null) return running;
  if (!existsSync(join(config.dataDir, 'postgres')))
    throw new StoresMissing(`there is no database under ${config.dataDir}: set DATA_DIR or DATABASE_URL`);
  return embeddedDatabase(config, onProgress, onStop);
}
