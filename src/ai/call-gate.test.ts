import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AiError } from './ai.ts';
import { createCallGate } from './call-gate.ts';

const { signal } = new AbortController();
beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000, doNotFake: ['queueMicrotask', 'nextTick'] });
});
afterEach(() => {
  jest.useRealTimers();
});
const later = (ms: number) => jest.advanceTimersByTimeAsync(ms);
const gateOf = (rule = {}) => createCallGate({ concurrency: 4, queue: 3, waitMs: 20_000, ...rule }, Date.now);
const limited = (retryAfterMs: number) => () =>
  Promise.reject(new AiError('rate_limited', 'no', retryAfterMs));

describe('the gate, after a 429', () => {
  it('lets nobody through before its Retry-After, and then all that waited', async () => {
    const gate = gateOf();
    await expect(gate.through(limited(7_000), signal)).rejects.toMatchObject({ code: 'rate_limited' });
    const done: string[] = [];
    const both = ['a', 'b'].map((name) => gate.through(async () => void done.push(name), signal));
    await later(6_999);
    expect([done, gate.state().waiting]).toEqual([[], 2]);
    await later(1);
    await Promise.all(both);
    expect(done).toEqual(['a', 'b']);
  });

  it('refuses at once when Retry-After is longer than a call may wait, and says how long', async () => {
    const gate = gateOf();
    await expect(gate.through(limited(60_000), signal)).rejects.toThrow();
    await later(10_000);
    await expect(gate.through(async () => 1, signal)).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 50_000,
    });
  });

  it('lets half as many through at once', async () => {
    const gate = gateOf();
    const open = Promise.withResolvers<void>();
    const refused = Promise.withResolvers<void>();
    const calls = [0, 1, 2].map(() => gate.through(() => open.promise, signal));
    const last = expect(gate.through(() => refused.promise, signal)).rejects.toThrow();
    await later(5);
    refused.reject(new AiError('rate_limited', 'no', 1_000));
    await last;
    expect(gate.state()).toMatchObject({ atOnce: 2, running: 3, limitedAt: 1_000_005 });
    open.resolve();
    await Promise.all(calls);
  });
});

describe('the pace', () => {
  it('is told at first, after a 429, and as good answers raise it again', async () => {
    const told: number[] = [];
    const gate = gateOf({ onPace: (atOnce: number) => told.push(atOnce) });
    await gate.through(limited(1_000), signal).catch(() => undefined);
    await later(1_000);
    for (let answer = 0; answer < 12; answer += 1) await gate.through(async () => answer, signal);
    expect(told).toEqual([4, 1, 2, 3, 4]);
    expect(gate.state()).toMatchObject({ atOnce: 4, isFree: true });
  });
});

describe('a call whose caller gives up', () => {
  it('leaves its place to the next', async () => {
    const gate = gateOf({ concurrency: 1 });
    const caller = new AbortController();
    const reason = new Error('the node stops');
    const runs = expect(gate.through(() => new Promise(() => undefined), caller.signal)).rejects.toBe(reason);
    const next = gate.through(async () => 'next', signal);
    caller.abort(reason);
    await runs;
    expect(await next).toBe('next');
  });
});

describe('a call that waits', () => {
  it('goes on in its own context, not in that of the call that made room', async () => {
    const gate = gateOf({ concurrency: 1 });
    const session = new AsyncLocalStorage<string>();
    const seen = ['first', 'second', 'third'].map((name) =>
      session.run(name, () => gate.through(async () => session.getStore(), signal)),
    );
    expect(await Promise.all(seen)).toEqual(['first', 'second', 'third']);
  });

  it('is refused after its time, and gives up its turn', async () => {
    const gate = gateOf({ concurrency: 1 });
    void gate.through(() => new Promise(() => undefined), signal);
    const waits = expect(gate.through(async () => 1, signal)).rejects.toMatchObject({ code: 'unavailable' });
    await later(20_000);
    await waits;
    expect(gate.state()).toMatchObject({ running: 1, waiting: 0 });
  });
});

describe('the gate, with more calls than may run', () => {
  it('lets everybody’s first call through before anybody’s second, and those in their order', async () => {
    const gate = gateOf({ concurrency: 1, queue: 10 });
    const order: string[] = [];
    const call = (name: string, person: string) =>
      gate.through(async () => void order.push(name), signal, person);
    const open = Promise.withResolvers<void>();
    const first = gate.through(() => open.promise, signal, 'many');
    const all = [1, 2, 3].map((number) => call(`many ${number}`, 'many'));
    all.push(call('one', 'one'), call('another', 'another'));
    open.resolve();
    await Promise.all([first, ...all]);
    expect(order).toEqual(['one', 'another', 'many 1', 'many 2', 'many 3']);
  });

  it('forgets who has no call left', async () => {
    const gate = gateOf({ concurrency: 1, queue: 10 });
    await expect(gate.through(() => Promise.reject(new Error('no')), signal, 'a')).rejects.toThrow('no');
    const order: string[] = [];
    const open = Promise.withResolvers<void>();
    const first = gate.through(() => open.promise, signal, 'b');
    const both = ['a', 'c'].map((person) =>
      gate.through(async () => void order.push(person), signal, person),
    );
    open.resolve();
    await Promise.all([first, ...both]);
    expect(order).toEqual(['a', 'c']);
  });
});
