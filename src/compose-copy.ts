/** Both logs while one is copied into the other: that of the database, and the KurrentDB that EVENT_STORE_URL names. */
import { configOf, databaseOf, requireMigrated } from './compose-stores.ts';
import { CopyError } from './copy/copy-error.ts';
import type { SwitchParts } from './copy/switch-log.ts';
import { createPool } from './database/pool.ts';
import { kurrentDbCopyTarget } from './eventlog/kurrentdb/copy-target.ts';
import { postgresCopySource } from './eventlog/postgres/copy-source.ts';
import { takeCopyTurn } from './eventlog/postgres/copy-turn.ts';
import { postgresLogIndex } from './eventlog/postgres/log-index.ts';
import { postgresLogSeal } from './eventlog/postgres/log-seal.ts';
import { createPostgresEventLog } from './eventlog/postgres/postgres-event-log.ts';
import { strangeCheckpoints } from './eventlog/postgres/strange-checkpoints.ts';

export type CopyStores = SwitchParts & { close(): Promise<void> };

export type OpenOptions = {
  readonly onProgress: (line: string) => void;
  /** Told of what a log recovers from by itself. */
  readonly onError: (error: unknown) => void;
  /** Whether something will be written: then nobody else may copy meanwhile. */
  readonly writes: boolean;
};

/** The environment of `npm start`. @throws StoresMissing, CopyError, EventStoreUrlInvalid */
export async function openCopyStores(
  environment: Readonly<Record<string, string | undefined>>,
  { onProgress, onError, writes }: OpenOptions,
): Promise<CopyStores> {
  const config = configOf(environment);
  const url = config.EVENT_STORE_URL;
  if (url === undefined)
    throw new CopyError(
      'target_not_given',
      'EVENT_STORE_URL is not set: it names the KurrentDB to copy into',
    );
  const stops: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const connectionString = await databaseOf(config, onProgress, (_name, stop) => stops.push(stop));
    const pool = createPool({ connectionString, name: 'thankly-command', max: 4, onError });
    stops.push(() => pool.end());
    await requireMigrated(pool);
    const seal = postgresLogSeal(pool);
    const strange = await strangeCheckpoints(pool, postgresLogIndex(pool));
    if (strange.length > 0 && (await seal.state()) === 'open')
      throw new CopyError(
        'already_moved',
        `the log of this database is in KurrentDB: its consumers follow that (${strange.join(', ')})`,
      );
    if (writes) {
      const turn = await takeCopyTurn(connectionString);
      if (turn === null)
        throw new CopyError('copy_running', 'the log of this database is being copied by somebody else');
      stops.push(() => turn.end());
    }
    const log = createPostgresEventLog({ connectionString, onError });
    stops.push(() => log.close());
    const target = kurrentDbCopyTarget({ url });
    stops.push(() => target.close());
    return { source: postgresCopySource(pool, log), target, seal, close };
  } catch (error) {
    await close();
    throw error;
  }
}
