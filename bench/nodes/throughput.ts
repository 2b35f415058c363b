/** Recordings that wait to be worked on, done by one node of each kind and by two, in turns. */
import PQueue from 'p-queue';
import pg from 'pg';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import type { TestService } from '../../test/support/service.ts';
import type { SharedParts } from '../../test/support/shared-parts.ts';
import { uploadSession, waitForEnd } from '../support/bench-session.ts';
import { type Spread, spread, verdict } from '../support/eventlog-figures.ts';
import type { BenchTable } from '../table.ts';
import { watchLoad } from '../upload/machine-load.ts';

/** Jobs at once of a node that works: few, so that it is these that are short, and not the machine's cores. */
export const SLOTS = 4;
const GOAL = 1.6;
const AT_ONCE = 8;
const WORDS = 10;
const recording = wavBytes(dtmfSamples(numberedWords(WORDS), { rate: 8_000 }), 8_000);

type Parts = { readonly service: TestService; readonly shared: SharedParts };
type Plan = { readonly rounds: number; readonly recordings: number };

/** Leaves the service with both nodes of each kind. */
export async function throughputTable(
  { service, shared }: Parts,
  { rounds, recordings }: Plan,
): Promise<BenchTable> {
  const second = [service.workers[1], service.apis[1]];
  const database = new pg.Pool({ connectionString: shared.connectionString, max: 2 });
  const rates: Record<1 | 2, number[]> = { 1: [], 2: [] };
  const load = watchLoad();
  try {
    let nodes = 2;
    for (let round = 0; round < rounds; round++) {
      // The order turns: what the machine does beside it must not always meet the same.
      for (const wanted of round % 2 === 0 ? ([1, 2] as const) : ([2, 1] as const)) {
        if (wanted !== nodes) for (const node of second) await (wanted === 2 ? node.start() : node.stop());
        nodes = wanted;
        const rate = await ratePerSecond({ service, shared }, database, recordings);
        process.stderr.write(`  ${wanted} of each: ${rate.toFixed(2)} recordings a second\n`);
        rates[wanted].push(rate);
      }
    }
    if (nodes === 1) for (const node of second) await node.start();
  } finally {
    await database.end();
  }
  const { busy, busiest } = load();
  const ratios = rates[2].map((rate, round) => rate / (rates[1][round] ?? Number.NaN));
  const ratio = spread(ratios);
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  return {
    title: 'What a second node of each kind gives',
    intro: `The same service (real processes of \`src/main.ts\`, one PostgreSQL, Ceph's S3, Unleash and the sandbox provider in processes of their own, all on this machine), with one node that answers and one that works, and with two of each, by turns, ${rounds} of each. ${recordings} recordings of ${WORDS} words are uploaded and then completed at once; from the first UploadCompleted to the last SessionCompleted by the log's clock. The provider takes as long as published figures say (below stop-to-text), and a node that works has ${SLOTS} jobs at once (WORKER_CONCURRENCY; 24 by default): what is short is these places, not the cores. With a node limited by its cores a second one on the same machine gives nothing; on another machine that was not tried. Median (least–most); ratio of the two of a round. All cores busy: ${percent(busy)} on average, ${percent(busiest)} in the busiest 5 s; others work on this machine.`,
    columns: ['what', 'measured', 'goal', ''],
    rows: [
      ['one of each', `${shown(spread(rates[1]))} recordings/s`, '', ''],
      ['two of each', `${shown(spread(rates[2]))} recordings/s`, '', ''],
      ['ratio', `${shown(ratio)} ×`, `${GOAL} × (median)`, verdict(ratio.median >= GOAL)],
    ],
  };
}

async function ratePerSecond(
  { service, shared }: Parts,
  database: pg.Pool,
  recordings: number,
): Promise<number> {
  const queue = new PQueue({ concurrency: AT_ONCE });
  const uploads = await queue.addAll(
    Array.from({ length: recordings }, (_, number) => async () => {
      const token = await shared.token(`person-${number}`);
      return uploadSession({ url: service.url, token }, [recording], { durationMs: (WORDS * 1000) / 2 });
    }),
  );
  await queue.addAll(uploads.map((upload) => () => upload.complete()));
  const ids = uploads.map(({ sessionId }) => sessionId);
  await waitForEnd(database, ids);
  const { rows } = await database.query<{ seconds: number }>(
    `select extract(epoch from max(recorded_at) filter (where type = 'SessionCompleted')
                   - min(recorded_at) filter (where type = 'UploadCompleted'))::float8 as seconds
     from events where stream = any ($1)`,
    [ids.map((id) => `recording-${id}`)],
  );
  return recordings / (rows[0]?.seconds ?? Number.NaN);
}

function shown({ min, median, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}
