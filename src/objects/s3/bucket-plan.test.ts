import type { LifecycleRule } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { changesAnything, corsRules, lifecycleRules, planRules } from './bucket-plan.ts';

const theirs: LifecycleRule = {
  ID: 'backup',
  Status: 'Enabled',
  Filter: { Prefix: 'x/' },
  Expiration: { Days: 9 },
};

describe('lifecycleRules', () => {
  it('lets raw uploads go and keeps audio for ever unless it is told otherwise', () => {
    const [uploads, ...more] = lifecycleRules({ abandonedDays: 2, audioDays: null });
    expect(uploads).toMatchObject({
      ID: 'thankly-uploads',
      Filter: { Prefix: 'uploads/' },
      Expiration: { Days: 2 },
    });
    expect(more).toEqual([]);
  });

  it('never touches texts', () => {
    const rules = lifecycleRules({ abandonedDays: 1, audioDays: 30 });
    expect(rules.map((rule) => rule.Filter?.Prefix)).toEqual(['uploads/', 'audio/']);
  });
});

describe('planRules', () => {
  const desired = lifecycleRules({ abandonedDays: 2, audioDays: 30 });

  it('adds to a bucket that has none', () => {
    const plan = planRules([], desired);
    expect(plan.changes).toEqual([
      { action: 'add', id: 'thankly-uploads' },
      { action: 'add', id: 'thankly-audio' },
    ]);
    expect(plan.rules).toEqual(desired);
  });

  it('finds nothing to do the second time, in whatever order the store gives its fields back', () => {
    const givenBack: LifecycleRule[] = [
      { Expiration: { Days: 30 }, Filter: { Prefix: 'audio/' }, Status: 'Enabled', ID: 'thankly-audio' },
      {
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
        Expiration: { Days: 2 },
        Filter: { Prefix: 'uploads/', Tag: undefined },
        Status: 'Enabled',
        ID: 'thankly-uploads',
      },
    ];
    const plan = planRules(givenBack, desired);
    expect(plan.changes.map((change) => change.action)).toEqual(['unchanged', 'unchanged']);
    expect(changesAnything(plan)).toBe(false);
  });

  it('changes what differs, removes what is ours and no longer wanted, keeps what others put', () => {
    const nameless: LifecycleRule = { Status: 'Disabled', Filter: { Prefix: 'y/' }, Expiration: { Days: 1 } };
    const plan = planRules(
      [theirs, ...desired, nameless],
      lifecycleRules({ abandonedDays: 3, audioDays: null }),
    );
    expect(plan.changes).toEqual([
      { action: 'change', id: 'thankly-uploads' },
      { action: 'remove', id: 'thankly-audio' },
    ]);
    expect(plan.rules).toEqual([theirs, nameless, ...lifecycleRules({ abandonedDays: 3, audioDays: null })]);
    expect(changesAnything(plan)).toBe(true);
  });

  it('takes a disabled rule of ours for a changed one', () => {
    const disabled = desired.map((rule) => ({ ...rule, Status: 'Disabled' as const }));
    expect(planRules(disabled, desired).changes.map((change) => change.action)).toEqual(['change', 'change']);
  });

  it('compares CORS lists as sets', () => {
    const [rule] = corsRules(['https://a.example', 'https://b.example']);
    const shuffled = {
      ...rule,
      AllowedMethods: ['PUT', 'GET', 'HEAD'],
      AllowedOrigins: rule?.AllowedOrigins?.toReversed(),
    };
    const plan = planRules([shuffled], corsRules(['https://a.example', 'https://b.example']));
    expect(plan.changes).toEqual([{ action: 'unchanged', id: 'thankly-browsers' }]);
    expect(planRules([shuffled], corsRules(['https://a.example'])).changes[0]?.action).toBe('change');
  });

  it('removes the CORS rule when no origin is named', () => {
    const plan = planRules(corsRules(['*']), corsRules([]));
    expect(plan).toEqual({ rules: [], changes: [{ action: 'remove', id: 'thankly-browsers' }] });
  });
});
