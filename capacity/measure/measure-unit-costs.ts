/**
 * Drives the real service with recordings of several lengths, chunked and single by turns, and counts what each block of
 * equal ones took. They are spoken faster than real time, so that the live part is there and minutes suffice.
 */
import { cpus, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { longRecording } from '../../bench/upload/long-recording.ts';
import type { Strategy } from '../../src/recording/events.ts';
import type { MeasuredUnitCosts } from '../model/measured.ts';
import { type Amounts, amountsOf, type Block } from '../model/unit-costs.ts';
import { between, type Reading, readCounters } from './counters.ts';
import { COUNTERS_SETTLE_MS } from './database-counters.ts';
import { memoryOf } from './process-cpu.ts';
import { record, type Sent } from './recorder.ts';
import { type MeasuredService, startMeasuredService } from './service.ts';

export type MeasurePlan = {
  readonly lengths: readonly { readonly minutes: number; readonly recordings: number }[];
  /** How many times faster than real time is spoken; what is heard as one file only waits while it is spoken. */
  readonly pace: Readonly<Record<Strategy, number>>;
  readonly idleMs: number;
};

export const FULL_PLAN: MeasurePlan = {
  lengths: [
    { minutes: 0.5, recordings: 10 },
    { minutes: 2, recordings: 6 },
    { minutes: 5, recordings: 4 },
  ],
  pace: { chunked: 5, single: 50 },
  idleMs: 15_000,
};

/** Seconds: whether it works, not what it costs. */
export const QUICK_PLAN: MeasurePlan = {
  lengths: [{ minutes: 0.2, recordings: 2 }],
  pace: { chunked: 10, single: 50 },
  idleMs: 500,
};

const WARM_UP = { minutes: 0.5, recordings: 3 };
const ARMS: readonly Strategy[] = ['chunked', 'single'];
const PAUSES = { pauseEvery: 12 };

export type MeasureOptions = {
  readonly plan: MeasurePlan;
  readonly note: (line: string) => void;
  /** Ends it at the next block. */
  readonly interrupted: AbortSignal;
};

/** @throws Error when a part does not start, or ends meanwhile */
export async function measureUnitCosts(options: MeasureOptions): Promise<MeasuredUnitCosts> {
  const loadBefore = loadavg()[0] ?? 0;
  const service = await startMeasuredService(options.note);
  try {
    return await Promise.race([measureOn(service, options, loadBefore), service.died]);
  } finally {
    await service.stop();
  }
}

async function measureOn(
  service: MeasuredService,
  { plan, note, interrupted }: MeasureOptions,
  loadBefore: number,
): Promise<MeasuredUnitCosts> {
  const measurement = await createMeasurement(service, plan, interrupted);
  for (const arm of ARMS) await measurement.block(arm, WARM_UP);
  await measurement.settle();
  note('nobody records');
  const idle = await measurement.idle();
  const blocks: Block[] = [];
  let waited = { appendSeconds: 0, appends: 0 };
  for (const length of plan.lengths) {
    for (const strategy of ARMS) {
      note(`${length.recordings} recordings of ${length.minutes} min, ${strategy}`);
      const { before, after } = await measurement.block(strategy, length);
      const amounts = between(before, after, idle);
      blocks.push({ strategy, ...length, amounts });
      waited = {
        appendSeconds: waited.appendSeconds + after.appendSeconds - before.appendSeconds,
        appends: waited.appends + after.amounts.appends - before.amounts.appends,
      };
    }
  }
  const { pids, objectStore } = service;
  return {
    measuredAt: new Date().toISOString(),
    machine: {
      cores: cpus().length,
      model: cpus()[0]?.model.trim() ?? 'unknown',
      node: process.versions.node,
    },
    load: { before: loadBefore, after: loadavg()[0] ?? 0 },
    objectStore,
    sound: measurement.sound,
    pace: plan.pace,
    idle,
    blocks,
    memoryBytes: { api: memoryOf(pids.api), worker: memoryOf(pids.worker) },
    appendMs: (1000 * waited.appendSeconds) / waited.appends,
  };
}

type Measurement = {
  readonly sound: string;
  block(
    strategy: Strategy,
    length: { readonly minutes: number; readonly recordings: number },
  ): Promise<{ before: Reading; after: Reading }>;
  settle(): Promise<void>;
  /** Amounts a second. */
  idle(): Promise<Amounts>;
};

async function createMeasurement(
  service: MeasuredService,
  plan: MeasurePlan,
  interrupted: AbortSignal,
): Promise<Measurement> {
  const longest = Math.max(WARM_UP.minutes, ...plan.lengths.map(({ minutes }) => minutes));
  const long = await longRecording(longest * 60 + 1, PAUSES);
  const sent: Sent = { uploads: 0, uploadBytes: 0 };
  const read = () => readCounters(service, sent);
  const settle = () => delay(plan === QUICK_PLAN ? 0 : COUNTERS_SETTLE_MS);
  return {
    sound: long.name,
    settle,
    async block(strategy, { minutes, recordings }) {
      interrupted.throwIfAborted();
      service.follow(strategy);
      const recording = long.first(minutes * 60_000);
      const pace = plan.pace[strategy];
      const before = await read();
      // Spread over a recording's length: they don't all stop at once.
      const apartMs = (minutes * 60_000) / pace / recordings;
      const all = Array.from({ length: recordings }, async (_, index) => {
        await delay(index * apartMs);
        return record(service, recording, { pace, sent });
      });
      await Promise.all(all);
      await settle();
      return { before, after: await read() };
    },
    async idle() {
      const before = await read();
      await delay(plan.idleMs);
      const after = await read();
      const seconds = (after.at - before.at) / 1000;
      const amounts = between(before, after, null);
      return amountsOf((item) => amounts[item] / seconds);
    },
  };
}
