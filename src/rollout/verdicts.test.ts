import { describe, expect, it } from '@jest/globals';
import type { ArmView, Comparison, GuardrailView } from './experiment.ts';
import { verdicts } from './verdicts.ts';

const arm: ArmView = {
  users: 100,
  sessions: 120,
  open: 0,
  completed: 118,
  failed: 2,
  expired: 0,
  slow: 1,
  fellBack: 0,
  completionRate: 118 / 120,
  failureRate: 2 / 120,
  slowRate: 1 / 120,
  totalMs: { count: 118, p50: 3_900, p75: 5_000, p90: 7_000, p95: 9_000, p99: 12_000 },
  uploadWaitMs: null,
  processingMs: null,
};
const quiet: GuardrailView = {
  alpha: 0.05,
  threshold: 20,
  eValue: 0.4,
  peak: 1.2,
  state: 'quiet',
  breachedAt: null,
  counted: { total: 400, chunked: 21, expectedChunked: 20 },
};
const breached: GuardrailView = {
  ...quiet,
  state: 'breached',
  breachedAt: '2026-11-24T10:00:00.000Z',
  peak: 25,
};
const total: Comparison = {
  arms: {
    chunked: arm,
    single: { ...arm, failureRate: 0.063, totalMs: { ...arm.totalMs, p50: 34_000 } as ArmView['totalMs'] },
  },
  ratios: {
    failure: { estimate: 0.26, low: 0.08, high: 0.7 },
    slow: { estimate: 1, low: 0.5, high: 2 },
    totalMs: { estimate: 0.12, low: 0.11, high: 0.13 },
    uploadWaitMs: null,
    processingMs: null,
  },
  eValues: { failure: 0.4, slow: 0.4, sampleRatio: 0.4 },
};
const guardrails = { failure: quiet, slow: quiet, sampleRatio: quiet };
const about = (name: string, ...given: Parameters<typeof verdicts>) =>
  verdicts(...given).find((verdict) => verdict.about === name);

describe('what the evidence says', () => {
  it('says of what holds that it holds whenever one looks', () => {
    expect(about('failure', total, guardrails)).toEqual({
      about: 'failure',
      level: 'good',
      text: 'Chunked fails less often: 1.7 % against 6.3 %; this holds whenever you look.',
    });
    expect(about('totalMs', total, guardrails)).toEqual({
      about: 'totalMs',
      level: 'good',
      text: 'From stop to the entry, chunked is faster: half of chunked within 3.9 s, half of single within 34 s (0.12 times as long, between 0.11 and 0.13); this holds whenever you look.',
    });
  });

  it('does not say it of what may still turn', () => {
    expect(about('slow', total, guardrails)).toEqual({
      about: 'slow',
      level: 'open',
      text: 'No difference is shown yet: chunked is slow 0.8 % against 0.8 % (between 0.50 and 2.00 times as often).',
    });
  });

  it('does not say that nothing failed where it was only not weighed yet', () => {
    const none = { ...quiet, counted: { total: 0, chunked: 0, expectedChunked: 0 } };
    const ratios = { ...total.ratios, failure: null };
    expect(about('failure', { ...total, ratios }, { ...guardrails, failure: none })?.text).toBe(
      'Chunked fails 1.7 % against 6.3 %; not weighed yet: it was in a stage’s first half minute.',
    );
    const arms = { chunked: { ...arm, failureRate: 0 }, single: { ...arm, failureRate: null } };
    expect(about('failure', { ...total, arms, ratios }, { ...guardrails, failure: none })?.text).toBe(
      'No recording has failed yet.',
    );
  });

  it('says that chunked is worse when a guardrail has spoken, whatever the interval says by then', () => {
    expect(about('failure', total, { ...guardrails, failure: breached })).toMatchObject({
      level: 'bad',
      text: 'Chunked fails more often: 1.7 % against 6.3 %; this holds whenever you look.',
    });
  });

  it('praises nothing while the arms are not of the sizes they should be', () => {
    const all = verdicts(total, { ...guardrails, sampleRatio: breached });
    expect(all[0]).toMatchObject({ about: 'sampleRatio', level: 'bad' });
    expect(all.filter(({ level }) => level === 'good')).toEqual([]);
  });

  it('says how many are in each arm, and how many there should be', () => {
    expect(about('sampleRatio', total, guardrails)?.text).toBe(
      'The arms have the sizes they should have: 21 of 400 users are in chunked, 20 expected.',
    );
  });
});
