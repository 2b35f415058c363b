/**
 * What a recording costs, as measured: each item is a part that every recording has (`fixed`) and one that grows with its
 * length (`perMinute`), by a line through what recordings of several lengths took. Pure.
 */
import { linearRegression } from 'simple-statistics';
import type { Strategy } from '../../src/recording/events.ts';

/** Of each item: what it is, and how it is written. CPU is in seconds, sizes in bytes, all else is counted. */
export const ITEMS = {
  events: { label: 'events', unit: 'count' },
  logBytes: { label: 'event log, indexes included', unit: 'bytes' },
  viewRows: { label: 'rows of views', unit: 'count' },
  viewBytes: { label: 'views, indexes included', unit: 'bytes' },
  transactions: { label: 'PostgreSQL: transactions', unit: 'count' },
  rowsWritten: { label: 'PostgreSQL: rows written', unit: 'count' },
  walBytes: { label: 'PostgreSQL: WAL', unit: 'bytes' },
  walFlushes: { label: 'PostgreSQL: WAL flushes (fsync)', unit: 'count' },
  appends: { label: 'appends to the log', unit: 'count' },
  jobs: { label: 'jobs run', unit: 'count' },
  slotSeconds: { label: 'a job’s place taken (waits for the provider included)', unit: 'seconds' },
  requests: { label: 'HTTP requests to us', unit: 'count' },
  uploads: { label: 'uploads by clients (PUT to the store)', unit: 'count' },
  uploadBytes: { label: 'uploaded', unit: 'bytes' },
  puts: { label: 'our PUTs to the store', unit: 'count' },
  recordingBytes: { label: 'written there: joined recordings', unit: 'bytes' },
  workingBytes: { label: 'written there: windows and paragraphs', unit: 'bytes' },
  textBytes: { label: 'written there: transcripts and entries', unit: 'bytes' },
  uploadGets: { label: 'our GETs of what was uploaded', unit: 'count' },
  otherGets: { label: 'our other GETs', unit: 'count' },
  heads: { label: 'our HEADs', unit: 'count' },
  readBytes: { label: 'read from the store', unit: 'bytes' },
  transcriptions: { label: 'provider: transcriptions', unit: 'count' },
  audioSeconds: { label: 'provider: sound sent', unit: 'seconds' },
  chats: { label: 'provider: chat calls', unit: 'count' },
  tokensIn: { label: 'provider: tokens in', unit: 'count' },
  tokensOut: { label: 'provider: tokens out', unit: 'count' },
  providerSeconds: { label: 'provider: time of calls', unit: 'seconds' },
  apiCpu: { label: 'CPU of who answers', unit: 'seconds' },
  workerCpu: { label: 'CPU of who works', unit: 'seconds' },
  postgresCpu: { label: 'CPU of PostgreSQL', unit: 'seconds' },
  othersCpu: { label: 'CPU of sandbox and object store', unit: 'seconds' },
  clientCpu: { label: 'CPU of the clients', unit: 'seconds' },
} as const satisfies Readonly<
  Record<string, { readonly label: string; readonly unit: 'count' | 'bytes' | 'seconds' }>
>;

export type Item = keyof typeof ITEMS;
export const ITEM_NAMES = Object.keys(ITEMS) as Item[];
/** A value of each item: what was counted, or what is to be expected. */
export type Amounts = Readonly<Record<Item, number>>;

export type Line = { readonly fixed: number; readonly perMinute: number };
export type UnitCosts = Readonly<Record<Item, Line>>;

/** `recordings` of `minutes` each took `amounts` together. */
export type Block = {
  readonly strategy: Strategy;
  readonly minutes: number;
  readonly recordings: number;
  readonly amounts: Amounts;
};

/**
 * Least squares through the blocks' amounts a recording. Where the line would cross zero at a length of its own, it goes
 * through the origin, or is level: no recording costs less than nothing.
 */
export function fitUnitCosts(blocks: readonly Block[]): UnitCosts {
  return Object.fromEntries(
    ITEM_NAMES.map((item) => [
      item,
      fitLine(
        blocks.map(({ minutes, recordings, amounts }) => [minutes, amounts[item] / recordings] as const),
      ),
    ]),
  ) as UnitCosts;
}

/** @param points of `[minutes, amount]`; of one length, all of it grows with the length */
export function fitLine(points: readonly (readonly [number, number])[]): Line {
  const lengths = new Set(points.map(([minutes]) => minutes));
  const squares = points.reduce((sum, [x]) => sum + x * x, 0);
  const throughOrigin = {
    fixed: 0,
    perMinute: points.reduce((sum, [x, y]) => sum + x * Math.max(0, y), 0) / squares,
  };
  if (lengths.size < 2) return throughOrigin;
  const { m, b } = linearRegression(points.map(([x, y]) => [x, y]));
  if (b < 0) return throughOrigin;
  if (m < 0) return { fixed: mean(points.map(([, y]) => y)), perMinute: 0 };
  return { fixed: b, perMinute: m };
}

/** Of one recording of so many minutes. */
export function costOf(costs: UnitCosts, minutes: number): Amounts {
  return amountsOf((item) => costs[item].fixed + costs[item].perMinute * minutes);
}

export function amountsOf(value: (item: Item) => number): Amounts {
  return Object.fromEntries(ITEM_NAMES.map((item) => [item, value(item)])) as Amounts;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
