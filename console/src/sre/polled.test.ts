import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ApiError } from '@thankly/voice-client';
import { createPolled, type Polled } from './polled.ts';
import { tabDouble } from './testing/tab-double.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const down = () => new ApiError(0, 'unreachable', 'The server cannot be reached.');

/** Answers one after the other; the last again and again. */
function polledOf(...answers: (string | ApiError)[]) {
  const tab = tabDouble();
  let asked = 0;
  const polled: Polled<string> = createPolled<string>({
    async ask() {
      const answer = answers[Math.min(asked++, answers.length - 1)] ?? 'nothing';
      if (answer instanceof ApiError) throw answer;
      return answer;
    },
    everyMs: () => 5_000,
    tab,
    now: () => 1_000,
  });
  return {
    polled,
    tab,
    get asked() {
      return asked;
    },
  };
}

const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds);

describe('a polled document', () => {
  it('is asked for at once, and every five seconds from its answer on', async () => {
    const source = polledOf('one', 'two');
    source.polled.follow();
    expect(source.polled.state.phase).toBe('asking');
    await pass(0);
    expect(source.polled.state).toEqual({ phase: 'fresh', value: 'one', seenAt: 1_000, error: null });
    await pass(4_999);
    expect(source.asked).toBe(1);
    await pass(1);
    expect(source.polled.state.value).toBe('two');
  });

  it('is not asked for while nobody can see the tab, and at once when they come back', async () => {
    const source = polledOf('one');
    source.polled.follow();
    await pass(0);
    source.tab.hide();
    await pass(60_000);
    expect(source.asked).toBe(1);
    source.tab.show();
    await pass(0);
    expect(source.asked).toBe(2);
  });

  it('is not asked for anew by who looks away for a moment', async () => {
    const source = polledOf('one');
    source.polled.follow();
    await pass(1_000);
    source.tab.hide();
    source.tab.show();
    await pass(0);
    expect(source.asked).toBe(1);
  });

  it('stays while the server is away, and is asked for each time later', async () => {
    const source = polledOf('one', down(), down(), 'two');
    source.polled.follow();
    await pass(5_000);
    expect(source.polled.state).toMatchObject({ phase: 'away', value: 'one', seenAt: 1_000 });
    await pass(4_000);
    expect(source.asked).toBe(3);
    await pass(7_999);
    expect(source.asked).toBe(3);
    await pass(1);
    expect(source.polled.state).toMatchObject({ phase: 'fresh', value: 'two', error: null });
  });

  it('waits as long as the server wants', async () => {
    const source = polledOf(new ApiError(503, 'busy', 'later', {}, 20_000), 'one');
    source.polled.follow();
    await pass(19_999);
    expect(source.asked).toBe(1);
    await pass(1);
    expect(source.polled.state.value).toBe('one');
  });

  it('is dropped when it is refused, and not asked for again until somebody says so', async () => {
    const source = polledOf('one', new ApiError(403, 'role_forbidden', 'no'), 'two');
    source.polled.follow();
    await pass(60_000);
    expect(source.polled.state).toMatchObject({ phase: 'refused', value: null });
    expect(source.asked).toBe(2);
    source.polled.again();
    expect(source.polled.state.phase).toBe('asking');
    await pass(0);
    expect(source.polled.state.value).toBe('two');
  });

  it('takes no answer to an older question', async () => {
    const answers: ((value: string) => void)[] = [];
    const polled = createPolled<string>({
      ask: () => new Promise((resolve) => void answers.push(resolve)),
      everyMs: () => 5_000,
      tab: tabDouble(),
    });
    polled.follow();
    polled.again();
    answers[1]?.('new');
    await pass(0);
    answers[0]?.('old');
    await pass(0);
    expect(polled.state.value).toBe('new');
  });

  it('is left alone when nobody follows it any more', async () => {
    const source = polledOf('one');
    const leave = source.polled.follow();
    await pass(0);
    leave();
    source.polled.again();
    source.tab.show();
    await pass(60_000);
    expect(source.asked).toBe(1);
  });
});
