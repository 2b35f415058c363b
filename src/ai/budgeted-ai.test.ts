import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { type Ai, AiError, type Tokens } from './ai.ts';
import { budgetedAi } from './budgeted-ai.ts';

const { signal } = new AbortController();
const sound = { bytes: new Uint8Array(1), mimeType: 'audio/wav' };
/** With the instructions and a short answer: 1,000 tokens, by estimate. */
const SAID = 'x'.repeat(2_100);

beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000, doNotFake: ['queueMicrotask', 'nextTick'] });
});
afterEach(() => {
  jest.useRealTimers();
});
const later = (ms: number) => jest.advanceTimersByTimeAsync(ms);

/** 3,000 tokens a minute: three calls at once, then one each 20 s. */
function budgeted(answer: () => Promise<{ readonly tokens?: Tokens }> = async () => ({}), waitMs = 20_000) {
  const went: number[] = [];
  const ask = async () => {
    went.push(Date.now() - 1_000_000);
    return { ...(await answer()), provider: 'test', model: 'test' };
  };
  const bare = { feedback: ask, transcribe: ask } as unknown as Ai;
  const ai = budgetedAi(bare, { tokensPerMinute: 3_000, waitMs }, Date.now);
  return { ai, went, ask: (by = signal) => ai.feedback(SAID, { signal: by }) };
}

describe('a budget of tokens', () => {
  it('lets go what fits into a minute, and the rest as there is room, in the order of asking', async () => {
    const { ask, went } = budgeted(undefined, 60_000);
    const asked = [1, 2, 3, 4, 5].map(() => ask());
    await later(60_000);
    await Promise.all(asked);
    expect(went).toEqual([0, 0, 0, 20_000, 40_000]);
  });

  it('refuses at once what would wait for too long, and says how long', async () => {
    const { ask, went } = budgeted();
    const asked = [1, 2, 3, 4].map(() => ask());
    await expect(ask()).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 40_000 });
    await later(20_000);
    await Promise.all(asked);
    expect(went).toHaveLength(4);
  });

  it('is put right by what the answers say', async () => {
    const cheap = budgeted(async () => ({ tokens: { in: 90, out: 10 } }));
    for (let call = 0; call < 20; call += 1) await cheap.ask();
    expect(cheap.went).toHaveLength(20);
    const dear = budgeted(async () => ({ tokens: { in: 3_000, out: 500 } }));
    await dear.ask();
    await expect(dear.ask()).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 30_000 });
  });

  it.each(['unavailable', 'rate_limited'] as const)('is given back what was %s', async (code) => {
    const { ask } = budgeted(() => Promise.reject(new AiError(code, 'the provider’s', 77)));
    for (let call = 0; call < 10; call += 1)
      await expect(ask()).rejects.toMatchObject({ message: 'the provider’s' });
  });

  it('keeps what a call took that failed for another reason', async () => {
    const { ask } = budgeted(() => Promise.reject(new AiError('bad_answer', 'no')));
    for (let call = 0; call < 3; call += 1) await expect(ask()).rejects.toMatchObject({ code: 'bad_answer' });
    await expect(budgetedNow(ask)).rejects.toMatchObject({ code: 'bad_answer' });
  });

  it('is given back what a caller asked for who gave up while waiting', async () => {
    const { ask, went } = budgeted();
    await Promise.all([1, 2, 3].map(() => ask()));
    const caller = new AbortController();
    const reason = new Error('the node stops');
    const waits = expect(ask(caller.signal)).rejects.toBe(reason);
    caller.abort(reason);
    await waits;
    const next = ask();
    await later(20_000);
    await next;
    expect(went).toEqual([0, 0, 0, 20_000]);
  });

  it('lets one through that is larger than all of it, when nothing else is in it', async () => {
    const { ai, went } = budgeted();
    await ai.feedback('x'.repeat(40_000), { signal });
    expect(went).toEqual([0]);
  });

  it('is none of transcriptions', async () => {
    const { ai, ask, went } = budgeted();
    await Promise.all([1, 2, 3].map(() => ask()));
    await ai.transcribe(sound, { signal });
    expect(went).toEqual([0, 0, 0, 0]);
  });

  it('is never exceeded in any minute by more than is in it and flows into it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5_000), { maxLength: 40 }), async (pauses) => {
        jest.setSystemTime(1_000_000);
        const { ask, went } = budgeted();
        const asked: Promise<unknown>[] = [];
        for (const pause of pauses) {
          asked.push(ask().catch(() => undefined));
          await later(pause);
        }
        await later(60_000);
        await Promise.all(asked);
        for (const from of went)
          expect(went.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(6);
      }),
      { numRuns: 30 },
    );
  });
});

/** Asks, and lets the time pass that it waits. */
async function budgetedNow(ask: () => Promise<unknown>): Promise<unknown> {
  const asked = ask();
  asked.catch(() => undefined);
  await later(20_000);
  return asked;
}
