import { describe, expect, it } from '@jest/globals';
import {
  AT,
  completed,
  drifted,
  entered,
  PERSON,
  paused,
  planned,
  rolledBack,
  synced,
} from '../../test/support/given-rollout.ts';
import type { RolloutEvent } from './events.ts';
import { foldRollout } from './rollout.ts';

const LATER = '2026-11-25T10:00:00.000Z';
const evidence = { eValue: 21, threshold: 20, total: 3, chunked: 3, expectedChunked: 0.1, decidedAt: AT };
const breached: RolloutEvent = {
  type: 'GuardrailBreached',
  data: { at: AT, attempt: 1, metric: 'slow', evidence },
};
const mismatch: RolloutEvent = {
  type: 'SampleRatioMismatchDetected',
  data: { at: AT, attempt: 1, evidence },
};
const resumed: RolloutEvent = { type: 'RolloutResumed', data: { at: AT, ...PERSON } };
const autopilot: RolloutEvent = { type: 'AutopilotSet', data: { at: AT, enabled: true, ...PERSON } };
const failed: RolloutEvent = {
  type: 'FlagSyncFailed',
  data: { at: AT, percent: 5, code: 'unreachable', message: 'it is away' },
};
const foldAfter = (...events: readonly RolloutEvent[]) => foldRollout([planned, ...events]);

describe('a rollout', () => {
  it('is nothing before it is planned, and planned once', () => {
    expect(foldRollout([entered(5), synced(5)])).toBeNull();
    expect(foldAfter(entered(20), planned)).toEqual(foldAfter(entered(20)));
  });

  it('begins at nothing, wanted by who planned it', () => {
    expect(foldAfter()).toEqual({
      flag: 'chunked-upload',
      plan: planned.type === 'RolloutPlanned' && planned.data.plan,
      phase: 'planned',
      percent: 0,
      stage: { enteredAt: AT, by: 'system', actor: 'system:start', reason: 'the first start' },
      attempt: 1,
      autopilot: false,
      moves: 0,
      effect: { state: 'pending' },
      breached: [],
    });
  });

  it('enters a stage: it runs, unless it is paused, and what is wanted is to be read back', () => {
    const next: RolloutEvent = {
      type: 'StageEntered',
      data: { at: LATER, percent: 20, attempt: 1, skipped: [], ...PERSON },
    };
    expect(foldAfter(entered(5), synced(5), next)).toMatchObject({
      phase: 'running',
      percent: 20,
      stage: { enteredAt: LATER, ...PERSON },
      effect: { state: 'pending' },
      moves: 2,
    });
    expect(foldAfter(entered(20), paused, entered(5))).toMatchObject({
      phase: 'paused',
      percent: 5,
      moves: 3,
    });
    expect(foldAfter(entered(20), paused, resumed)).toMatchObject({
      phase: 'running',
      percent: 20,
      moves: 3,
    });
  });

  it('keeps what has spoken for as long as the attempt lasts', () => {
    expect(foldAfter(entered(5), breached, mismatch, entered(20))?.breached).toEqual(['slow', 'sampleRatio']);
    expect(foldAfter(entered(5), breached, rolledBack(5), entered(5, 2))).toMatchObject({
      attempt: 2,
      breached: [],
    });
    expect(foldAfter(entered(5), breached)?.moves).toBe(1);
  });

  it('is rolled back to nothing, and goes up again by no autopilot', () => {
    expect(foldAfter(entered(20), autopilot)).toMatchObject({ autopilot: true, moves: 2 });
    expect(foldAfter(entered(20), synced(20), autopilot, rolledBack(20))).toMatchObject({
      phase: 'rolled-back',
      percent: 0,
      stage: { enteredAt: AT, ...PERSON },
      autopilot: false,
      effect: { state: 'pending' },
      moves: 3,
    });
    expect(foldAfter(entered(100), autopilot, completed)).toMatchObject({
      phase: 'completed',
      percent: 100,
      autopilot: false,
      moves: 3,
    });
  });

  it('knows what was read of the flag server, and whether what is wanted was in force before it was away', () => {
    expect(foldAfter(entered(5), synced(5))?.effect).toEqual({ state: 'in-force' });
    expect(foldAfter(entered(5), drifted(35, ['odd']))?.effect).toEqual({
      state: 'drifted',
      percent: 35,
      enabled: true,
      problems: ['odd'],
    });
    const away = { state: 'failing', code: 'unreachable', message: 'it is away' };
    expect(foldAfter(entered(5), failed)?.effect).toEqual({ ...away, wasInForce: false });
    expect(foldAfter(entered(5), failed, failed)?.effect).toEqual({ ...away, wasInForce: false });
    expect(foldAfter(entered(5), synced(5), failed)?.effect).toEqual({ ...away, wasInForce: true });
    expect(foldAfter(entered(5), synced(5), failed, failed)?.effect).toEqual({ ...away, wasInForce: true });
    expect(foldAfter(entered(5), drifted(35), failed)?.effect).toEqual({ ...away, wasInForce: true });
  });
});
