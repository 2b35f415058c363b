import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../client/src/api-error.ts';
import { problemLines, report } from './report.ts';
import type { Simulation } from './simulate.ts';
import { experiment, rollout } from './testing/documents.ts';
import { record } from './testing/record.ts';

const USUAL: Simulation = {
  records: [
    record({ arm: 'chunked', end: 'failed', meantToFail: true }),
    record({ arm: 'chunked' }),
    record({ arm: 'single' }),
    record({ arm: 'single', end: null }),
  ],
  stages: [5],
  seconds: 2,
  rollout: rollout(),
  experiment: experiment([{ single: { users: 1, sessions: 2, completed: 1, open: 1, failureRate: 0 } }]),
  rollback: null,
  differences: [],
  error: null,
};

describe('the report', () => {
  it('has what was sent and what was counted', () => {
    expect(report(USUAL, 7, 3).split('\n')).toEqual([
      'Simulated traffic, seed 7: 3 users, 4 sessions in 2.0 s (1.5 ended a second)',
      '',
      'at   arm      sessions  completed  failed  lost  open  failure rate  upload wait  total',
      '5 %  chunked         2          1       1     0     0        50.0 %        2.0 s  2.5 s',
      '5 %  single          2          1       0     0     1         0.0 %        2.0 s  2.5 s',
      '',
      'The experiment, as the server has counted it in all:',
      'arm      users  sessions  completed  failed  expired  open  slow  failure rate  total',
      'chunked      0         0          0       0        0     0     0             -      -',
      'single       1         2          1       0        0     1     0         0.0 %      -',
      '',
      'guardrail    e-value  peak  threshold  state',
      'failure            1  1.25         20  quiet',
      'slow               1  1.25         20  quiet',
      'sampleRatio        1  1.25         20  quiet',
      '',
      'open: It is too early to say.',
      '',
      'The rollout is running at 5 %, its flag in-force.',
    ]);
  });

  it('tells a rollback in one line', () => {
    const rollback = {
      at: '2026-01-01T12:00:31Z',
      by: 'autopilot',
      reason: 'chunked fails more often',
      afterSeconds: 31.26,
      chunkedSessions: 46,
      chunkedFailed: 11,
      inForceMs: 1_400,
    };
    expect(report({ ...USUAL, rollback }, 7, 3)).toContain(
      '\nThe autopilot rolled it back after 46 chunked sessions, 11 of which failed, 31.3 s into the run (chunked fails more often). It was in force 1.4 s after the guardrail spoke.',
    );
  });

  it('has nothing of the experiment where there is none', () => {
    const text = report({ ...USUAL, stages: [null], rollout: null, experiment: null }, 7, 3);
    expect(text.split('\n')).toHaveLength(5);
    expect(text).toContain('as it stood  chunked');
  });

  it('says why it ended early', () => {
    const error = new ApiError(409, 'rollout_moved', 'it was moved meanwhile');
    expect(report({ ...USUAL, error }, 7, 3)).toMatch(
      /\n\nIt ended early: it was moved meanwhile \(rollout_moved\)\.$/,
    );
  });

  it('says what is not as it should be, and nothing when all is well', () => {
    expect(problemLines(USUAL)).toEqual([]);
    const wrong = {
      ...USUAL,
      records: [
        record({ end: 'failed', code: 'provider_timeout' }),
        record({ userId: 'goes', percent: 20, arm: 'chunked' }),
        record({ userId: 'goes', percent: 20, arm: 'single' }),
      ],
      differences: ['chunked, failed: 1 here, 0 counted by the server'],
    };
    expect(problemLines(wrong)).toEqual([
      'Counted differently: chunked, failed: 1 here, 0 counted by the server',
      'Ended otherwise than they were to: 1 (failed: provider_timeout)',
      'Lost chunked upload though the percentage did not fall: 1 users, such as goes',
    ]);
  });
});
