import { describe, expect, it } from '@jest/globals';
import { differences } from './compare-counts.ts';
import { experiment } from './testing/documents.ts';
import { record } from './testing/record.ts';

const SENT = [
  record({ arm: 'chunked', end: 'failed' }),
  record({ arm: 'chunked', end: 'completed' }),
  record({ arm: 'single', end: 'completed' }),
  record({ percent: 100, end: 'completed' }),
];
const COUNTED = {
  chunked: { sessions: 2, completed: 1, failed: 1 },
  single: { sessions: 1, completed: 1 },
};

describe('what was sent against what was counted', () => {
  it('agrees when the server counted each, and those outside of the experiment apart', () => {
    expect(differences(SENT, experiment(), experiment([COUNTED], 1))).toEqual([]);
  });

  it('leaves out what was counted before, and adds the stages of this run', () => {
    const before = experiment([{ chunked: { sessions: 50, failed: 9 } }], 3);
    const after = experiment(
      [{ chunked: { sessions: 51, failed: 10 } }, { ...COUNTED, chunked: { sessions: 1, completed: 1 } }],
      4,
    );
    expect(differences(SENT, before, after)).toEqual([]);
  });

  it('takes a stage at 0 or 100 % for what is outside', () => {
    const all = { percent: 100, chunked: { sessions: 1, completed: 1 } };
    expect(differences(SENT, experiment(), experiment([COUNTED, all]))).toEqual([]);
  });

  it('says each difference', () => {
    const after = experiment([{ ...COUNTED, chunked: { sessions: 3, completed: 1, failed: 2 } }]);
    expect(differences(SENT, experiment(), after)).toEqual([
      'chunked, sessions: 2 here, 3 counted by the server',
      'chunked, failed: 1 here, 2 counted by the server',
      'outside the experiment: 1 here, 0 counted by the server',
    ]);
  });
});
