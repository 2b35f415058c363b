/** A database of before the generations comes over with its views, and a node of before goes on beside a newer one. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { initialExperiment } from '../../projections/experiment.evolve.ts';
import { migrate } from '../../src/database/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type ProjectionNode, startProjectionNode } from '../support/projection-node.ts';
import { readViews, record } from '../support/projection-traffic.ts';

const SESSION = '11111111-1111-4111-8111-111111111111';
const ENTRY = {
  userId: 'reader',
  createdAt: '2026-11-24T10:00:00.000Z',
  entry: { key: 'k', bytes: 1, sha256: 'aa' },
  emotion: null,
  feedback: null,
};
/** As migration 0004's node wrote it. */
const SAVE_ENTRY = `insert into entries (session_id, user_id, created_at, has_entry, state) values ($1, $2, $3, $4, $5)
  on conflict (session_id) do update set has_entry = excluded.has_entry, state = excluded.state`;

let database: TestDatabase;
let node: ProjectionNode;

beforeEach(async () => {
  database = await createTestDatabase();
  node = startProjectionNode(database.connectionString, []);
}, 300_000);
afterEach(async () => {
  await node?.stop();
  await database?.drop();
});

async function undoMigrationsFrom0007(): Promise<void> {
  await node.pool.query(
    `drop schema projections cascade; drop table erasures;
     alter table events alter column transaction_id set default pg_current_xact_id();
     drop function in_commit_order; drop table log_moves; drop table nodes; drop table node_key;
     drop function refuse_checkpoint_of_split_consumer cascade; drop table consumer_layouts;
     drop function refuse_when_sealed, refuse_when_moved cascade; drop table log_seal;
     delete from migrations where name >= '0007'`,
  );
}

it('keeps rows, checkpoints and parked streams, and leaves the old ones to an older node', async () => {
  const { pool, log } = node;
  await record(log);
  await undoMigrationsFrom0007();
  const { rows } = await pool.query(
    `select transaction_id || ':' || sequence as position from events order by transaction_id desc, sequence desc limit 1`,
  );
  const position = rows[0]?.position;
  const values = [SESSION, 'reader', ENTRY.createdAt, true, JSON.stringify(ENTRY)];
  await pool.query(SAVE_ENTRY, values);
  await pool.query(
    `insert into session_list values ($1, 'completed', 'single', $2, $2, false, '{"state":"completed"}')`,
    [SESSION, ENTRY.createdAt],
  );
  const experiment = JSON.stringify({ ...initialExperiment('chunked-upload'), folded: 7 });
  await pool.query(`insert into experiments values (1, 'chunked-upload', $1)`, [experiment]);
  await pool.query(`insert into experiment_stages values (1, 'other', 1, 1, '{}')`);
  await pool.query(`insert into experiment_sessions values (1, $1, '{"flag":"chunked-upload"}')`, [SESSION]);
  await pool.query(
    `insert into experiment_users values (1, 'chunked-upload', 'reader', '{"internal":false}')`,
  );
  await pool.query(
    `insert into parked_streams (consumer, stream, version, last_version, event_type, error_code, error_message)
     values ('session-list-v1', 'recording-x', 0, 0, 'A', 'c', 'm')`,
  );
  for (const consumer of ['entries-v1', 'session-list-v1', 'experiment-chunked-upload-v1'])
    await pool.query('insert into consumers (name, position) values ($1, $2)', [consumer, position]);

  expect(await migrate(database.connectionString)).toEqual([
    '0007_projections',
    '0008_erasures',
    '0009_moved-logs',
    '0010_nodes',
    '0011_consumer-layouts',
    '0012_log-seal',
  ]);

  // What it had seen it does not fold again: the recording of before is not in these rows.
  expect((await readViews(pool)).sessions).toEqual([SESSION]);
  expect((await readViews(pool)).entries).toEqual([SESSION]);
  const counts = await pool.query(`select
    (select count(*)::int from projections.experiments where generation = 1) as experiments,
    (select count(*)::int from projections.experiment_stages where generation = 1) as stages,
    (select count(*)::int from projections.experiment_sessions where generation = 1) as sessions,
    (select count(*)::int from projections.experiment_users where generation = 1) as users`);
  expect(counts.rows).toEqual([{ experiments: 1, stages: 1, sessions: 1, users: 1 }]);
  const checkpoints = await pool.query(
    `select name, position from consumers where name like '%-g1' order by name`,
  );
  expect(checkpoints.rows).toEqual(
    ['entries-v1-g1', 'experiment-v1-g1', 'session-list-v1-g1'].map((name) => ({ name, position })),
  );
  expect((await node.consumers.parked('session-list-v1-g1')).map(({ stream }) => stream)).toEqual([
    'recording-x',
  ]);
  await pool.query(SAVE_ENTRY, values);
});

it('of an empty database is at its first generation at once', async () => {
  await undoMigrationsFrom0007();
  await migrate(database.connectionString);
  const running = startProjectionNode(database.connectionString);
  try {
    const views = await running.running.list();
    expect(views.map(({ name, live, building }) => [name, live, building])).toEqual(
      ['entries', 'session-list', 'experiment'].map((name) => [
        name,
        { generation: 1, version: 1, swappedAt: null },
        null,
      ]),
    );
    const id = await record(node.log);
    await eventually(async () => expect((await readViews(node.pool)).entries).toEqual([id]));
  } finally {
    await running.stop();
  }
});
