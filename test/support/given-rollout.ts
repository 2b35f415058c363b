/** `givenRollout(events).when(command).thenAppended(…)`: tests of the pure rollout read as sentences. */
import { expect } from '@jest/globals';
import { CHUNKED_UPLOAD_PLAN } from '../../flags/cohort-plan.ts';
import type { RolloutCommand } from '../../src/rollout/commands.ts';
import { decideRollout } from '../../src/rollout/decide.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import type { RolloutRejectionCode } from '../../src/rollout/rejected.ts';
import { foldRollout } from '../../src/rollout/rollout.ts';
import { expectAppended } from './decided.ts';

export const AT = '2026-11-24T10:00:00.000Z';
export const PERSON = { by: 'person', actor: 'operator:pm', reason: 'because' } as const;
const START = { by: 'system', actor: 'system:start', reason: 'the first start' } as const;

export const planned: RolloutEvent = {
  type: 'RolloutPlanned',
  data: { at: AT, flag: 'chunked-upload', plan: CHUNKED_UPLOAD_PLAN, ...START },
};
export const entered = (percent: number, attempt = 1): RolloutEvent => ({
  type: 'StageEntered',
  data: { at: AT, percent, attempt, skipped: [], ...PERSON },
});
export const synced = (percent: number): RolloutEvent => ({ type: 'FlagSynced', data: { at: AT, percent } });
export const paused: RolloutEvent = { type: 'RolloutPaused', data: { at: AT, ...PERSON } };
export const completed: RolloutEvent = { type: 'RolloutCompleted', data: { at: AT, ...PERSON } };
export const rolledBack = (fromPercent: number): RolloutEvent => ({
  type: 'RolledBack',
  data: { at: AT, fromPercent, ...PERSON },
});
export const drifted = (actualPercent: number | null, problems: string[] = []): RolloutEvent => ({
  type: 'FlagDriftDetected',
  data: { at: AT, expectedPercent: 5, actualPercent, enabled: true, problems },
});

export function givenRollout(...events: readonly RolloutEvent[]) {
  return {
    when(command: RolloutCommand) {
      const { events: decided, rejected } = decideRollout(foldRollout(events), command);
      return {
        /** Exactly these events (each with at least these properties), and no refusal. */
        thenAppended(...expected: readonly { type: RolloutEvent['type']; data?: object }[]) {
          expectAppended({ events: decided, rejected }, expected);
        },
        thenNothing() {
          expect(rejected).toBeUndefined();
          expect(decided).toEqual([]);
        },
        thenRejected(code: RolloutRejectionCode) {
          expect(rejected?.code).toBe(code);
          expect(rejected?.message).toMatch(/^\w+ .*\w$/);
          expect(decided).toEqual([]);
        },
      };
    },
  };
}
