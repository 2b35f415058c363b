import { describe, expect, test } from '@jest/globals';
import { throttledDirection } from './throttled-direction.ts';

/** Time passes when it is told to. */
function handClock() {
  let now = 0;
  const timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => now,
    after(milliseconds: number, callback: () => void) {
      const timer = { at: now + milliseconds, callback };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0);
    },
    pass(milliseconds: number) {
      const until = now + milliseconds;
      for (;;) {
        const next = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers.splice(timers.indexOf(next), 1);
        now = next.at;
        next.callback();
      }
      now = until;
    },
  };
}

/** A link of 1,000 bytes a second and 40 ms, on which pieces of 100 bytes are sent; what happened, and when. */
function link() {
  const clock = handClock();
  const direction = throttledDirection({ bytesPerSecond: 1_000, latencyMs: 40 }, clock);
  const happened: string[] = [];
  const note = (what: string) => happened.push(`${what} ${clock.now()}`);
  const send = (name: string) =>
    direction.send(
      100,
      () => note(`${name} left`),
      () => note(`${name} arrived`),
    );
  return { clock, direction, happened, send };
}

describe('throttledDirection', () => {
  test('lets pieces leave at its speed, the first earlier by what the bucket holds, each arriving later', () => {
    const { clock, happened, send } = link();
    send('a');
    send('b');
    clock.pass(1_000);
    expect(happened).toEqual(['a left 80', 'a arrived 120', 'b left 180', 'b arrived 220']);
  });

  test('an idle minute fills the bucket only to its brim', () => {
    const { clock, happened, send } = link();
    clock.pass(60_000);
    send('a');
    clock.pass(1_000);
    expect(happened).toEqual(['a left 60080', 'a arrived 60120']);
  });

  test('carries its speed over a minute, whatever the pieces', () => {
    const { clock, direction } = link();
    for (let i = 0; i < 700; i++)
      direction.send(
        100,
        () => undefined,
        () => undefined,
      );
    clock.pass(60_000);
    expect(direction.passedBytes).toBe(60_000);
  });

  test('silent, nothing leaves and nothing is lost', () => {
    const { clock, direction, happened, send } = link();
    send('a');
    clock.pass(100);
    direction.setSilent(true);
    send('b');
    clock.pass(30_000);
    expect(happened).toEqual(['a left 80', 'a arrived 120']);
    direction.setSilent(false);
    clock.pass(200);
    expect(happened.slice(2)).toEqual(['b left 30180', 'b arrived 30220']);
  });

  test('closed, what waits and what is under way never arrives', () => {
    const { clock, direction, happened, send } = link();
    send('a');
    send('b');
    clock.pass(100);
    direction.close();
    clock.pass(1_000);
    expect(happened).toEqual(['a left 80']);
  });
});
