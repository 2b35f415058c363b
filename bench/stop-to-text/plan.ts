/** What is recorded over which links, and how often. */
import type { Length } from '../upload/plan.ts';

export type LinkKind = { readonly kilobits: number; readonly rttMs: number };

export type StopToTextPlan = {
  readonly quick: boolean;
  readonly seed: number;
  readonly lengths: readonly Length[];
  readonly links: readonly LinkKind[];
  /** Recordings of each length: ours at `GOAL_KILOBITS` and over the other links, and each of the others. */
  readonly ours: { readonly atGoal: number; readonly elsewhere: number };
  readonly others: { readonly atGoal: number; readonly elsewhere: number };
  /** The stops of the longest recordings are spread over so much. */
  readonly spreadMs: number;
};

/** The uplink of which the goals speak. */
export const GOAL_KILOBITS = 1_000;

/** The longest alone take ten minutes, and a 256 kbit/s link three more for the single upload: some 14 minutes. */
const FULL: StopToTextPlan = {
  quick: false,
  seed: 7,
  lengths: [
    { name: '30 s', ms: 30_000 },
    { name: '2 min', ms: 120_000 },
    { name: '5 min', ms: 300_000 },
    { name: '10 min', ms: 600_000 },
  ],
  links: linksOf([256, GOAL_KILOBITS, 5_000]),
  ours: { atGoal: 8, elsewhere: 3 },
  others: { atGoal: 3, elsewhere: 2 },
  spreadMs: 60_000,
};

const QUICK: StopToTextPlan = {
  ...FULL,
  quick: true,
  lengths: FULL.lengths.slice(0, 2),
  links: linksOf([256, GOAL_KILOBITS]),
  ours: { atGoal: 4, elsewhere: 2 },
  others: { atGoal: 2, elsewhere: 1 },
  spreadMs: 30_000,
};

export function planOf({ quick }: { readonly quick: boolean }): StopToTextPlan {
  return quick ? QUICK : FULL;
}

export function quickNote({ quick }: { readonly quick: boolean }): string {
  return quick ? '**A quick run (--quick): too short and too few to say whether goals are met.** ' : '';
}

function linksOf(kilobits: readonly number[]): LinkKind[] {
  return kilobits.flatMap((each) => [40, 200].map((rttMs) => ({ kilobits: each, rttMs })));
}

export function linkName({ kilobits, rttMs }: LinkKind): string {
  return `${kilobits < 1_000 ? `${kilobits} kbit/s` : `${kilobits / 1_000} Mbit/s`}, ${rttMs} ms`;
}
