/**
 * The model against the real service: recordings begin by chance at a rate, whatever becomes of those before them (open
 * loop), and what the run was stands beside what was said of it before.
 */
import { cpus, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { longRecording } from '../../bench/upload/long-recording.ts';
import { randomOf } from '../../simulate/random.ts';
import { arrivals, EVEN } from '../load/day.ts';
import { type CheckPlan, type MeasuredCheck, type Outcome, predict, rateFor } from '../model/check.ts';
import { DAY_SECONDS } from '../model/demand.ts';
import type { MeasuredUnitCosts } from '../model/measured.ts';
import { quantile } from '../model/quantile.ts';
import { between, readCounters } from './counters.ts';
import { watchBusyCores } from './free-cores.ts';
import { type Recorded, record, type Sent } from './recorder.ts';
import { type MeasuredService, startMeasuredService } from './service.ts';

export const FULL_CHECK: CheckPlan = { minutes: 0.5, seconds: 45, shares: [0.2, 0.4, 0.7], seed: 1 };
export const QUICK_CHECK: CheckPlan = { minutes: 0.1, seconds: 4, shares: [0.2], seed: 1 };

const PAUSES = { pauseEvery: 12 };
const WARM_UP = 4;
/** Between two rates, until what was left to do is done. */
const REST_MS = 5_000;

export type CheckOptions = {
  readonly plan: CheckPlan;
  readonly measured: MeasuredUnitCosts;
  readonly note: (line: string) => void;
  readonly interrupted: AbortSignal;
};

/** @throws Error when a part does not start, or ends meanwhile */
export async function runCheck(options: CheckOptions): Promise<MeasuredCheck> {
  const service = await startMeasuredService(options.note);
  try {
    return await Promise.race([checkOn(service, options), service.died]);
  } finally {
    await service.stop();
  }
}

async function checkOn(
  service: MeasuredService,
  { plan, measured, note, interrupted }: CheckOptions,
): Promise<MeasuredCheck> {
  const cores = cpus().length;
  const recording = (await longRecording(plan.minutes * 60 + 1, PAUSES)).first(plan.minutes * 60_000);
  const sent: Sent = { uploads: 0, uploadBytes: 0 };
  const one = () => record(service, recording, { pace: 1, sent });
  await Promise.all(Array.from({ length: WARM_UP }, one));
  const runs: MeasuredCheck['runs'] = [];
  for (const share of plan.shares) {
    interrupted.throwIfAborted();
    const ratePerSecond = rateFor(measured, plan, share, cores);
    note(`${ratePerSecond.toFixed(2)} recordings a second for ${plan.seconds} s`);
    const load = loadavg()[0] ?? 0;
    const predicted = predict(measured, plan, ratePerSecond, cores);
    const run = await openLoop(service, { plan, ratePerSecond, idle: measured.idle, sent, one });
    const othersCores = Math.max(0, run.busyCores - run.ownCores);
    const afterwards = predict(measured, plan, ratePerSecond, Math.max(MEAGRE_CORES, cores - othersCores));
    const { recordings, lost, outcome } = run;
    runs.push({
      ratePerSecond,
      recordings,
      lost,
      load,
      othersCores,
      predicted,
      afterwards,
      measured: outcome,
    });
    await delay(REST_MS);
  }
  return {
    checkedAt: new Date().toISOString(),
    machine: { cores, model: cpus()[0]?.model.trim() ?? 'unknown', node: process.versions.node },
    minutes: plan.minutes,
    runs,
  };
}

/** Others never get all of it: the scheduler gives everybody a share. */
const MEAGRE_CORES = 0.5;

type OpenLoop = {
  readonly plan: CheckPlan;
  readonly ratePerSecond: number;
  readonly idle: MeasuredUnitCosts['idle'];
  readonly sent: Sent;
  readonly one: () => Promise<Recorded>;
};

async function openLoop(service: MeasuredService, { plan, ratePerSecond, idle, sent, one }: OpenLoop) {
  const coming = [
    ...arrivals(ratePerSecond * DAY_SECONDS, EVEN, { from: 0, to: plan.seconds }, randomOf(plan.seed, 1)),
  ];
  const before = await readCounters(service, sent);
  const busyCores = watchBusyCores();
  const started = performance.now();
  const settled = await Promise.allSettled(
    coming.map(async (at) => {
      await delay(at * 1000);
      return one();
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  const busy = busyCores();
  const after = await readCounters(service, sent);
  const amounts = between(before, after, idle);
  const { apiCpu, workerCpu, postgresCpu, othersCpu, clientCpu, walBytes } = amounts;
  const all = apiCpu + workerCpu + postgresCpu + othersCpu + clientCpu;
  const ended = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const each = (amount: number) => amount / coming.length;
  const entries = ended.map(({ entryMs }) => entryMs / 1000);
  const outcome: Outcome = {
    entriesPerSecond: ended.length / seconds,
    transcriptP50: quantile(
      ended.map(({ transcriptMs }) => transcriptMs / 1000),
      0.5,
    ),
    entryP50: quantile(entries, 0.5),
    entryP95: quantile(entries, 0.95),
    serviceCpu: each(apiCpu + workerCpu),
    postgresCpu: each(postgresCpu),
    allCpu: each(all),
    walBytes: each(walBytes),
  };
  return {
    recordings: coming.length,
    lost: coming.length - ended.length,
    busyCores: busy,
    ownCores: all / seconds,
    outcome,
  };
}
