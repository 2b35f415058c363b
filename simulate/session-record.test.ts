import { describe, expect, it } from '@jest/globals';
import { countByArm, isInExperiment, reassignedUsers, surprises } from './session-record.ts';
import { record } from './testing/record.ts';

describe('the records of sessions', () => {
  it('are counted by arm and end', () => {
    const records = [
      record({ arm: 'chunked', end: 'completed' }),
      record({ arm: 'chunked', end: 'failed' }),
      record({ arm: 'chunked', end: null }),
      record({ arm: 'single', end: 'lost' }),
      record({ arm: 'single', end: 'expired' }),
    ];
    expect(countByArm(records)).toEqual({
      chunked: { sessions: 3, completed: 1, failed: 1, expired: 0, lost: 0, open: 1 },
      single: { sessions: 2, completed: 0, failed: 0, expired: 1, lost: 1, open: 0 },
    });
  });

  it('belong to the experiment only between 0 and 100 %, and not of internal users', () => {
    expect(isInExperiment(record({ percent: 5, reason: 'control' }))).toBe(true);
    expect(isInExperiment(record({ percent: 0, reason: 'control' }))).toBe(false);
    expect(isInExperiment(record({ percent: 100, reason: 'rollout' }))).toBe(false);
    expect(isInExperiment(record({ percent: 5, reason: 'internal' }))).toBe(false);
  });

  it('tell who lost chunked upload though the percentage did not fall', () => {
    const at = (userId: string, percent: number, arm: 'chunked' | 'single') =>
      record({ userId, percent, arm, reason: arm === 'chunked' ? 'rollout' : 'control' });
    const records = [
      at('stays', 5, 'chunked'),
      at('stays', 20, 'chunked'),
      at('comes', 5, 'single'),
      at('comes', 20, 'chunked'),
      at('goes', 20, 'chunked'),
      at('goes', 20, 'single'),
      at('is taken out by a rollback', 20, 'chunked'),
      at('is taken out by a rollback', 0, 'single'),
    ];
    expect(reassignedUsers(records)).toEqual(['goes']);
  });

  it('tell who ended otherwise than they were to', () => {
    const records = [
      record({ meantToFail: true, end: 'failed' }),
      record({ meantToFail: false, end: 'completed' }),
      record({ meantToFail: true, end: 'completed' }),
      record({ meantToFail: false, end: 'failed', code: 'provider_unavailable' }),
      record({ meantToFail: false, end: 'failed', code: 'provider_unavailable' }),
      record({ end: null }),
    ];
    expect(Object.fromEntries(surprises(records))).toEqual({
      completed: 1,
      'failed: provider_unavailable': 2,
    });
  });
});
