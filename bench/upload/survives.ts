/** Bad links: what is lost, and what is sent twice. */
import { setTimeout as delay } from 'node:timers/promises';
import type { BenchApplication } from '../support/application.ts';
import { spread, verdict, written } from '../support/eventlog-figures.ts';
import type { BenchTable } from '../table.ts';
import { LATENCY_MS, type Link, openLink } from './link.ts';
import type { BenchRecording, LongRecording } from './long-recording.ts';
import type { Outcome } from './outcome.ts';
import { drawEarlier, quickNote, seeded, type UploadPlan } from './plan.ts';
import { recordWithManager } from './record-with-manager.ts';

type Trouble = {
  readonly name: string;
  /** Of requests, 0–1. */
  readonly failing: number;
  readonly outage: 'offline' | 'silent' | null;
};

export type Survivor = {
  readonly trouble: Trouble;
  readonly recording: BenchRecording;
  /** null: it did not get there. */
  readonly outcome: Outcome | null;
  /** Bytes and requests that reached the gateway, of all uploads of this recording. */
  readonly sentBytes: number;
  /** Requests of each object that was sent, those included that broke off. */
  readonly sends: readonly number[];
  readonly requests: number;
  readonly failed: number;
};

const KILOBITS = 512;
const GOAL_RATIO = 1.2;
const GOAL_SENDS = 2;

function troublesOf({ survival: { offlineMs } }: UploadPlan): Trouble[] {
  const once = `${offlineMs / 1000} s`;
  return [
    { name: '10 % of requests fail', failing: 0.1, outage: null },
    { name: `offline for ${once}, once (connections reset)`, failing: 0, outage: 'offline' },
    { name: `nothing passes for ${once}, once (connections stand)`, failing: 0, outage: 'silent' },
    { name: `10 % fail, and offline for ${once} once`, failing: 0.1, outage: 'offline' },
  ];
}

export async function surviveAll(
  application: BenchApplication,
  long: LongRecording,
  plan: UploadPlan,
): Promise<Survivor[]> {
  const random = seeded(plan.seed + 1);
  const { lengthMs, recordings } = plan.survival;
  const longest = Math.max(...plan.lengths.map(({ ms }) => ms));
  const runs = troublesOf(plan).flatMap((trouble, kind) =>
    Array.from({ length: recordings }, async (_, index): Promise<Survivor> => {
      const recording = long.first(lengthMs - drawEarlier(random));
      const outageAt = random() * recording.durationMs;
      await delay((Math.max(0, longest - lengthMs) * (index + random())) / recordings);
      const link = await openLink(() => application.url, {
        kilobits: KILOBITS,
        failing: trouble.failing,
        seed: plan.seed * 1_000 + kind * 100 + index,
      });
      try {
        const [outcome] = await Promise.all([
          recordWithManager(application, recording, link).catch((error: Error) => {
            process.stderr.write(`${trouble.name}: ${error.message}\n`);
            return null;
          }),
          breakDown(link, trouble, outageAt, plan.survival.offlineMs),
        ]);
        const objects = [...link.gateway.objects.values()];
        const { requests, failed } = link.gateway;
        const sentBytes = objects.reduce((sum, { bytes }) => sum + bytes, 0);
        const sends = objects.map((each) => each.requests);
        return { trouble, recording, outcome, sentBytes, sends, requests, failed };
      } finally {
        await link.close();
      }
    }),
  );
  return Promise.all(runs);
}

async function breakDown(link: Link, { outage }: Trouble, at: number, forMs: number): Promise<void> {
  if (outage === null) return;
  await delay(at);
  link.proxy[outage]();
  await delay(forMs);
  link.proxy.restore();
}

/** @param whole the sessions whose merged recording has the SHA-256 of what was recorded */
export function survivalTable(
  survivors: readonly Survivor[],
  whole: ReadonlySet<string>,
  plan: UploadPlan,
): BenchTable {
  const rows = troublesOf(plan).flatMap(({ name }) => {
    const own = survivors.filter(({ trouble }) => trouble.name === name);
    const kept = own.filter(({ outcome }) => outcome?.sessionId != null && whole.has(outcome.sessionId));
    const fellBack = own.filter(({ outcome }) => outcome?.fallback != null).length;
    const ratios = own.map(({ sentBytes, recording }) => sentBytes / recording.bytes);
    const ratio = mean(ratios);
    const sends = own.flatMap((survivor) => survivor.sends);
    const failed = sum(own.map((survivor) => survivor.failed));
    const waits = own.flatMap(({ outcome }) => (outcome === null ? [] : [outcome.afterStopMs / 1000]));
    return [
      [
        name,
        'whole on the server',
        `${kept.length} of ${own.length}`,
        'all',
        verdict(kept.length === own.length),
      ],
      [
        '',
        'bytes sent ÷ bytes recorded, mean',
        `${ratio.toFixed(2)} × (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`,
        `${GOAL_RATIO} ×`,
        verdict(ratio <= GOAL_RATIO),
      ],
      [
        '',
        'times a chunk was sent, mean (most)',
        `${mean(sends).toFixed(2)} (${Math.max(...sends)})`,
        String(GOAL_SENDS),
        verdict(mean(sends) <= GOAL_SENDS),
      ],
      ['', 'requests that failed', `${failed} of ${sum(own.map(({ requests }) => requests))}`, '', ''],
      ['', 'went up as one file in the end', String(fellBack), '', ''],
      [
        '',
        'from stop until the server has all',
        waits.length === 0 ? '–' : written(spread(waits), 1, 's'),
        '',
        '',
      ],
    ];
  });
  const { lengthMs, recordings } = plan.survival;
  return {
    title: 'What a bad link costs',
    intro: `${quickNote(plan)}${recordings} recordings of ${lengthMs / 1000} s for each, at ${KILOBITS} kbit/s up and ${LATENCY_MS} ms each way, beside the others above; seed ${plan.seed}. Requests fail at the server’s gateway by turns: answered 503, cut somewhere in the request, or done by the server and cut before the answer (a chunk that is sent again then was already there). The outage comes at any moment of the recording, and nobody tells the client of it. Whole: the server’s merged recording has the SHA-256 of what was recorded. Bytes and times are counted where they reach the gateway, tries that broke off included.`,
    columns: ['trouble', 'what', 'measured', 'goal', ''],
    rows,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
