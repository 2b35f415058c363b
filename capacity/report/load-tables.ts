/** The tables of what a load asks and costs. */
import type { BenchTable } from '../../bench/table.ts';
import { DEFAULT_RETENTION } from '../../src/recording/retention.ts';
import type { Assumptions } from '../assumptions.ts';
import { BILL_ITEMS, total } from '../model/bill.ts';
import { LARGEST_POSTGRES } from '../model/sizing.ts';
import { inDatabase, inStore } from '../model/storage.ts';
import { PRICES, PROVIDER_LIMITS, type Price } from '../prices.ts';
import type { Sized } from '../study.ts';
import { bytes, count, dollars, percent, short } from './written.ts';

function loadOf({ minutes, shareChunked, peakFactor }: Assumptions): string {
  return `Recordings of ${count(minutes)} minutes on average, ${percent(shareChunked)} of them chunked; the busiest hour has ${count(peakFactor)} times the mean rate`;
}

/** A column a load. */
function columnsOf(all: readonly Sized[]): string[] {
  return ['recordings a day', ...all.map(({ perDay }) => short(perDay))];
}

type Row = readonly [string, (sized: Sized) => string];

function rowsOf(all: readonly Sized[], rows: readonly Row[]): string[][] {
  return rows.map(([label, written]) => [label, ...all.map(written)]);
}

const NODES: readonly Row[] = [
  ['recordings begun a second, at the peak', ({ demand }) => count(demand.peakPerSecond)],
  ['people talking, at the peak', ({ demand }) => count(demand.talkingAtPeak)],
  ['nodes that answer (2 vCPU)', ({ sizing }) => count(sizing.apiNodes)],
  ['nodes that work (2 vCPU)', ({ sizing }) => count(sizing.workerNodes)],
  ['… as many for', ({ sizing }) => WHY[sizing.workersFor]],
  [
    'PostgreSQL, vCPU',
    ({ sizing }) =>
      `${count(sizing.postgresCpus)}${sizing.postgresCpus > LARGEST_POSTGRES ? ' (there is none so large)' : ''}`,
  ],
  ['PostgreSQL, `max_connections`', ({ sizing }) => count(sizing.connections)],
];

const WHY = {
  cpu: 'their CPU',
  jobs: 'places for jobs',
  provider: 'calls to the provider',
  'two at least': 'the loss of one',
} as const;

const RATES: readonly Row[] = [
  ['HTTP requests to us, a second', ({ sizing }) => count(sizing.requestsPerSecond)],
  ['PostgreSQL: transactions a second', ({ sizing }) => count(sizing.transactionsPerSecond)],
  ['PostgreSQL: WAL flushes a second', ({ sizing }) => count(sizing.flushesPerSecond)],
  ['PostgreSQL: WAL a second', ({ sizing }) => bytes(sizing.walBytesPerSecond)],
  ['object store: requests a second', ({ sizing }) => count(sizing.storeRequestsPerSecond)],
  ['provider: calls at once', ({ sizing }) => count(sizing.providerCalls)],
  ['provider: transcriptions a minute', ({ sizing }) => count(sizing.transcriptionsPerMinute)],
  ['provider: of an account’s limits', ({ sizing }) => percent(sizing.providerLimitShare)],
];

const GROWTH: readonly Row[] = [
  ['object store, after a year', ({ keptAfterYear }) => bytes(inStore(keptAfterYear))],
  ['… of it joined recordings', ({ keptAfterYear }) => bytes(keptAfterYear.recordings)],
  ['PostgreSQL, a month more', ({ keptAfterMonth }) => bytes(inDatabase(keptAfterMonth))],
  ['PostgreSQL, after a year', ({ keptAfterYear }) => bytes(inDatabase(keptAfterYear))],
  ['… of it the event log', ({ keptAfterYear }) => bytes(keptAfterYear.log)],
];

export function sizingTable(all: readonly Sized[], assumptions: Assumptions): BenchTable {
  const { nodeUtilisation, postgresUtilisation, mayWait } = assumptions;
  const { chunksDays, singleDays } = DEFAULT_RETENTION;
  return {
    title: 'What a load needs',
    intro: `${loadOf(assumptions)}. At the peak a node’s event loop is ${percent(nodeUtilisation)} busy, PostgreSQL ${percent(postgresUtilisation)}, and a job or call finds no place once in ${count(1 / mayWait)} times. Kept: chunks ${chunksDays} days, single uploads ${singleDays}, all else for ever (the defaults of retention). An account’s limits: ${PROVIDER_LIMITS.source} (${PROVIDER_LIMITS.asOf}).`,
    columns: columnsOf(all),
    rows: rowsOf(all, [...NODES, ...RATES, ...GROWTH]),
  };
}

/** For who deploys: the short form. */
export function deploySizingTable(all: readonly Sized[], assumptions: Assumptions): BenchTable {
  return {
    title: 'How large',
    intro: `${loadOf(assumptions)}. How it comes about, what it costs and what of it was checked: [capacity.md](capacity.md).`,
    columns: columnsOf(all),
    rows: rowsOf(all, [
      ...NODES,
      ['provider: transcriptions a minute', ({ sizing }) => count(sizing.transcriptionsPerMinute)],
      ['PostgreSQL, after a year', ({ keptAfterYear }) => bytes(inDatabase(keptAfterYear))],
      ['object store, after a year', ({ keptAfterYear }) => bytes(inStore(keptAfterYear))],
    ]),
  };
}

export function billTable(all: readonly Sized[], assumptions: Assumptions): BenchTable {
  const both =
    (of: (sized: Sized, bill: Sized['billOfFirstMonth']) => number): Row[1] =>
    (sized) => {
      const [first, later] = [of(sized, sized.billOfFirstMonth), of(sized, sized.billAfterYear)];
      return first === later ? dollars(first) : `${dollars(first)} → ${dollars(later)}`;
    };
  return {
    title: 'What a month costs',
    intro: `US dollars, at the list prices below, to be checked; the first month → the month after a year, where they differ. ${loadOf(assumptions)}. Not in it: Unleash, monitoring, load balancers, traffic to phones, WAL archives, support, people.`,
    columns: columnsOf(all),
    rows: [
      ...rowsOf(
        all,
        BILL_ITEMS.map((item): Row => [item, both((_, bill) => bill[item])]),
      ),
      ...rowsOf(all, [
        ['**together**', both((_, bill) => total(bill))],
        ['a recording', both(({ perDay }, bill) => (total(bill) * 12) / 365 / perDay)],
      ]),
    ],
  };
}

/** Both arms of the same load, side by side. */
export function armsTable(chunked: Sized, single: Sized, assumptions: Assumptions): BenchTable {
  const row = (label: string, of: (sized: Sized) => number, written: (value: number) => string) => {
    const [ours, theirs] = [of(chunked), of(single)];
    return [label, written(ours), written(theirs), theirs === 0 ? '' : `${count(ours / theirs)} ×`];
  };
  return {
    title: 'Chunked against single',
    intro: `${short(chunked.perDay)} recordings a day, all of them in one arm or all in the other. ${loadOf({ ...assumptions, shareChunked: 1 })}.`,
    columns: ['', 'chunked', 'single', 'ratio'],
    rows: [
      row('nodes', ({ sizing }) => sizing.apiNodes + sizing.workerNodes, count),
      row('PostgreSQL, vCPU', ({ sizing }) => sizing.postgresCpus, count),
      row('PostgreSQL: WAL a second', ({ sizing }) => sizing.walBytesPerSecond, bytes),
      row('event log after a year', ({ keptAfterYear }) => keptAfterYear.log, bytes),
      row('object store: requests a second', ({ sizing }) => sizing.storeRequestsPerSecond, count),
      row('provider: calls at once', ({ sizing }) => sizing.providerCalls, count),
      row('provider: transcriptions a minute', ({ sizing }) => sizing.transcriptionsPerMinute, count),
      ...BILL_ITEMS.map((item) =>
        row(`${item}, a month`, ({ billOfFirstMonth }) => billOfFirstMonth[item], dollars),
      ),
      row('together, a month', ({ billOfFirstMonth }) => total(billOfFirstMonth), dollars),
    ],
  };
}

export function pricesTable(): BenchTable {
  const rows = Object.values<Price>(PRICES).map(({ dollars: price, per, source, asOf }) => [
    `$${price}`,
    per,
    source,
    asOf,
  ]);
  return {
    title: 'List prices',
    intro: 'Named inputs of the model (capacity/prices.ts), none of them measured: look them up again.',
    columns: ['US dollars', 'for a', 'where it stands', 'of'],
    rows,
  };
}
