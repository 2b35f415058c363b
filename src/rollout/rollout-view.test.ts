import { describe, expect, it } from '@jest/globals';
import { CHUNKED_UPLOAD_PLAN } from '../../flags/cohort-plan.ts';
import {
  AT,
  completed,
  drifted,
  entered,
  paused,
  planned,
  rolledBack,
  synced,
} from '../../test/support/given-rollout.ts';
import type { RolloutEvent } from './events.ts';
import { foldRollout } from './rollout.ts';
import { type LastCheck, rolloutView } from './rollout-view.ts';

const check: LastCheck = { percent: 5, enabled: true, problems: ['stale'], checkedAt: AT };
const failed: RolloutEvent = {
  type: 'FlagSyncFailed',
  data: { at: AT, percent: 5, code: 'unreachable', message: 'it is away' },
};

function viewOf(events: readonly RolloutEvent[], last: LastCheck | null = check) {
  const all = [planned, ...events];
  const rollout = foldRollout(all);
  if (rollout === null) throw new Error('it was planned');
  return rolloutView(rollout, all, null, last, AT);
}

describe('what is read of a rollout', () => {
  it('is where it stands, what comes next, and what the autopilot waits for', () => {
    expect(viewOf([entered(5), synced(5)])).toMatchObject({
      flag: 'chunked-upload',
      state: 'running',
      percent: 5,
      stage: { enteredAt: AT, by: 'person', actor: 'operator:pm', reason: 'because' },
      next: 20,
      plan: CHUNKED_UPLOAD_PLAN,
      attempt: 1,
      autopilot: {
        enabled: false,
        decision: 'hold',
        waitingFor: [
          'the planned time in this stage: 24 h more',
          'enough chunked sessions in this stage: 0 of 200 so far',
          'a gain that holds: it is not shown yet that chunked is faster',
        ],
      },
      effect: {
        state: 'in-force',
        percent: 5,
        enabled: true,
        problems: ['stale'],
        checkedAt: AT,
        error: null,
      },
      moves: 1,
    });
  });

  it('has no next stage at the top, nor when it is complete', () => {
    expect(viewOf([entered(100)]).next).toBeNull();
    expect(viewOf([entered(50), completed]).next).toBeNull();
    expect(viewOf([entered(50), rolledBack(50)]).next).toBe(5);
  });

  it('waits for nothing when it would act', () => {
    const all = [planned, entered(5), synced(5)];
    const breached: RolloutEvent = {
      type: 'GuardrailBreached',
      data: {
        at: AT,
        attempt: 1,
        metric: 'failure',
        evidence: { eValue: 21, threshold: 20, total: 3, chunked: 3, expectedChunked: 0.1, decidedAt: AT },
      },
    };
    const rollout = foldRollout([...all, breached]);
    if (rollout === null) throw new Error('it was planned');
    expect(rolloutView(rollout, all, null, check, AT).autopilot).toEqual({
      enabled: false,
      decision: 'roll-back',
      waitingFor: [],
    });
  });

  it('tells what failed, what drifted, and that nothing was looked at yet', () => {
    expect(viewOf([entered(5), failed]).effect).toMatchObject({
      state: 'failing',
      error: { code: 'unreachable', message: 'it is away' },
    });
    expect(viewOf([entered(5), synced(5), drifted(35)]).effect).toMatchObject({
      state: 'drifted',
      error: null,
    });
    expect(viewOf([entered(5)]).effect.state).toBe('pending');
    expect(viewOf([entered(5)], null).effect).toEqual({
      state: 'unknown',
      percent: null,
      enabled: null,
      problems: [],
      checkedAt: null,
      error: null,
    });
    expect(viewOf([entered(5), synced(5)], null).effect.state).toBe('in-force');
  });

  it('has its last two hundred events, the newest first', () => {
    const many = Array.from({ length: 300 }, (_, index) => (index % 2 === 0 ? paused : synced(5)));
    const { history } = viewOf([entered(5), ...many]);
    expect(history).toHaveLength(200);
    expect(history[0]).toMatchObject({ type: 'FlagSynced' });
    expect(viewOf([entered(5)]).history.map(({ type }) => type)).toEqual(['StageEntered', 'RolloutPlanned']);
  });
});
