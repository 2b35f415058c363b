/** A node as far as projections go: log, stores and what runs them, on connections of its own. */
import type pg from 'pg';
import { entriesProjection } from '../../projections/entries.ts';
import { experimentProjection } from '../../projections/experiment.ts';
import { sessionListProjection } from '../../projections/sessions.ts';
import { createPool } from '../../src/database/pool.ts';
import type { ConsumerStore } from '../../src/eventlog/consumer-store.ts';
import type { EventLog } from '../../src/eventlog/event-log.ts';
import { postgresConsumerStore } from '../../src/eventlog/postgres/consumer-store.ts';
import { createPostgresEventLog } from '../../src/eventlog/postgres/postgres-event-log.ts';
import { postgresProjectionStore } from '../../src/eventlog/postgres/projection-store.ts';
import type { Projection } from '../../src/eventlog/projection.ts';
import type { ProjectionStore } from '../../src/eventlog/projection-store.ts';
import {
  type RunningProjections,
  type RunProjectionsOptions,
  runProjections,
} from '../../src/eventlog/run-projections.ts';

export const PROJECTIONS: readonly Projection[] = [
  entriesProjection,
  sessionListProjection,
  experimentProjection('chunked-upload'),
];

export type ProjectionNode = {
  readonly pool: pg.Pool;
  readonly log: EventLog;
  readonly store: ProjectionStore;
  readonly consumers: ConsumerStore;
  readonly running: RunningProjections;
  /** What went wrong. */
  readonly errors: string[];
  stop(): Promise<void>;
};

export function startProjectionNode(
  connectionString: string,
  projections: readonly Projection[] = PROJECTIONS,
  { abandonedAfterMs }: Pick<RunProjectionsOptions, 'abandonedAfterMs'> = {},
): ProjectionNode {
  const errors: string[] = [];
  const onError = (error: unknown, what = 'a connection') => errors.push(`${what}: ${String(error)}`);
  const pool = createPool({ connectionString, name: 'test-node', max: 5, onError });
  const log = createPostgresEventLog({ connectionString, onError });
  const store = postgresProjectionStore(pool);
  const consumers = postgresConsumerStore({ connectionString, pool });
  const running = runProjections(projections, {
    log,
    store,
    consumers,
    now: () => new Date().toISOString(),
    onError,
    onMove: () => undefined,
    removeAfterMs: 0,
    ...(abandonedAfterMs !== undefined && { abandonedAfterMs }),
  });
  return {
    pool,
    log,
    store,
    consumers,
    running,
    errors,
    async stop() {
      await running.stop();
      await log.close();
      await pool.end();
    },
  };
}
