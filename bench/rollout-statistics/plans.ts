/** How the percentage goes up over a run of sessions. */

export const SESSIONS = 10_000;

/** Decides the percentage of the next session; `looksBetter`: chunked has failed no more often in this stage so far. */
export type Plan = {
  readonly name: string;
  readonly percent: (session: number, now: number, inStage: number, looksBetter: () => boolean) => number;
};

const STEPS = [5, 20, 50];
export const AT_5: Plan = { name: '5 %', percent: () => 5 };
export const AT_20: Plan = { name: '20 %', percent: () => 20 };
export const STAGED: Plan = {
  name: '5 → 20 → 50 %',
  percent: (session) => STEPS[Math.floor((3 * session) / SESSIONS)] ?? 50,
};
export const WHEN_BETTER: Plan = {
  name: '5 → 20 → 50 %, each when chunked looks better',
  percent: (_, now, inStage, looksBetter) =>
    inStage >= 2_000 && looksBetter() ? (STEPS[STEPS.indexOf(now) + 1] ?? now) : now,
};
