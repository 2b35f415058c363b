import { describe, expect, it } from '@jest/globals';
import { lastChange, possibleMoves, skippedStages } from './possible-moves.ts';
import { rolloutAnswer } from './testing/documents.ts';
import { breached, good, pausedBySampleRatio } from './testing/scenarios.ts';

const nothing = {
  advance: null,
  pause: false,
  resume: false,
  rollback: false,
  complete: false,
  autopilot: false,
};

describe('the moves that make sense', () => {
  it('begin with the first stage', () => {
    const planned = rolloutAnswer({ state: 'planned', percent: 0, next: 5 });
    expect(possibleMoves(planned)).toEqual({ ...nothing, advance: 5 });
  });

  it('are to advance, to pause and to roll back while it runs', () => {
    expect(possibleMoves(rolloutAnswer())).toEqual({
      ...nothing,
      advance: 20,
      pause: true,
      rollback: true,
      autopilot: true,
    });
  });

  it('go no higher while it is paused', () => {
    expect(possibleMoves(rolloutAnswer({ state: 'paused' }))).toEqual({
      ...nothing,
      resume: true,
      rollback: true,
      autopilot: true,
    });
  });

  it('complete it at 100 %', () => {
    const all = rolloutAnswer({ percent: 100, next: null });
    expect(possibleMoves(all)).toMatchObject({ advance: null, complete: true, rollback: true });
    expect(possibleMoves({ ...all, state: 'completed' })).toEqual({ ...nothing, rollback: true });
  });

  it('begin again after a rollback; rolling back once more is for a flag that was raised by hand', () => {
    const { rollout } = breached();
    expect(possibleMoves(rollout)).toMatchObject({ advance: 5, rollback: false, autopilot: true });
    const raised = { ...rollout, effect: { ...rollout.effect, state: 'drifted', percent: 10 } as const };
    expect(possibleMoves(raised).rollback).toBe(true);
  });
});

it('knows the stages that a raise leaves out', () => {
  expect(skippedStages(rolloutAnswer(), 20)).toEqual([]);
  expect(skippedStages(rolloutAnswer(), 100)).toEqual([20, 50]);
  expect(skippedStages(rolloutAnswer({ percent: 50 }), 5)).toEqual([]);
});

describe('the last change', () => {
  it('is the entering of the stage while it runs', () => {
    expect(lastChange(good().rollout)).toMatchObject({
      actor: 'operator:dana',
      reason: 'Two nights at 5 %, failures clearly down.',
    });
  });

  it('is the pause, or the rollback, when that came later', () => {
    expect(lastChange(pausedBySampleRatio().rollout)).toMatchObject({
      type: 'RolloutPaused',
      by: 'autopilot',
    });
    expect(lastChange(breached().rollout)).toMatchObject({ type: 'RolledBack' });
  });

  it('is the entering of the stage when the history is too long to hold the pause', () => {
    expect(lastChange(rolloutAnswer({ state: 'paused', history: [] })).actor).toBe('system:start');
  });
});
