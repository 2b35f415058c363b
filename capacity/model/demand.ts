/** What a load asks of each part: unit costs × recordings. Pure. */
import { PUBLISHED_LATENCY } from '../../src/ai/sandbox/latency.ts';
import type { Assumptions } from '../assumptions.ts';
import { MEASURED_CHARACTERS_PER_MINUTE } from '../assumptions.ts';
import type { CostsByArm } from './measured.ts';
import { type Amounts, amountsOf, costOf } from './unit-costs.ts';

export const DAY_SECONDS = 86_400;
/** Of 365 days. */
export const MONTH_DAYS = 365 / 12;

export type Load = Pick<Assumptions, 'minutes' | 'shareChunked' | 'peakFactor' | 'charactersPerMinute'> & {
  readonly perDay: number;
};

export type Demand = {
  /** Of a recording of the mean length: costs are lines, so their mean is the cost of the mean. */
  readonly recording: Amounts;
  /** Recordings begun a second in the busiest hour. */
  readonly peakPerSecond: number;
  /** Who is talking then: Little's law, rate × mean length. */
  readonly talkingAtPeak: number;
};

export function demandOf(costs: CostsByArm, load: Load): Demand {
  const peakPerSecond = (load.perDay / DAY_SECONDS) * load.peakFactor;
  const chunked = costOf(costs.chunked, load.minutes);
  const single = costOf(costs.single, load.minutes);
  const mixed = amountsOf(
    (item) => load.shareChunked * chunked[item] + (1 - load.shareChunked) * single[item],
  );
  return {
    recording: said(mixed, load.charactersPerMinute),
    peakPerSecond,
    talkingAtPeak: peakPerSecond * load.minutes * 60,
  };
}

/**
 * People say more letters a minute than numbered words have: what is answered has as many more characters, and takes as
 * much longer. The provider's times are not those of the run, whose sandbox shared its cores with everything else, but the
 * published ones (src/ai/sandbox/latency.ts), of as many calls.
 */
function said(amounts: Amounts, charactersPerMinute: number): Amounts {
  const ratio = charactersPerMinute / MEASURED_CHARACTERS_PER_MINUTE;
  const tokensOut = amounts.tokensOut * ratio;
  const providerSeconds = publishedSeconds({ ...amounts, tokensOut });
  return {
    ...amounts,
    tokensIn: amounts.tokensIn * ratio,
    tokensOut,
    providerSeconds,
    // A job's place is taken for as long as its calls, of which some are at the same time.
    slotSeconds: (amounts.slotSeconds * providerSeconds) / amounts.providerSeconds,
  };
}

/** The mean of a log-normal is its median times exp(σ²/2). */
function publishedSeconds({ transcriptions, audioSeconds, chats, tokensOut }: Amounts): number {
  const { sigma, transcriptionBaseMs, transcriptionPerMs, firstTokenMs, tokensPerSecond } = PUBLISHED_LATENCY;
  const medians =
    (transcriptions * transcriptionBaseMs + chats * firstTokenMs) / 1000 +
    audioSeconds * transcriptionPerMs +
    tokensOut / tokensPerSecond;
  return medians * Math.exp(sigma ** 2 / 2);
}
