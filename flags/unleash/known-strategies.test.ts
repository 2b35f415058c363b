import { describe, expect, it } from '@jest/globals';
import { internalStrategy, percentOf, rolloutStrategy, type StrategyLike } from './known-strategies.ts';

const gradual = (variant: string | null, rest: Partial<StrategyLike> = {}): StrategyLike => ({
  name: 'flexibleRollout',
  parameters: { rollout: '5', stickiness: 'userId', groupId: 'chunked-upload' },
  segments: [],
  variants: variant === null ? [] : [{ name: variant }],
  ...rest,
});
const internal = gradual('internal', { segments: [1] });
const chunked = gradual('chunked');

describe('the rollout', () => {
  it('is the gradual strategy with the variant "chunked", wherever it stands', () => {
    expect(rolloutStrategy([gradual(null), internal, chunked])).toBe(chunked);
  });

  it("is, failing that, one for everybody in the group of the flag, as Unleash's page makes it", () => {
    const made = gradual(null);
    expect(rolloutStrategy([internal, gradual(null, { segments: [7] }), made])).toBe(made);
    expect(rolloutStrategy([internal, gradual(null, { parameters: { groupId: 'another' } })])).toBeNull();
  });

  it('is never that of the internal developers, also when it has lost its segment', () => {
    expect(rolloutStrategy([gradual('internal')])).toBeNull();
  });

  it('is one that is switched off only when there is no other', () => {
    const off = gradual('chunked', { disabled: true });
    const made = gradual(null);
    expect(rolloutStrategy([off])).toBe(off);
    expect(rolloutStrategy([off, made])).toBe(made);
  });

  it('is no strategy of another kind', () => {
    expect(
      rolloutStrategy([{ name: 'default' }, { name: 'userWithId', variants: [{ name: 'chunked' }] }]),
    ).toBeNull();
  });
});

it('the internal developers have the strategy with their variant', () => {
  expect(internalStrategy([chunked, internal])).toBe(internal);
  expect(internalStrategy([chunked])).toBeNull();
});

it.each([
  ['0', 0],
  ['37', 37],
  ['100', 100],
  [20, 20],
  ['101', null],
  ['-1', null],
  ['', null],
  ['half', null],
  [undefined, null],
])('the percentage %j is %j', (rollout, percent) => {
  expect(percentOf({ name: 'flexibleRollout', parameters: { rollout } })).toBe(percent);
});
