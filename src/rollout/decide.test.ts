import { describe, it } from '@jest/globals';
import { CHUNKED_UPLOAD_PLAN } from '../../flags/cohort-plan.ts';
import {
  AT,
  completed,
  drifted,
  entered,
  givenRollout,
  PERSON,
  paused,
  planned,
  rolledBack,
  synced,
} from '../../test/support/given-rollout.ts';
import type { BreachEvidence, RolloutEvent } from './events.ts';

const now = '2026-11-24T11:00:00.000Z';
const enter = (percent: number, reason = 'because') =>
  ({ type: 'EnterStage', now, percent, ...PERSON, reason }) as const;
const move = (type: 'Pause' | 'Resume' | 'RollBack' | 'Complete') => ({ type, now, ...PERSON }) as const;
const effect = (percent: number | null, moves: number, more: object = {}) =>
  ({
    type: 'ReportEffect',
    now,
    moves,
    percent,
    enabled: true,
    problems: [],
    written: false,
    ...more,
  }) as const;
const failure = (code: string) =>
  ({ type: 'ReportSyncFailure', now, code, message: 'Unleash says no' }) as const;
const evidence: BreachEvidence = {
  eValue: 25,
  threshold: 20,
  total: 40,
  chunked: 9,
  expectedChunked: 2,
  decidedAt: AT,
};
const breach = { type: 'ReportBreach', now, metric: 'failure', attempt: 1, evidence } as const;
const failed: RolloutEvent = {
  type: 'FlagSyncFailed',
  data: { at: AT, percent: 5, code: 'unreachable', message: 'no answer' },
};

describe('planning a rollout', () => {
  const plan = {
    type: 'PlanRollout',
    now,
    flag: 'chunked-upload',
    plan: CHUNKED_UPLOAD_PLAN,
    ...PERSON,
  } as const;

  it('stands where the flag stands', () => {
    givenRollout()
      .when({ ...plan, percent: 5 })
      .thenAppended(
        { type: 'RolloutPlanned', data: { flag: 'chunked-upload' } },
        { type: 'StageEntered', data: { percent: 5, attempt: 1 } },
      );
  });

  it('has no stage while the flag stands at 0 %', () => {
    givenRollout()
      .when({ ...plan, percent: 0 })
      .thenAppended({ type: 'RolloutPlanned' });
  });

  it('happens once', () => {
    givenRollout(planned, entered(5))
      .when({ ...plan, percent: 50 })
      .thenNothing();
  });

  it('comes before every move', () => {
    givenRollout().when(enter(5)).thenRejected('rollout_not_planned');
  });
});

describe('entering a stage', () => {
  it('moves to the next stage, and says who and why', () => {
    givenRollout(planned, entered(5))
      .when(enter(20))
      .thenAppended({
        type: 'StageEntered',
        data: { at: now, percent: 20, skipped: [], attempt: 1, ...PERSON },
      });
  });

  it('writes down which stages were left out', () => {
    givenRollout(planned, entered(5))
      .when(enter(100, 'everybody is waiting for it'))
      .thenAppended({
        type: 'StageEntered',
        data: { skipped: [20, 50], reason: 'everybody is waiting for it' },
      });
  });

  it('needs a reason', () => {
    givenRollout(planned, entered(5)).when(enter(100, '  ')).thenRejected('reason_missing');
  });

  it.each([-1, 101, 5.5, Number.NaN])('refuses %s %%', (percent) => {
    givenRollout(planned, entered(5)).when(enter(percent)).thenRejected('percent_invalid');
  });

  it('may go down, also while paused', () => {
    givenRollout(planned, entered(50), paused)
      .when(enter(20))
      .thenAppended({ type: 'StageEntered', data: { percent: 20, skipped: [] } });
  });

  it('does not go up while paused', () => {
    givenRollout(planned, entered(5), paused).when(enter(20)).thenRejected('rollout_paused');
  });

  it('is refused where the rollout stands already', () => {
    givenRollout(planned, entered(5)).when(enter(5)).thenRejected('already_there');
  });

  it('puts back a flag that was moved by hand', () => {
    givenRollout(planned, entered(5), synced(5), drifted(35))
      .when(enter(5))
      .thenAppended({ type: 'StageEntered', data: { percent: 5 } });
  });

  it('begins a new attempt after a rollback', () => {
    givenRollout(planned, entered(20), rolledBack(20))
      .when(enter(5))
      .thenAppended({ type: 'StageEntered', data: { percent: 5, attempt: 2 } });
  });

  it('at 0 % is a rollback', () => {
    givenRollout(planned, entered(20))
      .when(enter(0))
      .thenAppended({ type: 'RolledBack', data: { fromPercent: 20 } });
  });
});

describe('pausing, resuming, rolling back, completing', () => {
  it('pauses once, and resumes', () => {
    givenRollout(planned, entered(5)).when(move('Pause')).thenAppended({ type: 'RolloutPaused' });
    givenRollout(planned, entered(5), paused).when(move('Pause')).thenNothing();
    givenRollout(planned, entered(5), paused).when(move('Resume')).thenAppended({ type: 'RolloutResumed' });
    givenRollout(planned, entered(5)).when(move('Resume')).thenNothing();
  });

  it('rolls back from anywhere but 0 %', () => {
    givenRollout(planned, entered(5), paused)
      .when(move('RollBack'))
      .thenAppended({ type: 'RolledBack', data: { fromPercent: 5 } });
    givenRollout(planned, entered(5), rolledBack(5)).when(move('RollBack')).thenRejected('already_there');
  });

  it('rolls back once more when somebody moved the flag up by hand afterwards', () => {
    givenRollout(planned, entered(5), rolledBack(5), synced(0), drifted(5))
      .when(move('RollBack'))
      .thenAppended({ type: 'RolledBack', data: { fromPercent: 0 } });
  });

  it('can neither be paused nor resumed after a rollback', () => {
    givenRollout(planned, entered(5), rolledBack(5)).when(move('Pause')).thenRejected('rollout_not_running');
    givenRollout(planned, entered(5), rolledBack(5)).when(move('Resume')).thenRejected('not_paused');
  });

  it('is completed at 100 % only', () => {
    givenRollout(planned, entered(50)).when(move('Complete')).thenRejected('not_complete_yet');
    givenRollout(planned, entered(100)).when(move('Complete')).thenAppended({ type: 'RolloutCompleted' });
  });
});

describe('every move', () => {
  const running = [planned, entered(5), synced(5)];
  const whole = [planned, entered(100), synced(100)];
  it.each([
    ['Pause', running, 'RolloutPaused'],
    ['Resume', [...running, paused], 'RolloutResumed'],
    ['RollBack', running, 'RolledBack'],
    ['Complete', whole, 'RolloutCompleted'],
  ] as const)('%s: says when, by whom and why', (type, before, event) => {
    givenRollout(...before)
      .when(move(type))
      .thenAppended({ type: event, data: { at: now, ...PERSON } });
  });

  it('that was made already changes nothing', () => {
    givenRollout(...running, paused)
      .when(move('Pause'))
      .thenNothing();
    givenRollout(...running)
      .when(move('Resume'))
      .thenNothing();
    givenRollout(...whole, completed)
      .when(move('Complete'))
      .thenNothing();
  });

  it('is refused where the rollout is past it', () => {
    givenRollout(...whole, completed)
      .when(move('Pause'))
      .thenRejected('rollout_not_running');
    givenRollout(...whole, completed)
      .when(move('Resume'))
      .thenRejected('not_paused');
    givenRollout(...whole, paused)
      .when(move('Complete'))
      .thenRejected('rollout_not_running');
    givenRollout(...running, paused)
      .when(enter(5))
      .thenRejected('already_there');
    givenRollout(...running)
      .when(enter(101))
      .thenRejected('percent_invalid');
    givenRollout(...running)
      .when(enter(-1))
      .thenRejected('percent_invalid');
    givenRollout(...running)
      .when(enter(5.5))
      .thenRejected('percent_invalid');
  });

  it('to where a paused rollout stands puts back a flag that was moved by hand', () => {
    givenRollout(...running, paused, drifted(35))
      .when(enter(5))
      .thenAppended({ type: 'StageEntered', data: { percent: 5 } });
  });
});

describe('the autopilot', () => {
  const set = (enabled: boolean) => ({ type: 'SetAutopilot', now, enabled, ...PERSON }) as const;
  const on: RolloutEvent = { type: 'AutopilotSet', data: { at: AT, enabled: true, ...PERSON } };

  it('is off by default and switched by people', () => {
    givenRollout(planned, entered(5)).when(set(false)).thenNothing();
    givenRollout(planned, entered(5))
      .when(set(true))
      .thenAppended({ type: 'AutopilotSet', data: { enabled: true } });
    givenRollout(planned, entered(5), on).when(set(true)).thenNothing();
  });

  it('may be switched on while paused: it waits until the rollout is resumed', () => {
    givenRollout(planned, entered(5), paused)
      .when(set(true))
      .thenAppended({ type: 'AutopilotSet', data: { enabled: true } });
  });

  it('is off after a rollback, and cannot be switched on before a person has entered a stage', () => {
    givenRollout(planned, entered(5), on, rolledBack(5)).when(set(false)).thenNothing();
    givenRollout(planned, entered(5), on, rolledBack(5)).when(set(true)).thenRejected('rollout_not_running');
  });
});

describe('a test that has spoken', () => {
  it('is written down once an attempt', () => {
    const breached: RolloutEvent = {
      type: 'GuardrailBreached',
      data: { at: AT, metric: 'failure', attempt: 1, evidence },
    };
    givenRollout(planned, entered(5))
      .when(breach)
      .thenAppended({ type: 'GuardrailBreached', data: { metric: 'failure', evidence } });
    givenRollout(planned, entered(5), breached).when(breach).thenNothing();
    givenRollout(planned, entered(5), breached, rolledBack(5), entered(5, 2))
      .when({ ...breach, attempt: 2 })
      .thenAppended({ type: 'GuardrailBreached' });
  });

  it('of an earlier attempt says nothing about this one', () => {
    givenRollout(planned, entered(5), rolledBack(5), entered(5, 2)).when(breach).thenNothing();
  });

  it('is a mismatch when it is about the sizes of the arms', () => {
    givenRollout(planned, entered(5))
      .when({ ...breach, metric: 'sampleRatio' })
      .thenAppended({ type: 'SampleRatioMismatchDetected', data: { at: now, attempt: 1, evidence } });
  });
});

describe('what the flag server says', () => {
  it('confirms what is wanted, once', () => {
    givenRollout(planned, entered(5))
      .when(effect(5, 1, { written: true }))
      .thenAppended({ type: 'FlagSynced', data: { percent: 5 } });
    givenRollout(planned, entered(5), synced(5)).when(effect(5, 1)).thenNothing();
  });

  it('is no drift before the move was written', () => {
    givenRollout(planned, entered(5), synced(5), entered(20)).when(effect(5, 2)).thenNothing();
  });

  it('says nothing when it is older than the newest move', () => {
    givenRollout(planned, entered(5), synced(5), entered(20))
      .when(effect(5, 1, { written: true }))
      .thenNothing();
  });

  it('is a drift when what was in force is no more, told once for each state it is found in', () => {
    const before = [planned, entered(5), synced(5)];
    givenRollout(...before)
      .when(effect(35, 1))
      .thenAppended({ type: 'FlagDriftDetected', data: { expectedPercent: 5, actualPercent: 35 } });
    givenRollout(...before, drifted(35))
      .when(effect(35, 1))
      .thenNothing();
    for (const other of [
      effect(40, 1),
      effect(35, 1, { enabled: false }),
      effect(35, 1, { problems: ['strategy_changed'] }),
    ])
      givenRollout(...before, drifted(35))
        .when(other)
        .thenAppended({ type: 'FlagDriftDetected' });
  });

  it.each(['flag_archived', 'flag_missing', 'strategy_changed', 'payload_invalid'])(
    'is a drift with %s',
    (problem) => {
      givenRollout(planned, entered(5), synced(5))
        .when(effect(5, 1, { problems: [problem] }))
        .thenAppended({ type: 'FlagDriftDetected', data: { problems: [problem] } });
    },
  );

  it('is in force again when somebody has put it back', () => {
    givenRollout(planned, entered(5), synced(5), drifted(35))
      .when(effect(5, 1))
      .thenAppended({ type: 'FlagSynced' });
  });

  it('is a drift when what was just written reads otherwise', () => {
    givenRollout(planned, entered(5))
      .when(effect(0, 1, { written: true }))
      .thenAppended({ type: 'FlagDriftDetected' });
  });

  it('is a failure told once while it lasts, however long, and again when it is another', () => {
    givenRollout(planned, entered(5), synced(5))
      .when(failure('unreachable'))
      .thenAppended({ type: 'FlagSyncFailed', data: { code: 'unreachable' } });
    givenRollout(planned, entered(5), failed).when(failure('unreachable')).thenNothing();
    givenRollout(planned, entered(5), failed)
      .when(failure('forbidden'))
      .thenAppended({ type: 'FlagSyncFailed' });
  });

  it('still has to be written when the flag server was away during the move', () => {
    givenRollout(planned, entered(5), failed).when(effect(0, 1)).thenNothing();
    givenRollout(planned, entered(5), failed)
      .when(effect(5, 1, { written: true }))
      .thenAppended({ type: 'FlagSynced' });
  });
});
