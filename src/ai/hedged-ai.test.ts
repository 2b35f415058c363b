import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Ai, AiError } from './ai.ts';
import { type HedgeOutcome, hedgedAi } from './hedged-ai.ts';

const { signal } = new AbortController();
const sound = { bytes: new Uint8Array(1), mimeType: 'audio/wav', durationMs: 10_000 };
const said = (text: string) => ({ text, provider: 'test', model: 'test' });

beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000, doNotFake: ['queueMicrotask', 'nextTick'] });
});
afterEach(() => {
  jest.useRealTimers();
});

type Call = {
  readonly answer: (text: string) => void;
  readonly fail: (error: Error) => void;
  readonly signal: AbortSignal;
};

/** An Ai whose calls end when the test says so; twenty of two seconds are known, and hedges are saved up for. */
async function hedging({ maxShare = 0.1 } = {}) {
  const calls: Call[] = [];
  const outcomes: HedgeOutcome[] = [];
  let isCalm = true;
  const transcribe: Ai['transcribe'] = (_audio, options) => {
    const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof said>>();
    options.signal.addEventListener('abort', () => reject(options.signal.reason));
    calls.push({ answer: (text) => resolve(said(text)), fail: reject, signal: options.signal });
    return promise;
  };
  const ai = hedgedAi({ transcribe } as unknown as Ai, {
    maxShare,
    isCalm: () => isCalm,
    now: Date.now,
    onHedge: (outcome) => outcomes.push(outcome),
  });
  const call = (index: number): Call => {
    const found = calls[index];
    if (found === undefined) throw new Error(`no call ${index}`);
    return found;
  };
  const ask = (by = signal) => ai.transcribe(sound, { signal: by });
  const quick = async () => {
    const asked = ask();
    await jest.advanceTimersByTimeAsync(2_000);
    call(calls.length - 1).answer('quick');
    await asked;
  };
  for (let i = 0; i < 20; i += 1) await quick();
  calls.length = 0;
  const calm = (is: boolean) => {
    isCalm = is;
  };
  return { ai, ask, call, calls, outcomes, calm };
}
const later = (ms: number) => jest.advanceTimersByTimeAsync(ms);

describe('a slow transcription', () => {
  it('is asked again, and the second answer is taken when it comes first; the other is aborted', async () => {
    const { ask, call, calls, outcomes } = await hedging();
    const asked = ask();
    await later(1_999);
    expect(calls).toHaveLength(1);
    await later(2);
    expect(calls).toHaveLength(2);
    call(1).answer('second');
    expect(await asked).toEqual(said('second'));
    expect(call(0).signal.aborted).toBe(true);
    expect(outcomes).toEqual(['won']);
  });

  it('is answered by the first when that comes first', async () => {
    const { ask, call, outcomes } = await hedging();
    const asked = ask();
    await later(2_100);
    call(0).answer('first');
    expect(await asked).toEqual(said('first'));
    expect(call(1).signal.aborted).toBe(true);
    expect(outcomes).toEqual(['lost']);
  });

  it.each([0, 1])('waits for the other when call %d fails', async (failing) => {
    const { ask, call } = await hedging();
    const asked = ask();
    await later(2_100);
    call(failing).fail(new AiError('server_error', 'no'));
    await later(0);
    call(1 - failing).answer('the other');
    expect(await asked).toEqual(said('the other'));
  });

  it('fails with the first error when both fail', async () => {
    const { ask, call, outcomes } = await hedging();
    const asked = expect(ask()).rejects.toMatchObject({ code: 'timeout' });
    await later(2_100);
    call(1).fail(new AiError('timeout', 'no'));
    await later(0);
    call(0).fail(new AiError('server_error', 'no'));
    await asked;
    expect(outcomes).toEqual(['failed']);
  });

  it('ends with both of its calls when its caller gives up', async () => {
    const { ask, call } = await hedging();
    const caller = new AbortController();
    const reason = new Error('the node stops');
    const asked = expect(ask(caller.signal)).rejects.toBe(reason);
    await later(2_100);
    caller.abort(reason);
    await asked;
    expect([call(0).signal.aborted, call(1).signal.aborted]).toEqual([true, true]);
  });
});

describe('is asked once', () => {
  it('when it fails before it is slow', async () => {
    const { ask, call, calls, outcomes } = await hedging();
    const asked = expect(ask()).rejects.toMatchObject({ code: 'rejected' });
    call(0).fail(new AiError('rejected', 'no'));
    await asked;
    await later(10_000);
    expect([calls.length, outcomes]).toEqual([1, []]);
  });

  it('when it is not calm by then', async () => {
    const { ask, calls, calm } = await hedging();
    void ask();
    calm(false);
    await later(10_000);
    expect(calls).toHaveLength(1);
  });

  it('when its share is used up: one of ten calls, whatever their number', async () => {
    const { ask, call, calls, outcomes } = await hedging();
    let asked = 0;
    for (; asked < 100; asked += 1) {
      const answer = ask();
      await later(30_000);
      call(calls.length - 1).answer('late');
      await answer;
    }
    expect(outcomes.length).toBeGreaterThan(0);
    expect(outcomes.length).toBeLessThanOrEqual(0.1 * (asked + 20));
  });

  it('when its length is not known', async () => {
    const { ai, calls } = await hedging();
    void ai.transcribe({ bytes: sound.bytes, mimeType: sound.mimeType }, { signal });
    await later(10_000);
    expect(calls).toHaveLength(1);
  });
});
