import { describe, expect, it } from '@jest/globals';
import { given } from '../../test/support/given.ts';
import { later, result, uploaded } from '../../test/support/recording-events.ts';
import { MODES, mergeFailed } from '../../test/support/recording-runs.ts';
import type { RecordFailure, StepError } from './commands.ts';
import type { RecordingEvent, StepName } from './events.ts';
import { DEFAULT_LIMITS } from './limits.ts';

const transcribed: RecordingEvent[] = [...uploaded(), result('merge'), result('transcribe')];

const fail = (
  step: StepName,
  kind: StepError['kind'],
  overrides: Partial<RecordFailure> = {},
): RecordFailure => ({
  type: 'RecordFailure',
  step,
  generation: 0,
  attempt: 1,
  error: { kind, code: 'provider_server_error', message: 'the provider failed (500)' },
  random: 1,
  now: later(12_000),
  ...overrides,
});

const requeued = (step: StepName): RecordingEvent => ({
  type: 'StepRequeued',
  data: { at: later(60_000), step },
});

/** The failures so far, as events. */
const failedBefore = (step: StepName, attempts: number, overrides: object = {}): RecordingEvent[] =>
  Array.from({ length: attempts }, (_, index) => ({
    type: 'StepAttemptFailed',
    data: {
      at: later(12_000),
      step,
      generation: 0,
      attempt: index + 1,
      code: 'x',
      message: '',
      outage: false,
      retryAt: later(13_000),
      ...overrides,
    },
  }));

describe('a failed attempt', () => {
  it.each([
    [0, 1_000],
    [1, 2_000],
  ])('after %i others is tried again after %i ms', (before, delay) => {
    given([...uploaded(), ...failedBefore('merge', before)])
      .when(fail('merge', 'transient', { attempt: before + 1 }))
      .thenAppended({
        type: 'StepAttemptFailed',
        data: { attempt: before + 1, retryAt: later(12_000 + delay) },
      });
  });
  it('waits at least half of that, by chance', () => {
    given(uploaded())
      .when(fail('merge', 'transient', { random: 0 }))
      .thenAppended({ type: 'StepAttemptFailed', data: { retryAt: later(12_500) } });
  });
  it('waits as long as the provider asks', () => {
    const error: StepError = {
      kind: 'outage',
      code: 'provider_rate_limited',
      message: '',
      retryAfterMs: 27_000,
    };
    given(uploaded())
      .when(fail('merge', 'outage', { error }))
      .thenAppended({ type: 'StepAttemptFailed', data: { outage: true, retryAt: later(39_000) } });
  });
  it('is the last when it is the fifth: the session fails, and may be retried', () => {
    given([...uploaded(), ...failedBefore('merge', 4)])
      .when(fail('merge', 'transient', { attempt: 5 }))
      .thenAppended(
        { type: 'StepAttemptFailed' },
        { type: 'StepFailed', data: { step: 'merge', attempts: 5 } },
        { type: 'SessionFailed', data: { code: 'provider_server_error', retriable: true } },
      );
  });
  it('is the last when trying again cannot heal it', () => {
    given(uploaded())
      .when(fail('merge', 'permanent'))
      .thenAppended({ type: 'StepAttemptFailed' }, { type: 'StepFailed' }, { type: 'SessionFailed' });
  });
  it('names the step, the time and the reason, and nothing else', () => {
    const { events } = given(uploaded()).when(fail('merge', 'transient', { random: 0.5 }));
    expect(events).toEqual([
      {
        type: 'StepAttemptFailed',
        data: {
          at: later(12_000),
          step: 'merge',
          generation: 0,
          attempt: 1,
          code: 'provider_server_error',
          message: 'the provider failed (500)',
          outage: false,
          retryAt: later(12_750),
        },
      },
    ]);
  });
  it('ends the session at once when it asks for more patience than there is', () => {
    const error = (retryAfterMs: number): StepError => ({
      kind: 'transient',
      code: 'provider_server_error',
      message: '',
      retryAfterMs,
    });
    const { patienceMs } = DEFAULT_LIMITS.retry;
    given(uploaded())
      .when(fail('merge', 'transient', { error: error(patienceMs) }))
      .thenAppended({ type: 'StepAttemptFailed', data: { retryAt: later(12_000 + patienceMs) } });
    given(uploaded())
      .when(fail('merge', 'transient', { error: error(patienceMs + 1) }))
      .thenAppended({ type: 'StepAttemptFailed' }, { type: 'StepFailed' }, { type: 'SessionFailed' });
  });
  it.each(['merge', 'transcribe', 'polish'] as const)(
    'of %s fails the session when it is given up',
    (step) => {
      const before = { merge: uploaded(), transcribe: [...uploaded(), result('merge')], polish: transcribed };
      given(before[step])
        .when(fail(step, 'permanent'))
        .thenAppended(
          { type: 'StepAttemptFailed' },
          { type: 'StepFailed', data: { step, attempts: 1 } },
          { type: 'SessionFailed', data: { step, code: 'provider_server_error', retriable: true } },
        );
    },
  );
  it('costs no try when the provider is away, until patience ends', () => {
    const away = failedBefore('merge', 20, { outage: true });
    const { patienceMs } = DEFAULT_LIMITS.retry;
    given([...uploaded(), ...away])
      .when(fail('merge', 'outage', { attempt: 21, now: later(60_000) }))
      .thenAppended({ type: 'StepAttemptFailed', data: { retryAt: later(70_000) } });
    given([...uploaded(), ...away])
      .when(fail('merge', 'outage', { attempt: 21, now: later(12_000 + patienceMs) }))
      .thenAppended(
        { type: 'StepAttemptFailed' },
        { type: 'StepFailed' },
        { type: 'SessionFailed', data: { retriable: true } },
      );
  });
  it('still has its three tries after an outage', () => {
    given([...uploaded(), ...failedBefore('merge', 5, { outage: true })])
      .when(fail('merge', 'transient', { attempt: 6 }))
      .thenAppended({ type: 'StepAttemptFailed', data: { retryAt: later(22_000) } });
  });
  it('for what was uploaded asks for the whole file', () => {
    given([...uploaded(), result('merge')])
      .when(fail('transcribe', 'input'))
      .thenAppended(
        { type: 'StepAttemptFailed' },
        { type: 'StepFailed' },
        { type: 'SessionFailed', data: { code: 'audio_unreadable', action: 'upload_whole_file' } },
      );
  });
  it.each(MODES)('for the whole file has nothing left to ask for: %s', (mode) => {
    const single = uploaded(1, { strategy: 'single', segmenting: { mode, seconds: 5 } });
    const { events } = given([...single, result('merge')]).when(fail('transcribe', 'input'));
    expect(events[2]?.data).toMatchObject({ code: 'audio_unreadable', retriable: false });
    expect(events[2]?.data).not.toHaveProperty('action');
  });
  it('of segments none of which can be heard asks for the whole file too', () => {
    const segments = uploaded(2, { segmenting: { mode: 'segments', seconds: 5 } });
    const unjoined = [...segments, ...given(segments).when(mergeFailed()).events];
    given([...unjoined, result('transcribe', 0, later(12_000), 0)])
      .when(fail('transcribe', 'input'))
      .thenAppended(
        { type: 'StepAttemptFailed' },
        { type: 'StepFailed' },
        { type: 'SessionFailed', data: { step: 'transcribe', action: 'upload_whole_file' } },
      );
  });
  it('of an older generation is dropped', () => {
    given([...uploaded(), ...given(uploaded()).when(fail('merge', 'permanent')).events, requeued('merge')])
      .when(fail('merge', 'permanent'))
      .thenNothing();
  });
  it('is dropped when it comes twice or late', () => {
    given([...uploaded(), ...failedBefore('merge', 1)])
      .when(fail('merge', 'transient'))
      .thenNothing();
    given([...uploaded(), result('merge')])
      .when(fail('merge', 'transient'))
      .thenNothing();
  });
  it.each(['emotion', 'feedback'] as const)('of %s does not fail the entry', (step) => {
    const others = (['polish', 'emotion', 'feedback'] as const).filter((other) => other !== step);
    given([...transcribed, ...others.map((other) => result(other))])
      .when(fail(step, 'permanent'))
      .thenAppended(
        { type: 'StepAttemptFailed' },
        { type: 'StepFailed' },
        { type: 'SessionCompleted', data: { without: [step] } },
      );
  });
});
