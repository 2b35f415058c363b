import type { LifecycleRule } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_RETENTION } from '../../recording/retention.ts';
import { changesAnything, corsRules, lifecycleRules, planRules } from './bucket-plan.ts';

const theirs: LifecycleRule = {
  ID: 'backup',
  Status: 'Enabled',
  Filter: { Prefix: 'x/' },
  Expiration: { Days: 9 },
};

describe('lifecycleRules', () => {
  it('let uploads go when no session can need them any more, and keep audio and texts for ever unless told otherwise', () => {
    const [uploads, ...more] = lifecycleRules(DEFAULT_RETENTION);
    expect(uploads).toMatchObject({
      ID: 'thankly-uploads',
      Filter: { Prefix: 'uploads/' },
      Expiration: { Days: 30 },
    });
    expect(more).toEqual([]);
  });

  it('are of the longest period of what stands under a prefix', () => {
    const days = {
      chunksDays: 1,
      singleDays: 2,
      imagesDays: 60,
      recordingDays: 3,
      textsDays: 90,
      unfinishedDays: 7,
    };
    expect(lifecycleRules(days).map(({ Filter, Expiration }) => [Filter?.Prefix, Expiration?.Days])).toEqual([
      ['uploads/', 60],
      ['audio/', 7],
      ['text/', 90],
    ]);
  });
});

describe('planRules', () => {
  const desired = lifecycleRules({ ...DEFAULT_RETENTION, recordingDays: 30 });

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
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 30 },
        Expiration: { Days: 30 },
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
      lifecycleRules({ ...DEFAULT_RETENTION, unfinishedDays: 31 }),
    );
    expect(plan.changes).toEqual([
      { action: 'change', id: 'thankly-uploads' },
      { action: 'remove', id: 'thankly-audio' },
    ]);
    expect(plan.rules).toEqual([
      theirs,
      nameless,
      ...lifecycleRules({ ...DEFAULT_RETENTION, unfinishedDays: 31 }),
    ]);
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
