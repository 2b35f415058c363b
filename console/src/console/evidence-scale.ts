/** The axis of the chart of e-values over time: logarithms, and as high as what is drawn. */
import type { ExperimentAnswer, GuardrailName } from './api-types.ts';

/** Less than this is drawn here: evidence of no harm has no end downwards, and nothing happens there. */
export const LOWEST = 0.01;
/** More than this is drawn here. */
const HIGHEST = 1e6;
/** Marks of the time axis; on a narrow page some are left out. */
const TIMES = 7;

export type EvidencePoint = { readonly at: number } & Readonly<Record<GuardrailName, number>>;

export type EvidenceScale = {
  readonly points: readonly EvidencePoint[];
  readonly top: number;
  readonly ticks: readonly number[];
  /** Evenly from the first point to the last. */
  readonly times: readonly number[];
};

export function evidenceScale({
  timeline,
  guardrails,
}: Pick<ExperimentAnswer, 'timeline' | 'guardrails'>): EvidenceScale {
  const drawn = (eValue: number) => Math.min(HIGHEST, Math.max(LOWEST, eValue));
  const points = timeline.map(({ at, failure, slow, sampleRatio }) => ({
    at: Date.parse(at),
    failure: drawn(failure),
    slow: drawn(slow),
    sampleRatio: drawn(sampleRatio),
  }));
  const thresholds = Object.values(guardrails).map(({ threshold }) => threshold);
  const highest = Math.max(
    ...thresholds,
    ...points.flatMap(({ failure, slow, sampleRatio }) => [failure, slow, sampleRatio]),
  );
  // Above the highest line there is room to see it crossed.
  const tens = Math.min(6, Math.floor(Math.log10(highest)) + 1);
  const ticks = Array.from({ length: tens + 3 }, (_, step) => 10 ** (step - 2));
  const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  const times = Array.from({ length: TIMES }, (_, step) => first + ((last - first) * step) / (TIMES - 1));
  return { points, top: 10 ** tens, ticks, times };
}

/** At most `most` of them, the first and the last among them: a table that one can read. */
export function thinned<T>(points: readonly T[], most: number): readonly T[] {
  if (points.length <= most) return points;
  const step = (points.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, at) => points[Math.round(at * step)] as T);
}
