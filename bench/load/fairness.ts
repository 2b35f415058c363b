/** One person with many recordings beside one with a single one: how long each waits. */
import PQueue from 'p-queue';
import pg from 'pg';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { startBenchApplication } from '../support/application.ts';
import { processingTimes, uploadSession, waitForEnd } from '../support/bench-session.ts';
import type { BenchServer } from '../support/eventlog-database.ts';
import { quantile, verdict } from '../support/eventlog-figures.ts';
import type { BenchTable } from '../table.ts';

const CALL_MS = 500;
const GOAL_S = 5;
const PATIENCE_MS = 10 * 60_000;
const recording = wavBytes(dtmfSamples(numberedWords(2), { rate: 8_000 }), 8_000);

export async function fairnessTable(server: BenchServer, many: number): Promise<BenchTable> {
  const connectionString = await server.database();
  const application = await startBenchApplication(connectionString, {
    environment: { BENCH_CALL_MS: String(CALL_MS) },
  });
  const database = new pg.Pool({ connectionString, max: 2 });
  try {
    const uploads = new PQueue({ concurrency: 8 });
    const upload = () => uploadSession(application, [recording], { durationMs: 1_000 });
    const theirs = await uploads.addAll(Array.from({ length: many }, () => upload));
    const other = { ...application, token: await application.tokenOf('another') };
    const one = await uploadSession(other, [recording], { durationMs: 1_000 });
    await uploads.addAll(theirs.map((session) => () => session.complete()));
    await one.complete();
    await waitForEnd(database, [one.sessionId], PATIENCE_MS);
    await waitForEnd(
      database,
      theirs.map(({ sessionId }) => sessionId),
      PATIENCE_MS,
    );
    const [ownMs = Number.NaN] = await processingTimes(database, [one.sessionId]);
    const theirMs = await processingTimes(
      database,
      theirs.map(({ sessionId }) => sessionId),
    );
    const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
    return {
      title: 'Fairness',
      intro: `One person's ${many} recordings are completed, then one of another person's. Each call to the provider takes ${CALL_MS} ms. From complete to the entry, by the log's clock.`,
      columns: ['whose', 'measured', 'goal', ''],
      rows: [
        ['the one, completed last', seconds(ownMs), `${GOAL_S} s at most`, verdict(ownMs <= GOAL_S * 1000)],
        [`the ${many}, median`, seconds(quantile(theirMs, 0.5)), '', ''],
        [`the ${many}, the last`, seconds(Math.max(...theirMs)), '', ''],
      ],
    };
  } finally {
    await database.end();
    await application.stop();
  }
}
