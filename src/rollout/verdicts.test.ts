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
    for (const [failed, not] of [
      ['chunked', 'single'],
      ['single', 'chunked'],
    ] as const) {
      const arms = { [failed]: arm, [not]: { ...arm, failureRate: 0 } } as unknown as Comparison['arms'];
      const said = about('failure', { ...total, arms, ratios }, { ...guardrails, failure: none });
      expect(said).toMatchObject({ level: 'open', text: expect.stringContaining('not weighed yet') });
    }
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

  it.each<[string, Partial<GuardrailView>, string, string]>([
    [
      'nobody',
      { counted: { total: 0, chunked: 0, expectedChunked: 0 } },
      'open',
      'Nobody has been counted yet.',
    ],
    [
      'few',
      { state: 'watch', counted: { total: 400, chunked: 21, expectedChunked: 20.25 } },
      'open',
      'The sizes of the arms look doubtful: 21 of 400 users are in chunked, 20.3 expected.',
    ],
    [
      'thousands',
      { counted: { total: 12_345, chunked: 1_234, expectedChunked: 1_230.4 } },
      'good',
      'The arms have the sizes they should have: 1,234 of 12,345 users are in chunked, 1,230 expected.',
    ],
    [
      'a hundred or so',
      { counted: { total: 1_000, chunked: 99, expectedChunked: 99.96 } },
      'good',
      'The arms have the sizes they should have: 99 of 1,000 users are in chunked, 100 expected.',
    ],
    [
      'the first hundred',
      { counted: { total: 1_000, chunked: 100, expectedChunked: 100 } },
      'good',
      'The arms have the sizes they should have: 100 of 1,000 users are in chunked, 100 expected.',
    ],
    [
      'the wrong ones',
      { state: 'breached', breachedAt: '2026-11-24T10:00:00.000Z' },
      'bad',
      'The arms are not of the sizes they should be: 21 of 400 users are in chunked, 20 expected. Until the cause is found, believe no other figure.',
    ],
  ])('says of the arms’ sizes what is known of %s', (_who, change, level, text) => {
    const sampleRatio = { ...quiet, ...change };
    expect(about('sampleRatio', total, { ...guardrails, sampleRatio })).toEqual({
      about: 'sampleRatio',
      level,
      text,
    });
  });

  it('says that chunked leans to the worse, with no range while there is too little for one', () => {
    const watching = { ...guardrails, slow: { ...quiet, state: 'watch' } as const };
    expect(about('slow', total, watching)).toEqual({
      about: 'slow',
      level: 'open',
      text: 'Chunked may be worse: chunked is slow 0.8 % against 0.8 % (between 0.50 and 2.00 times as often).',
    });
    const ratios = { ...total.ratios, slow: null };
    expect(about('slow', { ...total, ratios }, watching)?.text).toBe(
      'Chunked may be worse: chunked is slow 0.8 % against 0.8 %.',
    );
    const arms = { chunked: { ...arm, slowRate: null }, single: { ...arm, slowRate: 0.1 } };
    expect(about('slow', { ...total, arms, ratios }, guardrails)?.text).toBe(
      'No difference is shown yet: chunked is slow nothing yet against 10 %.',
    );
  });

  it('takes a bound at one for no difference', () => {
    const even = { estimate: 1, low: 1, high: 1 };
    const ratios = { ...total.ratios, failure: even, totalMs: even };
    expect(about('failure', { ...total, ratios }, guardrails)?.level).toBe('open');
    expect(about('totalMs', { ...total, ratios }, guardrails)).toEqual({
      about: 'totalMs',
      level: 'open',
      text: 'From stop to the entry, no difference is shown yet: half of chunked within 3.9 s, half of single within 34 s (1.00 times as long, between 1.00 and 1.00).',
    });
  });

  it('says of each time that it was not measured, that there is too little, and that chunked is slower', () => {
    expect(verdicts(total, guardrails).slice(4)).toEqual([
      { about: 'uploadWaitMs', level: 'open', text: 'Waiting for the upload: nothing measured yet.' },
      { about: 'processingMs', level: 'open', text: 'Processing: nothing measured yet.' },
    ]);
    const slower = { estimate: 1.5, low: 1.2, high: 1.9 };
    const ratios = { ...total.ratios, totalMs: slower, processingMs: null };
    const processingMs = { count: 1, p50: 10_000, p75: 1, p90: 1, p95: 1, p99: 1 };
    const arms = { chunked: { ...arm, processingMs }, single: arm };
    const changed = { ...total, arms, ratios };
    expect(about('totalMs', changed, guardrails)).toEqual({
      about: 'totalMs',
      level: 'bad',
      text: 'From stop to the entry, chunked is slower: half of chunked within 3.9 s, half of single within 3.9 s (1.50 times as long, between 1.20 and 1.90); this holds whenever you look.',
    });
    expect(about('processingMs', changed, guardrails)).toEqual({
      about: 'processingMs',
      level: 'open',
      text: 'Processing: half of chunked within 10 s, half of single within nothing yet; too few to compare.',
    });
  });

  it('doubts what it praises, and goes on warning, while the arms are of the wrong sizes', () => {
    const all = { ...guardrails, sampleRatio: breached, slow: breached };
    expect(about('failure', total, all)).toEqual({
      about: 'failure',
      level: 'open',
      text: 'While the sizes of the arms are wrong this shows nothing: Chunked fails less often: 1.7 % against 6.3 %; this holds whenever you look.',
    });
    expect(about('slow', total, all)).toMatchObject({
      level: 'bad',
      text: expect.stringMatching(/^Chunked is slow more often/),
    });
  });
});
