/** What a sync would do, case by case; that it works on Unleash: test/integration/unleash-sync.test.ts. */
import { describe, expect, it } from '@jest/globals';
import { difference, effectOf, tunedPayloads } from './difference.ts';
import type { Found, FoundStrategy } from './found-flag.ts';

const PAYLOAD = { type: 'json', value: '{"chunkSeconds":5,"concurrency":2}' };

function strategy(role: 'internal' | 'chunked', rest: Partial<FoundStrategy> = {}): FoundStrategy {
  return {
    id: role,
    name: 'flexibleRollout',
    disabled: false,
    parameters: {
      rollout: role === 'internal' ? '100' : '20',
      stickiness: 'userId',
      groupId: 'chunked-upload',
    },
    segments: role === 'internal' ? [1] : [],
    constraints: [],
    variants: [{ name: role, payload: PAYLOAD }],
    ...rest,
  };
}

const SEGMENT = {
  id: 1,
  name: 'internal-developers',
  constraints: [{ contextName: 'userId', operator: 'IN', inverted: false, values: ['demo'] }],
};
const whole = (
  strategies: readonly FoundStrategy[] = [strategy('internal'), strategy('chunked')],
  rest: { enabled?: boolean; segment?: Found['segment'] } = {},
): Found => ({
  flag: { state: 'present', enabled: rest.enabled ?? true, strategies },
  segment: rest.segment === undefined ? SEGMENT : rest.segment,
});

const changes = (found: Found, percent: number | null = null) =>
  difference({ environment: 'development', percent, percentWhenNew: 5 }, found);
const words = (found: Found, percent: number | null = null) =>
  changes(found, percent).map((each) => each.words);

it('a flag that is as it should be needs nothing', () => {
  expect(changes(whole())).toEqual([]);
  expect(effectOf(whole())).toEqual({ percent: 20, enabled: true, problems: [] });
});

it('what is wrong in several ways is told in each, and the flag is turned on after all else', () => {
  const broken = whole(
    [
      strategy('chunked', { parameters: { rollout: '20', stickiness: 'random', groupId: 'chunked-upload' } }),
      strategy('internal', { variants: [{ name: 'internal', payload: { type: 'string', value: 'x' } }] }),
      { ...strategy('chunked'), id: 'other', name: 'default' },
    ],
    { enabled: false },
  );
  expect(words(broken)).toEqual([
    'the strategy "chunked" differs in stickiness: mended',
    'the payload of "internal" cannot be used: it is replaced',
    'the strategies stand in another order than internal, chunked: put in order',
    'a strategy that is not ours (default) is there: it is removed',
    'the flag is off in development: it is turned on',
  ]);
  expect(changes(broken).at(-1)?.step).toBeNull(); // once the others are done
  expect(effectOf(broken).problems).toEqual([
    'strategy_changed',
    'payload_invalid',
    'strategy_added',
    'flag_disabled',
  ]);
});

it('a strategy of the internal developers is not made before their segment: it would be for everybody', () => {
  const bare = whole([strategy('chunked')], { segment: null });
  expect(changes(bare).map(({ problem, step }) => [problem, step?.type ?? null])).toEqual([
    ['segment_missing', 'put-segment'],
    ['strategy_missing', null],
  ]);
});

describe('the percentage', () => {
  it('stays where it is when none is asked for', () => {
    expect(words(whole([strategy('internal'), strategy('chunked', { constraints: ['x'] })]))).toEqual([
      'the strategy "chunked" differs in constraints: mended',
    ]);
  });

  it('is set when one is, which mends nothing', () => {
    expect(changes(whole(), 50)).toEqual([
      expect.objectContaining({
        problem: null,
        words: 'the rollout stands at 20 %: it is set to 50 %',
        step: expect.objectContaining({
          id: 'chunked',
          strategy: expect.objectContaining({
            parameters: { rollout: '50', stickiness: 'userId', groupId: 'chunked-upload' },
          }),
        }),
      }),
    ]);
  });

  it('that cannot be read is nobody', () => {
    const parameters = { rollout: 'half', stickiness: 'userId', groupId: 'chunked-upload' };
    const found = whole([strategy('internal'), strategy('chunked', { parameters })]);
    expect(words(found)).toEqual(['the strategy "chunked" differs in percentage: mended']);
    expect(changes(found)[0]?.step).toMatchObject({ strategy: { parameters: { rollout: '0' } } });
    expect(effectOf(found).percent).toBeNull();
  });

  it('of a rollout that is not there is the first of the plan', () => {
    expect(words(whole([strategy('internal')]))).toEqual([
      'there is no strategy "chunked": it is made, at 5 %',
    ]);
  });
});

describe('what is off', () => {
  it.each<[string, Found]>([
    ['an archived flag', { flag: { state: 'archived' }, segment: SEGMENT }],
    ['a flag that is off', whole(undefined, { enabled: false })],
    [
      'a rollout that is switched off',
      whole([strategy('internal'), strategy('chunked', { disabled: true })]),
    ],
    ['a rollout that was removed', whole([strategy('internal')])],
  ])('%s would be turned on', (_, found) => {
    expect(changes(found).map(({ turnsOn }) => turnsOn)).toEqual([true]);
  });

  it('is mended in the dark: a rollout that is switched off stays so while it is put right', () => {
    const [mended, switchedOn] = changes(
      whole([strategy('internal'), strategy('chunked', { disabled: true, segments: [1] })]),
    );
    expect(mended).toMatchObject({ step: { disabled: true }, turnsOn: false });
    expect(switchedOn).toMatchObject({ step: { disabled: false }, turnsOn: true });
  });
});

it('a tuned payload is kept, told, and goes along when its strategy is mended', () => {
  const payload = { type: 'json', value: '{"chunkSeconds":3,"concurrency":4}' };
  const tuned = whole([
    strategy('internal'),
    strategy('chunked', { variants: [{ name: 'chunked', payload }], segments: [1] }),
  ]);
  expect(tunedPayloads(tuned)).toEqual([
    'the payload of "chunked" is tuned to {"chunkSeconds":3,"concurrency":4}: it is kept',
  ]);
  expect(effectOf(tuned).problems).toEqual(['strategy_changed', 'payload_changed']);
  expect(changes(tuned)[0]?.step).toMatchObject({ strategy: { variants: [{ payload }] } });
});

describe('the segment', () => {
  const users = (values: readonly string[], rest: object = {}) => ({
    contextName: 'userId',
    operator: 'IN',
    inverted: false,
    values: [...values],
    ...rest,
  });
  const step = (constraints: ReturnType<typeof users>[]) =>
    changes(whole(undefined, { segment: { ...SEGMENT, constraints } })).map((each) => each.step);

  it('may hold more users than ours', () => {
    expect(step([users(['ada', 'demo'])])).toEqual([]);
  });

  it('keeps those whom somebody added', () => {
    expect(step([users(['ada'])])).toEqual([{ type: 'put-segment', id: 1, users: ['ada', 'demo'] }]);
  });

  it('is no segment when nobody or everybody is in it', () => {
    const ours = [{ type: 'put-segment', id: 1, users: ['demo'] }];
    expect(step([])).toEqual(ours);
    expect(step([users(['demo'], { inverted: true })])).toEqual(ours);
    expect(step([users(['demo']), users(['eu'], { contextName: 'region' })])).toEqual(ours);
  });
});
