import { describe, expect, it } from '@jest/globals';
import { namedSeries, unknownSeries } from './named-series.ts';

describe('the series that an expression names', () => {
  it('are found with their labels, in functions and sums too', () => {
    expect(
      namedSeries(
        'histogram_quantile(0.95, sum by (le) (rate(thankly_step_seconds_bucket{step="merge",result!="done"}[5m]))) / max(up{job="x"})',
      ),
    ).toEqual([
      { name: 'thankly_step_seconds_bucket', labels: ['step', 'result'] },
      { name: 'up', labels: ['job'] },
    ]);
  });

  it('leave out what is recorded by a rule', () => {
    expect(namedSeries('variant:thankly_sessions_failed:increase5m > 4')).toEqual([]);
  });

  it.each([
    ['thankly_step_seconds_bucket', ['le', 'step'], null],
    ['thankly_dead_letters', ['step', 'instance'], null],
    [
      'thankly_step_seconds',
      [],
      'thankly_step_seconds: a histogram is read by _bucket, _sum or _count, and nothing else is',
    ],
    ['thankly_step_total', [], 'thankly_step_total is no metric of the application'],
    ['thankly_dead_letters', ['variant'], 'thankly_dead_letters has no label variant'],
    ['thankly_dead_letters', ['le'], 'thankly_dead_letters has no label le'],
  ])('%s by %j: %s', (name, labels, expected) => {
    expect(unknownSeries({ name, labels })).toBe(expected);
  });
});
