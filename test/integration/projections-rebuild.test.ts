/** Views that are rebuilt beside themselves, on PostgreSQL: what readers see meanwhile, and what survives. */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PoolClient } from 'pg';
import { entriesProjection } from '../../projections/entries.ts';
import type { Projection } from '../../src/eventlog/projection.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { runProgram } from '../support/process.ts';
import { PROJECTIONS, type ProjectionNode, startProjectionNode } from '../support/projection-node.ts';
import { erase, readViews, record, startRollout, watchViews } from '../support/projection-traffic.ts';

const NAMES = ['entries', 'session-list', 'experiment'];
const SRE = 'operator:oncall';

let database: TestDatabase;
let node: ProjectionNode;
let nodes: ProjectionNode[];
/** What a test that failed in the middle would leave: a transaction left open holds back all readers of this server. */
let leftovers: (() => unknown)[];

beforeEach(async () => {
  database = await createTestDatabase();
  nodes = [];
  leftovers = [];
  node = startNode();
}, 300_000);
afterEach(async () => {
  for (const end of leftovers) await end();
  await Promise.all(nodes.map((each) => each.stop()));
  await database?.drop();
}, 300_000);

function startNode(
  projections: readonly Projection[] = PROJECTIONS,
  options?: Parameters<typeof startProjectionNode>[2],
): ProjectionNode {
  const started = startProjectionNode(database.connectionString, projections, options);
  nodes.push(started);
  return started;
}

async function stopNode(stopped: ProjectionNode): Promise<void> {
  nodes = nodes.filter((each) => each !== stopped);
  await stopped.stop();
}

/** Projection, version, generation and state of all that are not removed. */
async function generations(): Promise<string[]> {
  const all = await node.store.generations();
  return all.map(
    ({ projection, version, generation, state }) => `${projection}-v${version}-g${generation} ${state}`,
  );
}

async function isRead(generation: number, names = NAMES): Promise<void> {
  await eventually(async () => {
    const views = await node.running.list();
    const read = views.filter(({ name }) => names.includes(name));
    expect(read.map(({ live, building }) => [live?.generation, building])).toEqual(
      names.map(() => [generation, null]),
    );
  }, 20_000);
}

async function recordMany(count: number): Promise<string[]> {
  const ids = await Promise.all(Array.from({ length: count }, () => record(node.log)));
  await eventually(async () => {
    const { entries, sessions, completed } = await readViews(node.pool);
    expect([entries.length, sessions.length, completed]).toEqual([
      entries.length,
      entries.length,
      entries.length,
    ]);
    expect(entries).toEqual(expect.arrayContaining(ids));
  }, 30_000);
  return ids;
}

/** Nobody builds this generation until what it resolves to is called. */
async function holdLead(consumer: string): Promise<() => Promise<void>> {
  const client = await node.pool.connect();
  const lock = `hashtextextended('thankly-consumer/' || $1, 0)`;
  await client.query(`select pg_advisory_lock(${lock})`, [consumer]);
  return releaseOnce(client);
}

/** Who builds this generation commits one batch and stands still in the second, until what it resolves to is called. */
async function holdSecondBatch(consumer: string): Promise<() => Promise<void>> {
  const client = await node.pool.connect();
  await client.query('select pg_advisory_lock(42)');
  await client.query(`create function hold() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock(42); return new; end $$`);
  await client.query(`create trigger hold before update on consumers for each row
    when (old.name = '${consumer}') execute function hold()`);
  return releaseOnce(client);
}

/** Ends the connection, and with it what it locks. */
function releaseOnce(client: PoolClient): () => Promise<void> {
  let isReleased = false;
  const release = async () => {
    if (!isReleased) client.release(true);
    isReleased = true;
  };
  leftovers.push(release);
  return release;
}

describe('a rebuild', () => {
  it('ends in the same view, while recordings come in and readers see no error and no step back', async () => {
    await startRollout(node.log);
    await recordMany(300);
    const watching = watchViews(node.pool);
    let isRecording = true;
    let recorded = 300;
    const recording = (async () => {
      while (isRecording) await record(node.log).then(() => recorded++);
    })();
    for (const generation of [2, 3]) {
      for (const name of NAMES)
        expect(await node.running.rebuild(name, SRE)).toEqual({ name, generation, state: 'building' });
      await isRead(generation);
    }
    isRecording = false;
    await recording;
    await eventually(async () => {
      const { entries, sessions, completed } = await readViews(node.pool);
      expect([entries.length, sessions.length, completed]).toEqual([recorded, recorded, recorded]);
    });
    const { reads, complaints } = await watching.stop();
    expect(complaints).toEqual([]);
    expect(reads).toBeGreaterThan(20);
    expect(node.errors).toEqual([]);
  }, 120_000);

  it('leaves nothing of the generation whose place it took', async () => {
    await startRollout(node.log);
    await recordMany(5);
    for (const name of NAMES) await node.running.rebuild(name, SRE);
    await isRead(2);
    await eventually(async () =>
      expect(await generations()).toEqual([
        'entries-v1-g2 live',
        'experiment-v1-g2 live',
        'session-list-v1-g2 live',
      ]),
    );
    for (const table of [
      'entries',
      'session_list',
      'experiments',
      'experiment_stages',
      'experiment_sessions',
    ]) {
      const { rows } = await node.pool.query(`select distinct generation from projections.${table}`);
      expect([table, rows]).toEqual([table, [{ generation: 2 }]]);
    }
    const { rows } = await node.pool.query('select name from consumers order by name');
    expect(rows.map(({ name }) => name)).toEqual(['entries-v1-g2', 'experiment-v1-g2', 'session-list-v1-g2']);
    expect((await node.running.list())[0]).toMatchObject({
      live: { generation: 2, swappedAt: expect.any(String) },
    });
    expect(await node.running.shown()).toMatchObject([
      { name: 'entries-v1', consumer: 'entries-v1-g2' },
      { name: 'session-list-v1', consumer: 'session-list-v1-g2' },
      { name: 'experiment-v1', consumer: 'experiment-v1-g2' },
    ]);
  }, 120_000);

  it('heals a view whose rows were damaged, and one that passes streams over', async () => {
    await startRollout(node.log);
    const [lost, ...others] = await recordMany(20);
    const stream = `recording-${others[0]}`;
    await node.pool.query(`delete from projections.entries where session_id = $1`, [lost]);
    await node.pool.query(`update projections.session_list set state = 'failed', row = '{"state":"failed"}'`);
    await node.pool.query(`update projections.experiments set state = '{"folded":1}'`);
    await node.pool.query(
      `insert into parked_streams (consumer, stream, version, last_version, event_type, error_code, error_message)
       values ('session-list-v1-g1', $1, 0, 9, 'SessionCreated', 'x', 'x')`,
      [stream],
    );
    for (const name of NAMES) await node.running.rebuild(name, SRE);
    await isRead(2);
    const { entries, sessions, completed } = await readViews(node.pool);
    expect([entries.length, sessions.length, completed]).toEqual([20, 20, 20]);
    expect(entries).toContain(lost);
    await eventually(async () => expect(await node.consumers.parked()).toEqual([]));
  }, 120_000);

  it('asked for again is the one that is being built; it can be given up, and readers never hear of it', async () => {
    await recordMany(3);
    const release = await holdLead('entries-v1-g2');
    await node.running.rebuild('entries', SRE);
    expect(await node.running.rebuild('entries', SRE)).toEqual({
      name: 'entries',
      generation: 2,
      state: 'building',
    });
    expect(await node.running.cancel('entries')).toEqual({
      name: 'entries',
      generation: 2,
      state: 'cancelled',
    });
    expect(await node.running.cancel('entries')).toBe('none');
    await release();
    await eventually(async () => expect(await generations()).not.toContain('entries-v1-g2 retired'));
    await isRead(1, ['entries']);
    expect(await node.running.rebuild('entries', SRE)).toMatchObject({ generation: 3 });
    await isRead(3, ['entries']);
    expect(await node.running.rebuild('nothing', SRE)).toBeNull();
    expect(await node.running.cancel('nothing')).toBeNull();
  }, 120_000);

  it('forgets a recording that was erased meanwhile, in both generations', async () => {
    const [kept = '', erased = ''] = await recordMany(2);
    const release = await holdLead('entries-v1-g2');
    await node.running.rebuild('entries', SRE);
    await erase(node.log, erased);
    await eventually(async () => expect((await readViews(node.pool)).entries).toEqual([kept]));
    await release();
    await isRead(2, ['entries']);
    expect((await readViews(node.pool)).entries).toEqual([kept]);
    const { rows } = await node.pool.query('select 1 from projections.entries where session_id = $1', [
      erased,
    ]);
    expect(rows).toEqual([]);
  }, 120_000);
});

describe('a rebuild that meets an event it cannot handle', () => {
  it('is not swapped in where the live view shows that stream, until it is requeued', async () => {
    await stopNode(node);
    let isPoison = true;
    const { handle } = entriesProjection;
    node = startNode([
      {
        ...entriesProjection,
        handle: (generation) => async (events) => {
          if (isPoison && generation > 1 && events.some(({ stream }) => stream === poisoned))
            throw new Error('poison');
          return handle(generation)(events);
        },
      },
    ]);
    const [bad] = await Promise.all(Array.from({ length: 3 }, () => record(node.log)));
    const poisoned = `recording-${bad}`;
    await eventually(async () => expect((await readViews(node.pool)).entries).toHaveLength(3));
    await node.running.rebuild('entries', SRE);
    await eventually(async () =>
      expect((await node.running.list())[0]).toMatchObject({
        live: { generation: 1 },
        building: { generation: 2, state: 'blocked', parkedStreams: 1, percent: 100 },
      }),
    );
    expect((await readViews(node.pool)).entries).toHaveLength(3);
    isPoison = false;
    await node.consumers.requeue('entries-v1-g2', poisoned);
    await isRead(2, ['entries']);
    expect((await readViews(node.pool)).entries).toHaveLength(3);
  }, 120_000);
});

describe('several nodes', () => {
  it('each may be asked; when the one that builds is killed another goes on where it was, and counts nothing twice', async () => {
    await startRollout(node.log);
    await recordMany(300);
    await stopNode(node);
    const builder = runProgram('test/support/projection-node-child.ts', [database.connectionString]);
    leftovers.push(() => builder.child.kill('SIGKILL'));
    await builder.printed(/started/);
    node = startNode([]); // it asks, and builds nothing
    await eventually(async () => expect(await node.consumers.isLed('experiment-v1-g1')).toBe(true));
    const release = await holdSecondBatch('experiment-v1-g2');
    for (const { name, version } of PROJECTIONS) await node.store.begin(name, version, SRE);
    await eventually(async () => expect(await generations()).toContain('entries-v1-g2 live'));
    const { done, total } = await eventually(async () => {
      const read = await node.store.read('experiment-v1-g2');
      expect(read.done).toBeGreaterThan(0);
      return read;
    });
    // In the middle: of 300 recordings one batch is done.
    expect(await generations()).toContain('experiment-v1-g2 building');
    const ended = once(builder.child, 'exit');
    builder.child.kill('SIGKILL');
    await ended;
    await release();
    expect(await node.store.read('experiment-v1-g2')).toEqual({ done, total });
    await stopNode(node);
    node = startNode();
    const second = startNode();
    await isRead(2);
    const views = await Promise.all([readViews(node.pool), readViews(second.pool)]);
    for (const { entries, sessions, completed } of views)
      expect([entries.length, sessions.length, completed]).toEqual([300, 300, 300]);
    expect([...node.errors, ...second.errors]).toEqual([]);
  }, 120_000);

  it('of two versions each have a live generation; the older one goes when nobody follows it', async () => {
    const version2 = PROJECTIONS.map((projection) => ({ ...projection, version: 2 }));
    const newer = startNode(version2);
    await recordMany(10);
    await eventually(async () =>
      expect((await newer.running.list()).map(({ live, building }) => [live?.version, building])).toEqual(
        NAMES.map(() => [2, null]),
      ),
    );
    expect((await generations()).filter((each) => each.endsWith('live'))).toHaveLength(6);
    await recordMany(1);
    expect(await node.running.rebuild('entries', SRE)).toMatchObject({ generation: 3 });
    await eventually(async () =>
      expect((await node.running.list())[0]).toMatchObject({
        live: { generation: 3, version: 1 },
        building: null,
      }),
    );
    await stopNode(node);
    await stopNode(newer);
    node = startNode(version2, { abandonedAfterMs: 0 });
    await eventually(async () =>
      expect(await generations()).toEqual([
        'entries-v2-g2 live',
        'experiment-v2-g2 live',
        'session-list-v2-g2 live',
      ]),
    );
    // What reads version 1 reads the newer one's rows now.
    expect((await readViews(node.pool)).entries).toHaveLength(11);
  }, 120_000);
});
