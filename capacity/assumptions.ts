/**
 * What nobody has measured: how many record when, for how long, over which links. Each is a named input; put your own in as
 * soon as there are any (`npm run capacity -- --help` for the first four).
 */
export type Assumptions = {
  /** A recording's length: log-normal with this mean (minutes) and this sigma of its logarithm, cut at both ends. */
  readonly minutes: number;
  readonly lengthSigma: number;
  readonly shortestMinutes: number;
  readonly longestMinutes: number;
  /** Share of recordings that are uploaded in chunks, 0–1. */
  readonly shareChunked: number;
  /** The busiest hour's rate, of the day's mean; and when it is (UTC, hours). */
  readonly peakFactor: number;
  readonly peakHour: number;
  /** Up, of a phone: log-normal by its median (Mbit/s) and sigma; and there and back (seconds). */
  readonly uplinkMegabits: number;
  readonly uplinkSigma: number;
  readonly roundTripSeconds: number;
  /** Of what is said, a minute: English has 150 words of six characters, the space included. */
  readonly charactersPerMinute: number;
  /** How full a part may be at the peak, so that chance and the loss of a node find room. */
  readonly nodeUtilisation: number;
  readonly postgresUtilisation: number;
  /** Chance that a call or job finds no place at the peak. */
  readonly mayWait: number;
};

export const ASSUMPTIONS: Assumptions = {
  minutes: 1.2,
  lengthSigma: 0.8,
  shortestMinutes: 0.05,
  longestMinutes: 30,
  shareChunked: 1,
  peakFactor: 2.4,
  peakHour: 21,
  uplinkMegabits: 5,
  uplinkSigma: 0.8,
  roundTripSeconds: 0.08,
  charactersPerMinute: 900,
  nodeUtilisation: 0.6,
  postgresUtilisation: 0.5,
  mayWait: 0.01,
};

/** What the recordings said that unit costs were measured with: numbered words of four characters, two a second. */
export const MEASURED_CHARACTERS_PER_MINUTE = 480;
