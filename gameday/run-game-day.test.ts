import { describe, expect, it } from '@jest/globals';
import { CannotBegin, type Fault, type Target } from './fault.ts';
import { type RunParts, runGameDay } from './run-game-day.ts';

type Broken = { readonly begin?: Error; readonly end?: Error };

/** Everything that happens, in its order; time passes at once. `interruptAt`: the sleep in which somebody ends it. */
function stage({ begin, end }: Broken = {}, interruptAt = Number.POSITIVE_INFINITY) {
  const happened: string[] = [];
  const interrupted = new AbortController();
  const fault: Fault = {
    name: 'rain',
    title: 'It rains.',
    alerts: [],
    panels: [],
    console: '/console',
    forSeconds: 60,
    warmUpSeconds: 10,
    traffic: [],
    healed: 'The sun shines.',
    check: async () => '',
    begin: async () => {
      happened.push('begin');
      if (begin !== undefined) throw begin;
    },
    end: async () => {
      happened.push('end');
      if (end !== undefined) throw end;
    },
  };
  const target: Target = {
    url: 'http://127.0.0.1:8080',
    dataDir: '/data',
    databaseUrl: undefined,
    sandboxUrl: undefined,
    tokenSecret: undefined,
    leaveBytes: 0,
    really: false,
    interrupted: interrupted.signal,
    note: () => undefined,
  };
  let sleeps = 0;
  const parts: RunParts = {
    clock: {
      now: () => 0,
      sleep: async (milliseconds) => {
        happened.push(`${milliseconds / 1000} s`);
        if (++sleeps === interruptAt) interrupted.abort();
      },
    },
    traffic: () => {
      happened.push('traffic');
      const { promise, resolve } = Promise.withResolvers<void>();
      return {
        ended: promise,
        halt: () => {
          happened.push('halt');
          resolve();
        },
      };
    },
  };
  return { happened, run: () => runGameDay(fault, 300, target, parts) };
}

describe('a game day', () => {
  it('begins the fault under traffic, ends it in its time, and waits for what is under way', async () => {
    const { happened, run } = stage();
    expect(await run()).toEqual({ type: 'healed' });
    expect(happened).toEqual(['traffic', '10 s', 'begin', '300 s', 'end', '90 s', 'halt']);
  });

  it('ends the fault when somebody interrupts it', async () => {
    const { happened, run } = stage({}, 2);
    expect(await run()).toEqual({ type: 'interrupted' });
    expect(happened).toEqual(['traffic', '10 s', 'begin', '300 s', 'end', 'halt']);
  });

  it('does not begin what is interrupted before', async () => {
    const { happened, run } = stage({}, 1);
    expect(await run()).toEqual({ type: 'interrupted' });
    expect(happened).toEqual(['traffic', '10 s', 'halt']);
  });

  it('ends also what began only half, and says why', async () => {
    const { happened, run } = stage({ begin: new CannotBegin('no_sandbox', 'it went away') });
    await expect(run()).rejects.toThrow('it went away');
    expect(happened).toEqual(['traffic', '10 s', 'begin', 'end', 'halt']);
  });

  it('says when the fault may still be there', async () => {
    const error = new Error('permission denied');
    const { happened, run } = stage({ end: error });
    expect(await run()).toEqual({ type: 'not-ended', error });
    expect(happened).toEqual(['traffic', '10 s', 'begin', '300 s', 'end', 'halt']);
  });

  it('says that before what went wrong at the beginning', async () => {
    const error = new Error('permission denied');
    const { run } = stage({ begin: new Error('half'), end: error });
    expect(await run()).toEqual({ type: 'not-ended', error });
  });
});
