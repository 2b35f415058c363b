import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../client/src/api-error.ts';
import { moveRollout, switchAutopilotOn } from './move-rollout.ts';
import type { RolloutApi } from './rollout-api.ts';
import type { Rollout } from './rollout-documents.ts';
import { experiment, rollout } from './testing/documents.ts';

const pending = (percent: number) =>
  rollout({ percent, effect: { state: 'pending', percent: null, error: null } });

/** Reads are answered one after the other, the last again and again; a clock that only sleeping moves. */
function moving(reads: Rollout[], moved: Rollout | ApiError = pending(20)) {
  const did: string[] = [];
  const notes: string[] = [];
  let time = 0;
  const api: RolloutApi = {
    rollout: async () => {
      const [answer] = reads;
      if (reads.length > 1) reads.shift();
      return answer ?? rollout();
    },
    experiment: async () => experiment(),
    move: async (percent, reason, seenMoves) => {
      did.push(`move to ${percent} (${reason}), having seen ${seenMoves}`);
      if (moved instanceof ApiError) throw moved;
      return moved;
    },
    switchAutopilotOn: async () => {
      did.push('autopilot on');
      return rollout();
    },
  };
  const stop = new AbortController();
  const clock = {
    now: () => time,
    sleep: async (milliseconds: number) => {
      time += milliseconds;
    },
  };
  const parts = { api, clock, stop: stop.signal, note: (line: string) => notes.push(line) };
  return { parts, did, notes, stop };
}

describe('moving the rollout', () => {
  it('puts the percentage, and waits until it is in force', async () => {
    const inForce = rollout({ percent: 20, moves: 8 });
    const { parts, did, notes } = moving([rollout({ percent: 5, moves: 7 }), pending(20), inForce]);
    expect(await moveRollout(20, parts)).toEqual(inForce);
    expect(did).toEqual(['move to 20 (simulated traffic), having seen 7']);
    expect(notes).toEqual(['moved the rollout from 5 % to 20 %']);
  });

  it('does not move it where it stands already', async () => {
    const { parts, did } = moving([rollout({ percent: 20 })]);
    await moveRollout(20, parts);
    expect(did).toEqual([]);
  });

  it('moves it back where somebody moved the flag by hand', async () => {
    const effect = { state: 'drifted' as const, percent: 50, error: null };
    const { parts, did } = moving([rollout({ percent: 20, effect }), rollout({ percent: 20 })]);
    await moveRollout(20, parts);
    expect(did).toHaveLength(1);
  });

  it('gives up when the flag server does not follow, and says why', async () => {
    const failing = rollout({
      percent: 20,
      effect: { state: 'failing', percent: null, error: { message: 'Unleash cannot be reached' } },
    });
    const { parts } = moving([rollout({ percent: 5 }), failing]);
    await expect(moveRollout(20, parts)).rejects.toMatchObject({
      code: 'not_in_force',
      message: 'the flag server did not follow to 20 % in a minute: Unleash cannot be reached',
    });
  });

  it('ends when it is rolled back meanwhile, or is told to stop', async () => {
    const back = rollout({ percent: 0, state: 'rolled-back' });
    const rolledBack = moving([rollout({ percent: 5 }), back]);
    expect(await moveRollout(20, rolledBack.parts)).toEqual(back);
    const stopped = moving([rollout({ percent: 5 }), pending(20)]);
    stopped.stop.abort();
    expect(await moveRollout(20, stopped.parts)).toEqual(pending(20));
  });

  it('tells that somebody else moved it', async () => {
    const conflict = new ApiError(409, 'rollout_moved', 'it was moved meanwhile');
    await expect(moveRollout(20, moving([rollout()], conflict).parts)).rejects.toBe(conflict);
  });

  it('switches the autopilot on unless it is', async () => {
    const off = moving([rollout()]);
    await switchAutopilotOn(off.parts);
    const on = moving([rollout({ autopilot: { enabled: true } })]);
    await switchAutopilotOn(on.parts);
    expect([off.did, on.did]).toEqual([['autopilot on'], []]);
  });
});
