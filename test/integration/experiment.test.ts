/** The experiment as the consumer builds it in PostgreSQL: from the log, again from its beginning, and beside itself. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { experimentProjection, experiments } from '../../projections/experiment.ts';
import { recordingStream } from '../../src/recording/events.ts';
import { rolloutStream } from '../../src/rollout/events.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { entered, planned, synced } from '../support/given-rollout.ts';
import { type ProjectionNode, startProjectionNode } from '../support/projection-node.ts';
import { append } from '../support/projection-traffic.ts';

const FLAG = 'chunked-upload';
const at = '2026-11-24T10:00:00.000Z';

let database: TestDatabase;
let node: ProjectionNode;

const start = () => startProjectionNode(database.connectionString, [experimentProjection(FLAG)]);

beforeAll(async () => {
  database = await createTestDatabase();
  node = start();
});
afterAll(async () => {
  await node.stop();
  await database.drop();
});

function session(
  userId: string,
  variant: 'chunked' | 'single',
  percent: number,
  isFailing: boolean,
): Promise<void> {
  const sessionId = randomUUID();
  return append(node.log, recordingStream(sessionId), [
    {
      type: 'SessionCreated',
      data: {
        at,
        sessionId,
        userId,
        kind: 'voice',
        strategy: variant,
        assignment: { flag: FLAG, variant, percent, reason: variant === 'chunked' ? 'rollout' : 'control' },
        mimeType: 'audio/wav',
        segmenting: { mode: 'stream', seconds: 5 },
        images: [],
        device: {},
        expiresAt: at,
      },
    },
    isFailing
      ? { type: 'SessionFailed', data: { at, code: 'x', message: 'x', retriable: false, step: 'merge' } }
      : { type: 'SessionCompleted', data: { at, uploadWaitMs: 2_000, processingMs: 1_000, without: [] } },
  ]);
}

/** Users 0 to 5 % are chunked at 5 %, to 20 % at 20 %; every seventh session fails. */
async function traffic(from: number, to: number, percent: number): Promise<void> {
  for (let user = from; user < to; user++) {
    const isChunked = user % 100 < percent;
    await session(`user-${user}`, isChunked ? 'chunked' : 'single', percent, user % 7 === 0);
  }
}

const shown = async () => {
  const view = await experiments(node.pool).read(FLAG);
  if (view === null) throw new Error('it is not there yet');
  return view;
};
const sessionsIn = async () => {
  const { stages } = await shown();
  return stages.reduce((sum, { arms }) => sum + arms.chunked.sessions + arms.single.sessions, 0);
};

describe('the experiment in PostgreSQL', () => {
  it('follows the log across stages', async () => {
    await append(node.log, rolloutStream(FLAG), [planned, entered(5), synced(5)]);
    await traffic(0, 100, 5);
    await append(node.log, rolloutStream(FLAG), [entered(20), synced(20)]);
    await traffic(0, 200, 20);
    await eventually(async () => expect(await sessionsIn()).toBe(300));
    const { stages, total, internal } = await shown();
    expect(stages.map(({ percent, arms }) => [percent, arms.chunked.sessions, arms.single.sessions])).toEqual(
      [
        [5, 5, 95],
        [20, 40, 160],
      ],
    );
    expect(total.arms.chunked).toMatchObject({ sessions: 45, open: 0 });
    expect(internal.sessions).toBe(0);
  }, 60_000);

  it('goes on where it was after a restart, and counts nothing twice', async () => {
    await node.stop();
    node = start();
    await traffic(200, 250, 20);
    await eventually(async () => expect(await sessionsIn()).toBe(350));
  }, 60_000);

  it('is built anew beside the live one, and comes to the same', async () => {
    const before = await shown();
    await node.running.rebuild('experiment', 'operator:oncall');
    await eventually(async () => expect((await node.running.list())[0]?.live?.generation).toBe(2), 20_000);
    expect(await shown()).toEqual(before);
  }, 60_000);

  it('is unknown for a flag that has none', async () => {
    expect(await experiments(node.pool).read('another-flag')).toBeNull();
  });
});
