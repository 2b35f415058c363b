import { describe, expect, it } from '@jest/globals';
import { eventually } from '../test/support/eventually.ts';
import type { HistoryItem, Rollout } from './rollout-documents.ts';
import { item, rollout } from './testing/documents.ts';
import { watchRollout } from './watch-rollout.ts';

const planned = item('RolloutPlanned', '2026-01-01T11:00:00Z');
const breached = item('GuardrailBreached', '2026-01-01T12:00:00Z');
const rolledBack = item('RolledBack', '2026-01-01T12:00:01Z');

/** Answers one after the other, the last again and again. */
function scripted(answers: (Rollout | Error)[]) {
  return {
    rollout: async () => {
      const [answer] = answers;
      if (answers.length > 1) answers.shift();
      if (answer === undefined || answer instanceof Error) throw answer;
      return answer;
    },
  };
}

function watching(first: Rollout, answers: (Rollout | Error)[]) {
  const told: HistoryItem[] = [];
  const errors: string[] = [];
  const watcher = {
    onHistory: (each: HistoryItem) => told.push(each),
    onError: (error: unknown) => errors.push(String(error)),
  };
  return { told, errors, watch: watchRollout(scripted(answers), first, watcher, 1) };
}

describe('watching the rollout', () => {
  it('tells what is new in the history, oldest first and once', async () => {
    const after = rollout({ state: 'rolled-back', percent: 0, history: [rolledBack, breached, planned] });
    const { told, watch } = watching(rollout({ history: [planned] }), [
      rollout({ history: [planned] }),
      after,
    ]);
    await eventually(() => expect(told.length).toBeGreaterThan(0));
    expect(await watch.end()).toEqual(after);
    expect(told).toEqual([breached, rolledBack]);
  });

  it('does not tell again what was cut off the history and what stayed', async () => {
    const { told, watch } = watching(rollout({ history: [breached, planned] }), [
      rollout({ history: [rolledBack, breached] }),
    ]);
    await watch.end();
    expect(told).toEqual([rolledBack]);
  });

  it('tells a failure once until it looks again, and ends with what it could not see', async () => {
    const away = new Error('away');
    const { errors, watch } = watching(rollout(), [away, away, rollout(), away]);
    await eventually(() => expect(errors).toHaveLength(2));
    expect(await watch.end()).toBeNull();
    expect(errors).toEqual(['Error: away', 'Error: away']);
  });
});
