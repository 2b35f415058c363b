/** Which time is asked for, and how finely: as Grafana asks, so that a picture shows no more than a person would see. */

/** Unix seconds; every point is at a multiple of `step`, `to` included. */
export type TimeWindow = { readonly from: number; readonly to: number; readonly step: number };

/** More points than pixels show nothing. */
const MOST_POINTS = 400;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];

/** @param shortestStep seconds; how often Prometheus scrapes */
export function timeWindow(from: number, to: number, shortestStep: number): TimeWindow {
  const least = Math.max(shortestStep, (to - from) / MOST_POINTS);
  const step = STEPS.find((size) => size >= least) ?? Math.ceil(least / 86_400) * 86_400;
  return { from: Math.floor(from / step) * step, to: Math.floor(to / step) * step, step };
}

/** All of them, oldest first. */
export function pointsOf({ from, to, step }: TimeWindow): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

const SECONDS = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 } as const;

/** Prometheus' notation, one unit: `30s`, `1h`; null when it is none. */
export function secondsOf(duration: string): number | null {
  const [, count, unit] = /^(\d{1,9})(ms|[smhdw])$/.exec(duration) ?? [];
  return unit === undefined ? null : Number(count) * SECONDS[unit as keyof typeof SECONDS];
}
