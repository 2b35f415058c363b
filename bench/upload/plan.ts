/** How much is run: all of it, or with BENCH_QUICK=1 a short form that shows whether the bench works. */
import { mulberry32 } from '../../src/ai/sandbox/dtmf/encode.ts';

export type Length = { readonly name: string; readonly ms: number };

export type UploadPlan = {
  readonly quick: boolean;
  readonly seed: number;
  readonly lengths: readonly Length[];
  /** Recordings of each length: at 1 Mbit/s chunked; on the slower links and for each other arm. */
  readonly chunked: number;
  readonly others: number;
  /** All begin so that they end within this time after the longest alone would. */
  readonly spreadMs: number;
  readonly survival: {
    readonly lengthMs: number;
    readonly recordings: number;
    readonly offlineMs: number;
  };
};

/** Stop is tapped whenever: up to so much before the length, in half seconds. */
export const EARLIER_MS = 5_000;

export const PLAN: UploadPlan =
  process.env.BENCH_QUICK === '1'
    ? {
        quick: true,
        seed: 4,
        lengths: [
          { name: '10 s', ms: 10_000 },
          { name: '20 s', ms: 20_000 },
          { name: '40 s', ms: 40_000 },
        ],
        chunked: 4,
        others: 2,
        spreadMs: 10_000,
        survival: { lengthMs: 30_000, recordings: 3, offlineMs: 8_000 },
      }
    : {
        quick: false,
        seed: 4,
        lengths: [
          { name: '30 s', ms: 30_000 },
          { name: '2 min', ms: 120_000 },
          { name: '5 min', ms: 300_000 },
          { name: '10 min', ms: 600_000 },
        ],
        chunked: 20,
        others: 10,
        spreadMs: 60_000,
        survival: { lengthMs: 120_000, recordings: 10, offlineMs: 30_000 },
      };

/** Half seconds before the length at which stop is tapped, drawn. */
export function drawEarlier(random: () => number): number {
  return Math.floor(random() * (EARLIER_MS / 500)) * 500;
}

export function seeded(seed: number): () => number {
  return mulberry32(seed);
}

export function quickNote(plan: UploadPlan): string {
  return plan.quick
    ? '**A quick run (BENCH_QUICK=1): too short and too few to say whether goals are met.** '
    : '';
}
