/** The table of what each arm gets, as text: groups of rows, each with the ratio where there is one. */
import type { Arm, ArmName, Comparison, Interval } from './api-types.ts';
import { countText, durationText, shareText } from './figures.ts';
import { words } from './words.ts';

export type ComparisonRow = {
  readonly label: string;
  readonly values: Readonly<Record<ArmName, string>>;
  /** Undefined: there is no ratio of this; null: not yet. */
  readonly ratio?: Interval;
};

export type ComparisonGroup = {
  readonly title: string;
  /** Of all of the group. */
  readonly ratio?: Interval;
  readonly rows: readonly ComparisonRow[];
};

const { groups, rows, times, quantiles } = words.comparison;

export function comparisonGroups({ arms, ratios }: Comparison, slowMs: number): ComparisonGroup[] {
  const row = (label: string, value: (arm: Arm) => string, ratio?: Interval): ComparisonRow => ({
    label,
    values: { chunked: value(arms.chunked), single: value(arms.single) },
    ...(ratio === undefined ? {} : { ratio }),
  });
  const time = (name: keyof typeof times): ComparisonGroup => ({
    title: times[name],
    ratio: ratios[name],
    rows: (['p50', 'p90', 'p95'] as const).map((quantile) =>
      row(quantiles[quantile], (arm) => durationText(arm[name]?.[quantile])),
    ),
  });
  return [
    {
      title: groups.people,
      rows: [
        row(rows.users, ({ users }) => countText(users)),
        row(rows.sessions, ({ sessions }) => countText(sessions)),
        row(rows.open, ({ open }) => countText(open)),
      ],
    },
    {
      title: groups.outcomes,
      rows: [
        row(rows.completed, ({ completed }) => countText(completed)),
        row(rows.failed, ({ failed }) => countText(failed)),
        row(rows.expired, ({ expired }) => countText(expired)),
        row(rows.slow(slowMs), ({ slow }) => countText(slow)),
        {
          label: rows.fellBack,
          // The single arm has nothing to fall back from.
          values: { chunked: countText(arms.chunked.fellBack), single: '–' },
        },
      ],
    },
    {
      title: groups.rates,
      rows: [
        row(rows.completionRate, ({ completionRate }) => shareText(completionRate)),
        row(rows.failureRate, ({ failureRate }) => shareText(failureRate), ratios.failure),
        row(rows.slowRate, ({ slowRate }) => shareText(slowRate), ratios.slow),
      ],
    },
    time('totalMs'),
    time('uploadWaitMs'),
    time('processingMs'),
  ];
}
