import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  AT,
  completed,
  entered,
  paused,
  planned,
  rolledBack,
  synced,
} from '../../test/support/given-rollout.ts';
import type { BreachEvidence, RolloutEvent } from './events.ts';
import { advise, duration, type Evidence, type TestName } from './policy.ts';
import { foldRollout, type Rollout } from './rollout.ts';

const HOUR = 3_600_000;
const later = (ms: number) => new Date(Date.parse(AT) + ms).toISOString();
const breach: BreachEvidence = {
  eValue: 21,
  threshold: 20,
  total: 30,
  chunked: 8,
  expectedChunked: 1.5,
  decidedAt: AT,
};
const good: Evidence = {
  attempt: 1,
  breaches: {},
  watched: [],
  endedInStage: 200,
  gain: { estimate: 0.3, low: 0.2, high: 0.4 },
};

function rolloutAfter(...events: readonly RolloutEvent[]): Rollout {
  const rollout = foldRollout([planned, ...events]);
  if (rollout === null) throw new Error('it was planned');
  return rollout;
}
const at5 = rolloutAfter(entered(5), synced(5));

describe('the autopilot', () => {
  it('goes on when time and sessions are reached, nothing objects and the gain is shown', () => {
    expect(advise(at5, good, later(24 * HOUR))).toMatchObject({ decision: 'advance', percent: 20 });
  });

  it('waits for the planned time, and says how much is left', () => {
    expect(advise(at5, good, later(22 * HOUR))).toEqual({
      decision: 'hold',
      reasons: ['the planned time in this stage: 2 h more'],
    });
  });

  it('waits, too, when the clock has jumped back', () => {
    expect(advise(at5, good, later(-100 * HOUR))).toEqual({
      decision: 'hold',
      reasons: ['the planned time in this stage: 24 h more'],
    });
  });

  it('holds on insufficient data', () => {
    expect(advise(at5, { ...good, endedInStage: 37 }, later(30 * HOUR)).reasons).toEqual([
      'enough chunked sessions in this stage: 37 of 200 so far',
    ]);
    expect(advise(at5, null, later(30 * HOUR)).decision).toBe('hold');
  });

  it('waits for a gain that holds', () => {
    for (const gain of [null, { estimate: 0.9, low: 0.7, high: 1.1 }])
      expect(advise(at5, { ...good, gain }, later(30 * HOUR)).reasons).toEqual([
        'a gain that holds: it is not shown yet that chunked is faster',
      ]);
  });

  it('waits while a guardrail leans towards speaking', () => {
    expect(advise(at5, { ...good, watched: ['failure'] }, later(30 * HOUR)).decision).toBe('hold');
  });

  it('waits until what is wanted is in force', () => {
    expect(advise(rolloutAfter(entered(5)), good, later(30 * HOUR)).reasons).toEqual([
      '5 % must be in force in Unleash first',
    ]);
    const drift: RolloutEvent = {
      type: 'FlagDriftDetected',
      data: { at: AT, expectedPercent: 5, actualPercent: 35, enabled: true, problems: [] },
    };
    expect(advise(rolloutAfter(entered(5), synced(5), drift), good, later(30 * HOUR)).reasons).toEqual([
      'somebody moved the flag in Unleash: decide what shall hold',
    ]);
  });

  it.each(['failure', 'slow'] as const)(
    'rolls back on a breach of %s, at once and also while paused',
    (test) => {
      const evidence = { ...good, breaches: { [test]: breach } };
      expect(advise(at5, evidence, AT).decision).toBe('roll-back');
      expect(advise(rolloutAfter(entered(5), paused), evidence, AT).decision).toBe('roll-back');
    },
  );

  it('pauses when the arms are not of the sizes they should be', () => {
    const evidence = { ...good, breaches: { sampleRatio: breach } };
    expect(advise(at5, evidence, AT).decision).toBe('pause');
    expect(advise(rolloutAfter(entered(5), paused), evidence, AT).decision).toBe('hold');
  });

  it('does not believe evidence of another attempt', () => {
    const second = rolloutAfter(entered(5), rolledBack(5), entered(5, 2), synced(5));
    expect(advise(second, { ...good, breaches: { failure: breach } }, AT).decision).toBe('hold');
  });

  it('completes at 100 % after its time, with nobody left to compare with', () => {
    const all = rolloutAfter(entered(100), synced(100));
    const evidence = { ...good, endedInStage: 5_000, gain: null };
    expect(advise(all, evidence, later(73 * HOUR)).decision).toBe('complete');
  });

  it('takes nothing up again after a rollback, whatever it is shown', () => {
    const tests: TestName[] = ['failure', 'slow', 'sampleRatio'];
    const anyEvidence = fc.record({
      attempt: fc.integer({ min: 1, max: 3 }),
      breaches: fc
        .subarray(tests)
        .map((some) => Object.fromEntries(some.map((test) => [test, breach])) as Evidence['breaches']),
      watched: fc.subarray(tests),
      endedInStage: fc.nat(100_000),
      gain: fc.constantFrom(null, { estimate: 0.1, low: 0.05, high: 0.2 }),
    });
    fc.assert(
      fc.property(anyEvidence, fc.integer({ min: -1e10, max: 1e12 }), (evidence, ms) => {
        const rollout = { ...rolloutAfter(entered(20), rolledBack(20), synced(0)), autopilot: true };
        expect(advise(rollout, evidence, later(ms)).decision).toBe('hold');
      }),
    );
  });

  it('never goes up by a move that was not planned', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), (percent) => {
        const rollout = rolloutAfter(entered(percent), synced(percent));
        const advice = advise(rollout, { ...good, endedInStage: 1e6 }, later(1_000 * HOUR));
        expect(advice.decision).toBe('advance');
        expect([5, 20, 50, 100]).toContain(advice.percent);
        expect(advice.percent).toBeGreaterThan(percent);
      }),
    );
  });

  it('leaves it to a person to resume', () => {
    expect(advise(rolloutAfter(entered(5), synced(5), paused), good, later(100 * HOUR)).decision).toBe(
      'hold',
    );
  });
});

describe('what the autopilot says of its reasons', () => {
  const breached = (...tests: TestName[]): Evidence => ({
    ...good,
    breaches: Object.fromEntries(tests.map((test) => [test, breach])),
  });
  const watching = (test: TestName): Evidence => ({ ...good, watched: [test] });
  const all = rolloutAfter(entered(100), synced(100));
  const day = later(24 * HOUR);

  it.each<[string, Rollout, Evidence | null, string, string[]]>([
    [
      'before it has begun',
      rolloutAfter(),
      good,
      'hold',
      ['the rollout has not begun: enter the first stage'],
    ],
    [
      'after a rollback',
      rolloutAfter(entered(5), rolledBack(5)),
      good,
      'hold',
      ['it was rolled back: only a person takes it up again'],
    ],
    ['when it is complete', rolloutAfter(entered(100), completed), good, 'hold', ['it is complete']],
    ['while paused', rolloutAfter(entered(5), paused), good, 'hold', ['it is paused: resume it first']],
    [
      'when both arms’ harm is shown',
      at5,
      breached('slow', 'failure'),
      'roll-back',
      ['chunked fails more often than single', 'chunked is slow more often than single'],
    ],
    [
      'when the arms’ sizes are wrong',
      at5,
      breached('sampleRatio'),
      'pause',
      ['the arms are not of the sizes they should be, so nothing measured can be trusted'],
    ],
    [
      'while failures are watched',
      at5,
      watching('failure'),
      'hold',
      ['chunked may fail more often: that guardrail must calm down first'],
    ],
    [
      'while slowness is watched',
      at5,
      watching('slow'),
      'hold',
      ['chunked may be slow more often: that guardrail must calm down first'],
    ],
    [
      'while the sizes are watched',
      at5,
      watching('sampleRatio'),
      'hold',
      ['the sizes of the arms look doubtful: that must clear first'],
    ],
    [
      'when all is reached',
      at5,
      good,
      'advance',
      ['the planned time and sessions are reached, no guardrail objects, and chunked is faster'],
    ],
    [
      'at the end',
      all,
      { ...good, endedInStage: 5_000 },
      'complete',
      ['everybody has had it for the planned time, with enough sessions'],
    ],
    [
      'while there is no evidence yet',
      at5,
      null,
      'hold',
      [
        'enough chunked sessions in this stage: 0 of 200 so far',
        'a gain that holds: it is not shown yet that chunked is faster',
      ],
    ],
  ])('%s', (_when, rollout, evidence, decision, reasons) => {
    const now = rollout === all ? later(72 * HOUR) : day;
    expect(advise(rollout, evidence, now)).toEqual({
      decision,
      reasons,
      ...(decision === 'advance' && { percent: 20 }),
    });
  });

  it('takes a gain whose bound is no gain for none', () => {
    const even = { ...good, gain: { estimate: 0.9, low: 0.8, high: 1 } };
    expect(advise(at5, even, day).decision).toBe('hold');
  });

  it('asks between two stages for what the lower one asks, below the first for what that asks', () => {
    const between = rolloutAfter(entered(7), synced(7));
    const below = rolloutAfter(entered(2), synced(2));
    for (const rollout of [between, below])
      expect(advise(rollout, { ...good, endedInStage: 10 }, later(23 * HOUR)).reasons).toEqual([
        'the planned time in this stage: 60 min more',
        'enough chunked sessions in this stage: 10 of 200 so far',
      ]);
  });
});

describe('a duration', () => {
  it.each([
    [0, '0 s'],
    [90_000, '90 s'],
    [119_000, '119 s'],
    [120_000, '2 min'],
    [10 * 60_000, '10 min'],
    [2.5 * HOUR, '2 h 30 min'],
    [48 * HOUR, '2 d'],
    [51 * HOUR, '2 d 3 h'],
  ])('of %s ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
