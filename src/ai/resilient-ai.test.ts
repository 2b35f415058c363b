import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Ai, AiError, type AiErrorCode } from './ai.ts';
import { type BreakerState, resilientAi } from './resilient-ai.ts';

const options = { concurrency: 2, queue: 2, breaker: { failures: 3, halfOpenAfterMs: 10_000 } };
const signal = new AbortController().signal;
const answered = { feedback: 'ok', provider: 'test', model: 'test' };

beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000, doNotFake: ['queueMicrotask', 'nextTick'] });
});
afterEach(() => {
  jest.useRealTimers();
});

/** An Ai of which only `feedback` is asked, answering as told. */
function scripted(next: () => Promise<typeof answered>): { ai: Ai; calls: () => number } {
  let calls = 0;
  const feedback = () => {
    calls += 1;
    return next();
  };
  return { ai: { feedback } as unknown as Ai, calls: () => calls };
}

const fail = (code: AiErrorCode) => () => Promise.reject(new AiError(code, 'no'));

describe('the breaker', () => {
  it.each<AiErrorCode>(['unavailable', 'server_error', 'timeout'])(
    'opens after three %s in a row, and then asks nobody and says how long',
    async (code) => {
      const { ai, calls } = scripted(fail(code));
      const resilient = resilientAi(ai, options);
      for (let i = 0; i < 3; i += 1) {
        await expect(resilient.feedback('x', { signal })).rejects.toMatchObject({ code });
      }
      jest.setSystemTime(1_004_000);
      await expect(resilient.feedback('x', { signal })).rejects.toMatchObject({
        code: 'unavailable',
        retryAfterMs: 6_000,
      });
      expect(calls()).toBe(3);
      expect(resilient.state()).toMatchObject({ breaker: 'open', running: 0, waiting: 0 });
    },
  );

  it.each<AiErrorCode>(['rate_limited', 'bad_answer', 'rejected', 'unauthorised'])(
    'stays closed after any number of %s',
    async (code) => {
      const { ai, calls } = scripted(fail(code));
      const resilient = resilientAi(ai, options);
      for (let i = 0; i < 10; i += 1) {
        await expect(resilient.feedback('x', { signal })).rejects.toMatchObject({ code });
        await jest.advanceTimersByTimeAsync(1_000);
      }
      expect(calls()).toBe(10);
      expect(resilient.state().breaker).toBe('closed');
    },
  );

  it('counts only failures in a row', async () => {
    let call = 0;
    const { ai } = scripted(() => {
      call += 1;
      return call % 3 === 0 ? Promise.resolve(answered) : fail('timeout')();
    });
    const resilient = resilientAi(ai, options);
    for (let i = 0; i < 9; i += 1) await resilient.feedback('x', { signal }).catch(() => undefined);
    expect(resilient.state().breaker).toBe('closed');
  });

  it('lets one call try when its time has come, and closes when that succeeds', async () => {
    const states: BreakerState[] = [];
    let healed = false;
    const { ai, calls } = scripted(() => (healed ? Promise.resolve(answered) : fail('unavailable')()));
    const resilient = resilientAi(ai, { ...options, onStateChange: (state) => states.push(state) });
    for (let i = 0; i < 3; i += 1) await resilient.feedback('x', { signal }).catch(() => undefined);
    healed = true;
    jest.setSystemTime(1_010_000);
    expect(await resilient.feedback('x', { signal })).toEqual(answered);
    expect(states).toEqual(['open', 'half_open', 'closed']);
    expect(calls()).toBe(4);
  });

  it('opens anew when the try fails', async () => {
    const { ai, calls } = scripted(fail('unavailable'));
    const resilient = resilientAi(ai, options);
    for (let i = 0; i < 3; i += 1) await resilient.feedback('x', { signal }).catch(() => undefined);
    jest.setSystemTime(1_010_000);
    await resilient.feedback('x', { signal }).catch(() => undefined);
    await expect(resilient.feedback('x', { signal })).rejects.toMatchObject({ retryAfterMs: 10_000 });
    expect(calls()).toBe(4);
  });
});

describe('the bulkhead', () => {
  it('runs so many at once, has so many wait, and refuses the rest at once', async () => {
    const finish: (() => void)[] = [];
    const { ai, calls } = scripted(() => new Promise((resolve) => finish.push(() => resolve(answered))));
    const resilient = resilientAi(ai, options);
    const running = Array.from({ length: 4 }, () => resilient.feedback('x', { signal }));
    expect(resilient.state()).toMatchObject({ breaker: 'closed', running: 2, waiting: 2 });
    expect(calls()).toBe(2);
    await expect(resilient.feedback('x', { signal })).rejects.toMatchObject({
      code: 'unavailable',
      retryAfterMs: 5_000,
    });
    for (let done = 0; done < 4; done += 1) {
      finish.shift()?.();
      await settle();
    }
    expect(await Promise.all(running)).toHaveLength(4);
    expect(calls()).toBe(4);
    expect(resilient.state()).toMatchObject({ breaker: 'closed', running: 0, waiting: 0 });
  });

  it('lets go of a call that waits when its caller gives up', async () => {
    const { ai, calls } = scripted(() => new Promise(() => undefined));
    const resilient = resilientAi(ai, { ...options, concurrency: 1 });
    void resilient.feedback('x', { signal });
    const controller = new AbortController();
    const waiting = resilient.feedback('x', { signal: controller.signal });
    const reason = new Error('the node stops');
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(calls()).toBe(1);
  });
});

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}
