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
import type { BreachEvidence, RolloutEvent } from './events.ts';
import { historyItem } from './history.ts';

const evidence: BreachEvidence = {
  eValue: 21,
  threshold: 20,
  total: 30,
  chunked: 8,
  expectedChunked: 1.54,
  decidedAt: AT,
};
const stage = (percent: number, more: { attempt?: number; skipped?: number[] }): RolloutEvent => ({
  type: 'StageEntered',
  data: { at: AT, percent, attempt: 1, skipped: [], ...more, ...PERSON },
});
const drift = (
  more: Partial<Extract<RolloutEvent, { type: 'FlagDriftDetected' }>['data']>,
): RolloutEvent => ({
  type: 'FlagDriftDetected',
  data: { at: AT, expectedPercent: 5, actualPercent: 35, enabled: true, problems: [], ...more },
});

describe('the history of a rollout', () => {
  it.each<[RolloutEvent, string, number | null]>([
    [planned, 'Planned: 5 % → 20 % → 50 % → 100 %', null],
    [entered(5), 'Moved to 5 %', 5],
    [stage(50, { skipped: [5, 20] }), 'Moved to 50 %, leaving out 5 %, 20 %', 50],
    [stage(5, { attempt: 2 }), 'Moved to 5 % (attempt 2)', 5],
    [paused, 'Paused: nobody is reassigned, nothing advances', null],
    [{ type: 'RolloutResumed', data: { at: AT, ...PERSON } }, 'Resumed', null],
    [{ type: 'AutopilotSet', data: { at: AT, enabled: true, ...PERSON } }, 'Autopilot switched on', null],
    [{ type: 'AutopilotSet', data: { at: AT, enabled: false, ...PERSON } }, 'Autopilot switched off', null],
    [
      { type: 'SampleRatioMismatchDetected', data: { at: AT, attempt: 1, evidence } },
      'The arms are not of the sizes they should be: 8 of 30 users in chunked, 1.5 expected',
      null,
    ],
    [
      { type: 'GuardrailBreached', data: { at: AT, attempt: 1, metric: 'failure', evidence } },
      'Guardrail breached: chunked fails more often (8 of 30 such users were in chunked, 1.5 expected)',
      null,
    ],
    [
      {
        type: 'GuardrailBreached',
        data: { at: AT, attempt: 1, metric: 'slow', evidence: { ...evidence, expectedChunked: 10 } },
      },
      'Guardrail breached: chunked is slow more often (8 of 30 such users were in chunked, 10 expected)',
      null,
    ],
    [rolledBack(20), 'Rolled back from 20 % to 0 %', 0],
    [completed, 'Completed: everybody has chunked upload', 100],
    [synced(5), 'In force in Unleash: 5 %', 5],
    [
      { type: 'FlagSyncFailed', data: { at: AT, percent: 20, code: 'unreachable', message: 'it is away' } },
      'Unleash could not be moved to 20 %: it is away',
      null,
    ],
    [drifted(35), 'Somebody changed the flag in Unleash: it stands at 35 %, the rollout says 5 %', 35],
    [
      drift({ actualPercent: null, problems: ['no_strategy', 'constraints'] }),
      'Somebody changed the flag in Unleash: it has no percentage (no_strategy, constraints), the rollout says 5 %',
      null,
    ],
    [
      drift({ enabled: false }),
      'Somebody changed the flag in Unleash: it stands at 35 % and is off, the rollout says 5 %',
      35,
    ],
  ])('tells %j as %j', (event, text, percent) => {
    expect(historyItem(event)).toMatchObject({ at: AT, type: event.type, text, percent });
  });

  it('tells who moved and why, and that the rest was found by the system', () => {
    expect(historyItem(paused)).toEqual({
      at: AT,
      type: 'RolloutPaused',
      text: 'Paused: nobody is reassigned, nothing advances',
      percent: null,
      by: 'person',
      actor: 'operator:pm',
      reason: 'because',
    });
    expect(historyItem(synced(5))).toMatchObject({ by: 'system', actor: 'system:conductor', reason: null });
  });
});
