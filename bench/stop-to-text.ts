/**
 * How long somebody waits for their words after stop: heard while they were spoken, against the single upload and tus,
 * over slow links, with a provider that takes as long as published measurements say. In real time, interleaved, in one
 * run of some 14 minutes; with --quick some three.
 */

import type { BenchOptions } from './options.ts';
import { costTables, storeTable } from './stop-to-text/cost-table.ts';
import { allFiguresTable, goalsTable, planTable } from './stop-to-text/figures-table.ts';
import { startHearing } from './stop-to-text/hearing-application.ts';
import { jointsTable } from './stop-to-text/joints-table.ts';
import { publishedLatencySources } from './stop-to-text/latency-model.ts';
import { planOf, type StopToTextPlan } from './stop-to-text/plan.ts';
import { askForYes, openAiKey } from './stop-to-text/price.ts';
import { recordAll } from './stop-to-text/record-all.ts';
import { runTable } from './stop-to-text/run-table.ts';
import { PAUSES } from './stop-to-text/said.ts';
import { spokenRecording } from './stop-to-text/spoken.ts';
import { typical, waterfallTable } from './stop-to-text/waterfall.ts';
import { startBenchServer } from './support/eventlog-database.ts';
import type { BenchTable } from './table.ts';
import { longRecording } from './upload/long-recording.ts';
import { watchLoad } from './upload/machine-load.ts';
import { startTusServer } from './upload/tus-server.ts';

export async function benchStopToText({ quick, provider, yes }: BenchOptions): Promise<BenchTable[]> {
  const plan = planOf({ quick });
  if (provider === 'sandbox') return stopToText(plan);
  const key = openAiKey();
  askForYes(plan, yes);
  return stopToText(plan, key);
}

/** @param key OpenAI's; without one the sandbox listens */
export async function stopToText(plan: StopToTextPlan, key?: string): Promise<BenchTable[]> {
  const longest = Math.max(...plan.lengths.map(({ ms }) => ms)) / 1000 + 1;
  // OpenAI does not read tones.
  const long = key === undefined ? await longRecording(longest, PAUSES) : await spokenRecording(longest);
  const server = await startBenchServer();
  const stops: (() => Promise<unknown>)[] = [() => server.stop()];
  try {
    const listening = { latency: 'published', ...(key === undefined ? {} : { openAiKey: key }) } as const;
    const chunked = await startHearing(server, { ...listening, strategy: 'chunked' });
    stops.push(() => chunked.stop());
    const single = await startHearing(server, { ...listening, strategy: 'single' });
    stops.push(() => single.stop());
    const tus = await startTusServer();
    stops.push(() => tus.stop());
    await Promise.all([chunked.figures(), single.figures()]);
    const loadOf = watchLoad();
    const all = await recordAll({ chunked, single, tus }, long, plan, tell);
    const load = loadOf();
    const figures = { chunked: await chunked.figures(), single: await single.figures() };
    const { recorded } = all;
    const calls = { chunked: chunked.provider.calls, single: single.provider.calls };
    const shown = typical(recorded);
    return [
      goalsTable(recorded, plan),
      planTable(recorded, plan),
      allFiguresTable(recorded, plan, `${long.name} (${Math.round(long.bitsPerSecond / 1000)} kbit/s)`),
      ...(key === undefined ? [await jointsTable(recorded, chunked.database, plan)] : []),
      ...costTables(recorded, calls, plan),
      storeTable(recorded, { ...figures.chunked.read, ...figures.single.read }, plan),
      ...(shown === undefined ? [] : [await waterfallTable(shown, chunked.database, calls.chunked, plan)]),
      runTable(all, load, figures, plan),
      ...(key === undefined ? [publishedLatencySources()] : []),
    ];
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

function tell(done: number, all: number): void {
  if (done % 10 === 0 || done === all) process.stderr.write(`  ${done} of ${all} recordings\n`);
}
