import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { created, later, received, result, uploaded } from '../../test/support/recording-events.ts';
import { anyRun, opened, play, stateOf } from '../../test/support/recording-runs.ts';
import type { RecordingEvent, StepName } from './events.ts';
import { progress } from './progress.ts';

const at = (milliseconds: number, events: readonly RecordingEvent[]) =>
  progress(stateOf(events), later(milliseconds));
const merged = [...uploaded(), result('merge')];
const transcribed = [...merged, result('transcribe')];
const completed: RecordingEvent = {
  type: 'SessionCompleted',
  data: { at: later(12_000), processingMs: 1_000, without: [] },
};

describe('progress', () => {
  it('follows the chunks while recording, and stays below what complete brings', () => {
    const chunks = (count: number) => Array.from({ length: count }, (_, index) => received(index));
    expect([0, 1, 2, 6, 60, 1_440].map((count) => at(2_000, [...created(), ...chunks(count)]))).toEqual([
      0, 3, 5, 13, 27, 27,
    ]);
  });
  it('goes from milestone to milestone', () => {
    expect(at(11_000, uploaded())).toBe(30);
    expect(at(12_000, merged)).toBe(40);
    expect(at(12_000, transcribed)).toBe(75);
    expect(at(12_000, [...transcribed, result('emotion')])).toBe(82);
    expect(at(12_000, [...transcribed, result('emotion'), result('polish')])).toBe(89);
    expect(at(12_000, [...transcribed, completed])).toBe(100);
  });
  it('moves between two milestones as time passes, and stays short of the next', () => {
    // 30 + 9 · (1 − e^(−t/500 ms)), rounded down.
    expect([0, 250, 500, 1_000, 60_000].map((waited) => at(11_000 + waited, uploaded()))).toEqual([
      30, 33, 35, 37, 39,
    ]);
    expect(at(12_000 + 3_600_000, merged)).toBe(71);
    expect(at(12_000 + 3_600_000, transcribed)).toBe(81);
  });
  it('expects a longer recording to take longer to transcribe', () => {
    const merge = result('merge');
    if (merge.type !== 'RecordingMerged') throw new Error('merge ends in a recording');
    const long: RecordingEvent = { ...merge, data: { ...merge.data, durationMs: 600_000 } };
    expect(at(17_000, [...uploaded(), long])).toBeLessThan(at(17_000, merged));
  });
  it('counts a given-up enrichment as ended', () => {
    const givenUp = (step: StepName): RecordingEvent => ({
      type: 'StepFailed',
      data: { at: later(12_000), step, generation: 0, code: 'x', message: '', attempts: 3 },
    });
    expect(at(12_000, [...transcribed, givenUp('emotion'), givenUp('feedback')])).toBe(89);
  });
  it('stays where it was on failure, on a retry and on a fallback', () => {
    const failed: RecordingEvent = {
      type: 'SessionFailed',
      data: { at: later(14_000), step: 'transcribe', code: 'x', message: '', retriable: true },
    };
    const reached = at(14_000, merged);
    expect(reached).toBe(57);
    expect(at(99_000, [...merged, failed])).toBe(reached);
    const requeued: RecordingEvent = {
      type: 'StepRequeued',
      data: { at: later(99_000), step: 'transcribe' },
    };
    expect(at(99_000, [...merged, failed, requeued])).toBe(reached);
    const fell: RecordingEvent = {
      type: 'UploadFellBack',
      data: { at: later(99_000), reason: 'x', expiresAt: later(999_000) },
    };
    expect(at(99_000, [...merged, failed, fell])).toBe(reached);
    expect(at(99_000, [...merged, failed, fell, received(0)])).toBe(reached);
  });
  it('is the same on a node whose clock is behind the event', () => {
    expect(at(5_000, merged)).toBe(40);
  });

  it('never falls but when a sealed recording is opened again, is below 99 before the session is completed and 100 from then on (500 runs)', () => {
    const reads = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 });
    fc.assert(
      fc.property(anyRun(), fc.infiniteStream(reads), (moves, readsBetween) => {
        let session = opened(moves.shape);
        let previous = Date.parse(later(0));
        let seen = 0;
        const look = (now: number) => {
          const shown = progress(session, new Date(now).toISOString());
          expect(shown).toBeGreaterThanOrEqual(seen);
          if (session.phase === 'completed') expect(shown).toBe(100);
          else if (session.phase !== 'erased') expect(shown).toBeLessThan(99);
          seen = shown;
        };
        for (const step of play(moves)) {
          const next = Date.parse(step.now);
          const between = [...(readsBetween.next().value ?? [])].sort((a, b) => a - b);
          for (const share of between) look(Math.floor(previous + share * (next - previous)));
          session = step.session;
          if (step.events.some(({ type }) => type === 'UploadReopened')) seen = 0; // there is more of it now
          look(next);
          previous = next;
        }
        look(previous + 24 * 3_600_000);
      }),
      { numRuns: 500 },
    );
  });
});
