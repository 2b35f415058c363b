/** What it costs to look after every event. */
import { logHarmEValue } from '../../src/rollout/statistics/harm.ts';
import { logSampleRatioEValue } from '../../src/rollout/statistics/multinomial.ts';
import { relativeRisk } from '../../src/rollout/statistics/relative-risk.ts';
import type { Strata } from '../../src/rollout/statistics/strata.ts';
import { verdict } from '../support/eventlog-figures.ts';
import type { BenchTable } from '../table.ts';

const GOAL_US = 50;
const STRATA: Strata = [0.05, 0.1, 15 / 95, 0.2, 0.4, 0.5].map((share) => ({
  share,
  chunked: 40,
  total: 300,
}));

export function cost(): BenchTable {
  const looks = [
    ['failure or slow guardrail', logHarmEValue, GOAL_US],
    ['sample ratio', logSampleRatioEValue, GOAL_US],
    ['relative risk with bounds (when somebody looks)', (strata: Strata) => relativeRisk(strata, 0.05), null],
  ] as const;
  return {
    title: 'What a look costs',
    intro: 'Six strata, the quickest of ten rounds.',
    columns: ['', 'microseconds', 'goal'],
    rows: looks.map(([name, look, goal]) => {
      const us = microseconds(look);
      return [name, us.toFixed(1), goal === null ? '–' : `≤ ${goal}: ${verdict(us <= goal)}`];
    }),
  };
}

function microseconds(look: (strata: Strata) => unknown): number {
  const rounds = Array.from({ length: 10 }, () => {
    const start = performance.now();
    for (let i = 0; i < 500; i++) look(STRATA);
    return ((performance.now() - start) * 1_000) / 500;
  });
  return Math.min(...rounds);
}
