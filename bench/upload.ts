/**
 * Uploads over slow and bad links, in real time: our client chunked, our client with the single upload, and tus, side by
 * side. Takes little longer than its longest recording, ten minutes; with BENCH_QUICK=1 about a minute.
 */
import pg from 'pg';
import { startBenchApplication } from './support/application.ts';
import { startBenchServer } from './support/eventlog-database.ts';
import { verdict } from './support/eventlog-figures.ts';
import type { BenchTable } from './table.ts';
import { leftAtStop, type Run, recordAll, stopToUploaded } from './upload/after-stop.ts';
import type { Servers } from './upload/arms.ts';
import { longRecording } from './upload/long-recording.ts';
import { type MachineLoad, watchLoad } from './upload/machine-load.ts';
import { type Expected, wholeSessions } from './upload/merged-recordings.ts';
import { PLAN, quickNote, type UploadPlan } from './upload/plan.ts';
import { type Survivor, survivalTable, surviveAll } from './upload/survives.ts';
import { startTusServer } from './upload/tus-server.ts';

export async function benchUpload(): Promise<BenchTable[]> {
  const plan = PLAN;
  const longest = Math.max(...plan.lengths.map(({ ms }) => ms));
  const long = await longRecording(longest / 1000 + 1);
  const database = await startBenchServer();
  const [chunkedDatabase, singleDatabase] = [await database.database(), await database.database()];
  const servers: Servers = {
    chunked: await startBenchApplication(chunkedDatabase),
    single: await startBenchApplication(singleDatabase, { strategy: 'single' }),
    tus: await startTusServer(),
  };
  try {
    const loadOf = watchLoad();
    const [{ runs, lost }, survivors] = await Promise.all([
      recordAll(servers, long, plan),
      surviveAll(servers.chunked, long, plan),
    ]);
    const load = loadOf();
    const whole = new Set([
      ...(await wholeOf(chunkedDatabase, [...runs.filter(isOf('chunked')), ...survivors])),
      ...(await wholeOf(singleDatabase, runs.filter(isOf('single (control)')))),
    ]);
    return [
      leftAtStop(runs, long, plan),
      stopToUploaded(runs, plan),
      survivalTable(survivors, whole, plan),
      machineTable(runs, lost, whole, load, plan),
    ];
  } finally {
    await servers.tus.stop();
    await servers.single.stop();
    await servers.chunked.stop();
    await database.stop();
  }
}

function isOf(name: string): (run: Run) => boolean {
  return ({ arm }) => arm.name === name;
}

async function wholeOf(connectionString: string, runs: readonly (Run | Survivor)[]): Promise<Set<string>> {
  const expected = runs.flatMap(({ recording, outcome }): Expected[] =>
    outcome?.sessionId == null ? [] : [{ sessionId: outcome.sessionId, sha256: recording.sha256 }],
  );
  const database = new pg.Pool({ connectionString, max: 1 });
  try {
    return await wholeSessions(database, expected);
  } finally {
    await database.end();
  }
}

/** Whether the figures above are the links’ or the machine’s. */
function machineTable(
  runs: readonly Run[],
  lost: number,
  whole: ReadonlySet<string>,
  { busy, busiest, heldMs }: MachineLoad,
  plan: UploadPlan,
): BenchTable {
  const ours = runs.filter(({ outcome }) => outcome.sessionId !== null);
  const kept = ours.filter(({ outcome }) => whole.has(outcome.sessionId ?? '')).length;
  const fellBack = ours.filter(({ outcome }) => outcome.fallback !== null).length;
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  return {
    title: 'The run itself',
    intro: `${quickNote(plan)}Everything ran on one machine: the applications, PostgreSQL, the tus server, and in one process all clients, links and gateways. Whole: as above; tus’ files were compared too.`,
    columns: ['what', 'measured', 'goal', ''],
    rows: [
      ['recordings that did not get there, all arms', String(lost), '0', verdict(lost === 0)],
      [
        'recordings of ours that are whole on the server',
        `${kept} of ${ours.length}`,
        'all',
        verdict(kept === ours.length),
      ],
      ['fell back to the single upload', String(fellBack), '0', verdict(fellBack === 0)],
      ['all cores busy, on average', percent(busy), '', ''],
      ['all cores busy, in the busiest 5 s', percent(busiest), '', ''],
      ['event loop of the clients’ process held, p99', `${heldMs.p99.toFixed(0)} ms`, '', ''],
      ['event loop of the clients’ process held, longest', `${heldMs.longest.toFixed(0)} ms`, '', ''],
    ],
  };
}
