import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Ai, AiError, type AiErrorCode } from './ai.ts';
import { NOBODY_WATCHES, wayToProvider } from './provider.ts';

const NOON = Date.parse('2026-11-24T12:00:00.000Z');
const { signal } = new AbortController();
const answered = { feedback: 'ok', provider: 'test', model: 'test' };
const resilience = { concurrency: 1, queue: 1, breaker: { failures: 2, halfOpenAfterMs: 3_000 } };

beforeEach(() => {
  jest.useFakeTimers({ now: NOON, doNotFake: ['queueMicrotask', 'nextTick'] });
});
afterEach(() => {
  jest.useRealTimers();
});

const later = (seconds: number) => new Date(NOON + seconds * 1000).toISOString();
const at = (seconds: number) => jest.setSystemTime(NOON + seconds * 1000);

/** An Ai of which only `feedback` is asked. */
function wayTo(feedback: () => Promise<typeof answered>) {
  const way = wayToProvider({ feedback } as unknown as Ai, { now: Date.now, resilience });
  return { ...way, ask: () => way.ai.feedback('x', { signal }) };
}
const failing = (code: AiErrorCode) => wayTo(() => Promise.reject(new AiError(code, 'no')));

describe('the way to the provider', () => {
  it('knows nothing at first, and says since when', () => {
    const { state } = wayTo(async () => answered);
    const none = { calls: 0, failures: 0, p50Ms: null, p95Ms: null };
    expect(state()).toMatchObject({
      startedAt: later(0),
      breaker: { state: 'closed', since: later(0) },
      waiting: 0,
      calls: { transcribe: { inFlight: 0, last5Minutes: none, last60Minutes: none, lastFailure: null } },
      resilience,
    });
  });

  it('shows what is under way and what waits, and then what became of it', async () => {
    const open = Promise.withResolvers<typeof answered>();
    const { ask, state } = wayTo(() => open.promise);
    const both = [ask(), ask()];
    expect(state()).toMatchObject({ waiting: 1, calls: { feedback: { inFlight: 1 } } });
    at(2);
    open.resolve(answered);
    await Promise.all(both);
    expect(state()).toMatchObject({
      waiting: 0,
      calls: { feedback: { inFlight: 0, last5Minutes: { calls: 2, failures: 0 } } },
    });
    expect(state().calls.feedback.last5Minutes.p95Ms).toBeGreaterThan(1_800);
  });

  it('keeps the last failure, by its code', async () => {
    const { ask, state } = failing('rate_limited');
    at(7);
    await expect(ask()).rejects.toMatchObject({ code: 'rate_limited' });
    expect(state().calls.feedback).toMatchObject({
      last5Minutes: { calls: 1, failures: 1, p50Ms: null },
      lastFailure: { code: 'rate_limited', at: later(7) },
    });
  });

  it('counts no call that its caller gave up', async () => {
    const { ask, state } = wayTo(() => Promise.reject(new Error('the node stops')));
    await expect(ask()).rejects.toThrow('the node stops');
    expect(state().calls.feedback).toMatchObject({
      inFlight: 0,
      last60Minutes: { calls: 0, failures: 0 },
      lastFailure: null,
    });
  });

  it('says since when the breaker is open, whatever was tried meanwhile, and counts only what went out', async () => {
    const { ask, state } = failing('unavailable');
    for (const second of [1, 2, 3, 6, 7, 10]) {
      at(second);
      await expect(ask()).rejects.toMatchObject({ code: 'unavailable' });
    }
    expect(state().breaker).toEqual({ state: 'open', since: later(2) });
    // At 1 s and 2 s, and those of 6 s and 10 s that tried.
    expect(state().calls.feedback.last5Minutes).toMatchObject({ calls: 4, failures: 4 });
  });

  it('tells what it is asked, each time it goes out', async () => {
    const told: unknown[] = [];
    const transcribe = async () => ({ text: 'hi', provider: 'test', model: 'test' });
    const feedback = async () => ({ ...answered, tokens: { in: 300, out: 20 } });
    const { ai } = wayToProvider({ transcribe, feedback } as unknown as Ai, {
      now: Date.now,
      resilience,
      watch: {
        ...NOBODY_WATCHES,
        onPace: (atOnce) => told.push({ atOnce }),
        onSoundSent: (seconds) => told.push({ seconds }),
        onTokens: (tokens) => told.push({ tokens }),
      },
    });
    await ai.transcribe({ bytes: new Uint8Array(1), mimeType: 'audio/wav', durationMs: 12_500 }, { signal });
    await ai.feedback('x', { signal });
    expect(told).toEqual([{ atOnce: 1 }, { seconds: 12.5 }, { tokens: { in: 300, out: 20 } }]);
  });

  it('keeps to its tokens a minute, and does not count what that turns away', async () => {
    const feedback = async () => ({ ...answered, tokens: { in: 3_900, out: 100 } });
    const { ai, state } = wayToProvider({ feedback } as unknown as Ai, {
      now: Date.now,
      tokensPerMinute: 4_000,
    });
    await ai.feedback('x', { signal });
    at(30);
    // Half of it has drained away: room for one by estimate, which takes eight times that.
    await ai.feedback('x', { signal });
    await expect(ai.feedback('x', { signal })).rejects.toMatchObject({ code: 'rate_limited' });
    expect(state().calls.feedback.last5Minutes).toMatchObject({ calls: 2, failures: 0 });
  });

  it('asks twice for what is slow, but not for 30 s after a 429', async () => {
    const sound = { bytes: new Uint8Array(1), mimeType: 'audio/wav', durationMs: 10_000 };
    let takesMs = 100;
    let outcome: (() => unknown) | undefined;
    let asked = 0;
    const transcribe: Ai['transcribe'] = async () => {
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, takesMs));
      outcome?.();
      return { text: 'hi', provider: 'test', model: 'test' };
    };
    const { ai } = wayToProvider({ transcribe } as unknown as Ai, {
      now: Date.now,
      hedging: { maxShare: 1 },
    });
    const hear = async () => {
      const before = asked;
      const heard = ai.transcribe(sound, { signal }).catch(() => undefined);
      await jest.advanceTimersByTimeAsync(10_000);
      await heard;
      return asked - before;
    };
    for (let call = 0; call < 100; call += 1) expect(await hear()).toBe(1);
    takesMs = 5_000;
    expect(await hear()).toBe(2);
    outcome = () => {
      throw new AiError('rate_limited', 'no', 1_000);
    };
    expect(await hear()).toBe(2);
    outcome = undefined;
    expect(await hear()).toBe(1);
    // Good answers make room for a second call at once.
    takesMs = 100;
    for (let call = 0; call < 4; call += 1) expect(await hear()).toBe(1);
    takesMs = 5_000;
    expect(await hear()).toBe(2);
  });

  it('is open to the provider again when that is back', async () => {
    let isAway = true;
    const { ask, state } = wayTo(async () => {
      if (isAway) throw new AiError('unavailable', 'no');
      return answered;
    });
    for (const _ of [1, 2]) await expect(ask()).rejects.toMatchObject({ code: 'unavailable' });
    isAway = false;
    at(5);
    await ask();
    expect(state().breaker).toEqual({ state: 'closed', since: later(5) });
  });
});
