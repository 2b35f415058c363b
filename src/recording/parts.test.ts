/** The windows of `transcribe` and the paragraphs of `polish`: how often they were tried, and what became of them. */
import { describe, expect, it } from '@jest/globals';
import { created, later } from '../../test/support/recording-events.ts';
import { stateOf } from '../../test/support/recording-runs.ts';
import type { StepName } from './events.ts';
import { afterFailedAttempt, counted, failedAttempts, partFailed, partOf, withoutParts } from './parts.ts';
import type { PartState, Session } from './session.ts';

const UNTRIED: PartState = {
  outcome: 'open',
  attempts: 0,
  outages: 0,
  forgiven: { attempts: 0, outages: 0 },
};
const tried = (attempts: number): PartState => ({ ...UNTRIED, attempts });

/** Window 0 was tried twice, window 3 three times, paragraph 1 four times; the steps themselves 10, 20, … times. */
function session(): Session {
  const fresh = stateOf(created());
  const attempts: Partial<Record<StepName, number>> = { merge: 10, transcribe: 20, polish: 30 };
  const steps = Object.fromEntries(
    Object.entries(fresh.steps).map(([step, state]) => [
      step,
      { ...state, attempts: attempts[step as StepName] ?? 0 },
    ]),
  ) as Session['steps'];
  const parts = {
    transcribe: new Map([
      [0, tried(2)],
      [3, tried(3)],
    ]),
    polish: new Map([[1, tried(4)]]),
  };
  return { ...fresh, steps, parts };
}

describe('failed attempts', () => {
  it('of a step are its own and those of its parts', () => {
    expect(failedAttempts(session(), 'transcribe')).toBe(25);
    expect(failedAttempts(session(), 'polish')).toBe(34);
  });
  it('of a step without parts are its own', () => {
    expect(failedAttempts(session(), 'merge')).toBe(10);
    expect(failedAttempts(session(), 'emotion')).toBe(0);
  });
});

describe('a step that is tried anew', () => {
  it('has no parts, the other one keeps its own', () => {
    const { parts } = withoutParts(session(), 'transcribe');
    expect(parts).toEqual({ transcribe: new Map(), polish: new Map([[1, tried(4)]]) });
    expect(withoutParts(session(), 'polish').parts).toEqual({
      transcribe: session().parts.transcribe,
      polish: new Map(),
    });
  });
  it('and has none leaves those of others', () => {
    const before = session();
    expect(withoutParts(before, 'merge')).toBe(before);
  });
});

describe('a part that is given up', () => {
  const given = {
    at: later(0),
    code: 'too_large',
    message: 'the provider refused it',
    generation: 0,
    attempts: 3,
  };
  const error = { code: 'too_large', message: 'the provider refused it' };

  it('and is a window, fails its step', () => {
    const before = session();
    const after = partFailed(before, { ...given, step: 'transcribe', part: 3 });
    expect(after.parts.transcribe).toEqual(
      new Map([
        [0, tried(2)],
        [3, { ...tried(3), outcome: 'failed', error }],
      ]),
    );
    expect(after.steps).toEqual({
      ...before.steps,
      transcribe: { ...before.steps.transcribe, outcome: 'failed', error },
    });
    expect(after.parts.polish).toEqual(before.parts.polish);
  });
  it('and is a paragraph, fails alone', () => {
    const before = session();
    const after = partFailed(before, { ...given, step: 'polish', part: 1 });
    expect(after.parts.polish).toEqual(new Map([[1, { ...tried(4), outcome: 'failed', error }]]));
    expect(after.steps).toEqual(before.steps);
    expect(after.parts.transcribe).toEqual(before.parts.transcribe);
  });
  it('and was never tried, has failed as well', () => {
    const after = partFailed(session(), { ...given, step: 'polish', part: 7 });
    expect(partOf(after, 'polish', 7)).toEqual({ ...UNTRIED, outcome: 'failed', error });
  });
});

describe('the attempts that count', () => {
  it('are those since the recording ended, and so are the outages', () => {
    const state: PartState = {
      ...UNTRIED,
      attempts: 9,
      outages: 5,
      firstFailedAt: later(1),
      forgiven: { attempts: 6, outages: 3 },
    };
    expect(counted(state)).toEqual({ outcome: 'open', attempts: 3, outages: 2, firstFailedAt: later(1) });
  });
  it('are one more with each that fails, an outage among them or not', () => {
    const failure = {
      at: later(5),
      step: 'polish',
      generation: 0,
      attempt: 1,
      code: 'c',
      message: 'm',
    } as const;
    const once = afterFailedAttempt(tried(0), { ...failure, outage: true });
    expect(once).toEqual({
      ...UNTRIED,
      attempts: 1,
      outages: 1,
      firstFailedAt: later(5),
      error: { code: 'c', message: 'm' },
    });
    const twice = afterFailedAttempt(once, { ...failure, at: later(6), outage: false, retryAt: later(9) });
    expect(twice).toEqual({ ...once, attempts: 2, retryAt: later(9) });
  });
});
