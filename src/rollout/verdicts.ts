/** What the evidence says, in plain words. "Holds" is only said of what holds whenever one looks. */
import type { Comparison, GuardrailView, Quantiles, TimeName, Verdict } from './experiment.ts';
import type { TestName } from './policy.ts';
import type { Interval } from './statistics/interval.ts';

type Guardrails = Readonly<Record<TestName, GuardrailView>>;
const WHENEVER = 'this holds whenever you look';

export function verdicts(total: Comparison, guardrails: Guardrails): Verdict[] {
  const others = [
    harm('failure', total, guardrails.failure),
    harm('slow', total, guardrails.slow),
    time('totalMs', total),
    time('uploadWaitMs', total),
    time('processingMs', total),
  ];
  const isBroken = guardrails.sampleRatio.breachedAt !== null;
  return [sampleRatio(guardrails.sampleRatio), ...(isBroken ? others.map(doubted) : others)];
}

/** A broken comparison praises nothing; what it warns of is still said. */
function doubted(verdict: Verdict): Verdict {
  if (verdict.level !== 'good') return verdict;
  return {
    ...verdict,
    level: 'open',
    text: `While the sizes of the arms are wrong this shows nothing: ${verdict.text}`,
  };
}

function sampleRatio({ breachedAt, counted, state }: GuardrailView): Verdict {
  const about = 'sampleRatio';
  const { total, chunked, expectedChunked } = counted;
  if (total === 0) return { about, level: 'open', text: 'Nobody has been counted yet.' };
  const sizes = `${number(chunked)} of ${number(total)} users are in chunked, ${number(expectedChunked)} expected`;
  if (breachedAt !== null) {
    const text = `The arms are not of the sizes they should be: ${sizes}. Until the cause is found, believe no other figure.`;
    return { about, level: 'bad', text };
  }
  if (state === 'watch')
    return { about, level: 'open', text: `The sizes of the arms look doubtful: ${sizes}.` };
  return { about, level: 'good', text: `The arms have the sizes they should have: ${sizes}.` };
}

const HARM = {
  failure: { verb: 'fails', rate: 'failureRate', nothing: 'No recording has failed yet.' },
  slow: { verb: 'is slow', rate: 'slowRate', nothing: 'No recording was slow yet.' },
} as const;

function harm(about: 'failure' | 'slow', { arms, ratios }: Comparison, guardrail: GuardrailView): Verdict {
  const { verb, rate, nothing } = HARM[about];
  const [chunked, single] = [arms.chunked[rate], arms.single[rate]];
  const ratio = ratios[about];
  const against = `${percent(chunked)} against ${percent(single)}`;
  if (guardrail.breachedAt !== null)
    return { about, level: 'bad', text: `Chunked ${verb} more often: ${against}; ${WHENEVER}.` };
  if (ratio !== null && ratio.high < 1)
    return { about, level: 'good', text: `Chunked ${verb} less often: ${against}; ${WHENEVER}.` };
  if (guardrail.counted.total === 0) {
    const isNothing = (chunked ?? 0) === 0 && (single ?? 0) === 0;
    const text = `Chunked ${verb} ${against}; not weighed yet: it was in a stage’s first half minute.`;
    return { about, level: 'open', text: isNothing ? nothing : text };
  }
  const range = ratio === null ? '' : ` (${between(ratio)} times as often)`;
  const lean = guardrail.state === 'watch' ? 'Chunked may be worse' : 'No difference is shown yet';
  return { about, level: 'open', text: `${lean}: chunked ${verb} ${against}${range}.` };
}

const TIME: Readonly<Record<TimeName, string>> = {
  totalMs: 'From stop to the entry',
  uploadWaitMs: 'Waiting for the upload',
  processingMs: 'Processing',
};

function time(about: TimeName, { arms, ratios }: Comparison): Verdict {
  const ratio = ratios[about];
  const [chunked, single] = [arms.chunked[about], arms.single[about]];
  if (chunked === null && single === null)
    return { about, level: 'open', text: `${TIME[about]}: nothing measured yet.` };
  const against = `half of chunked within ${seconds(chunked)}, half of single within ${seconds(single)}`;
  if (ratio === null)
    return { about, level: 'open', text: `${TIME[about]}: ${against}; too few to compare.` };
  const range = `${ratio.estimate.toFixed(2)} times as long, ${between(ratio)}`;
  if (ratio.high < 1)
    return {
      about,
      level: 'good',
      text: `${TIME[about]}, chunked is faster: ${against} (${range}); ${WHENEVER}.`,
    };
  if (ratio.low > 1)
    return {
      about,
      level: 'bad',
      text: `${TIME[about]}, chunked is slower: ${against} (${range}); ${WHENEVER}.`,
    };
  return { about, level: 'open', text: `${TIME[about]}, no difference is shown yet: ${against} (${range}).` };
}

function between({ low, high }: Interval): string {
  return `between ${low.toFixed(2)} and ${high.toFixed(2)}`;
}

function percent(rate: number | null): string {
  if (rate === null) return 'nothing yet';
  return `${(rate * 100).toFixed(rate < 0.1 ? 1 : 0)} %`;
}

function seconds(quantiles: Quantiles): string {
  if (quantiles === null) return 'nothing yet';
  const value = quantiles.p50 / 1000;
  return `${value.toFixed(value < 10 ? 1 : 0)} s`;
}

function number(value: number): string {
  return Number.isInteger(value) || value >= 100
    ? Math.round(value).toLocaleString('en-GB')
    : value.toLocaleString('en-GB', { maximumFractionDigits: 1 });
}
