/**
 * Many who come at once past saturation, each on a connection of its own, with the server's listeners and with one: how
 * soon they are told to come again (docs/adr/0038).
 */
import { readFileSync } from 'node:fs';
import { startBenchApplication } from '../support/application.ts';
import type { BenchServer } from '../support/eventlog-database.ts';
import { milliseconds, quantile, spread, verdict } from '../support/eventlog-figures.ts';
import type { BenchTable } from '../table.ts';
import { offer } from './offer.ts';
import { KINDS } from './recording-requests.ts';
import { tokensOf } from './tokens.ts';

const RATE = 1_600;
const HOW_MANY = ['one', 'several'] as const;
type HowMany = (typeof HOW_MANY)[number];

type Round = {
  readonly accepted: number;
  readonly refused: number;
  readonly broken: number;
  readonly refusedP99Ms: number;
  readonly acceptedP99Ms: number;
  readonly overflows: number;
};

export async function newConnectionsTable(server: BenchServer, quick: boolean): Promise<BenchTable> {
  const rounds: Record<HowMany, Round[]> = { one: [], several: [] };
  const [count, seconds] = quick ? [1, 5] : [3, 15];
  for (let round = 0; round < count; round += 1)
    for (const many of round % 2 === 0 ? HOW_MANY : HOW_MANY.toReversed())
      rounds[many].push(await measured(server, many, seconds));
  const of = (many: HowMany, what: keyof Round) => rounds[many].map((round) => round[what]);
  const row = (what: string, key: keyof Round, shown: (value: number) => string) => [
    what,
    ...HOW_MANY.map((many) => spreadOf(of(many, key), shown)),
  ];
  const whole = (value: number) => value.toFixed(0);
  const ratios = of('several', 'refusedP99Ms').map(
    (ms, at) => ms / (of('one', 'refusedP99Ms')[at] ?? Number.NaN),
  );
  return {
    title: 'New connections past saturation',
    intro: `${RATE} requests a second, as above, each connection opened when the step begins, for ${seconds} s; ${count} rounds of each by turns, each on an application and a database of its own. With one listener on the port, and with as many as the server has. Not let in: connections that the kernel's queue had no place for (ListenOverflows, of the whole machine). Median (least–most); ratio of the two of a round.`,
    columns: ['what', 'one listener', 'as many as there are', 'ratio', ''],
    rows: [
      [
        ...row('refused, p99', 'refusedP99Ms', milliseconds),
        spreadOf(ratios, (ratio) => ratio.toFixed(2)),
        verdict(quantile(ratios, 0.5) < 1),
      ],
      [...row('accepted, p99', 'acceptedP99Ms', milliseconds), '', ''],
      [...row('accepted/s', 'accepted', whole), '', ''],
      [...row('refused/s', 'refused', whole), '', ''],
      [...row('broken', 'broken', whole), '', ''],
      [...row('not let in', 'overflows', whole), '', ''],
    ],
  };
}

function spreadOf(values: readonly number[], shown: (value: number) => string): string {
  const { min, median, max } = spread(values);
  return `${shown(median)} (${shown(min)}–${shown(max)})`;
}

async function measured(server: BenchServer, many: HowMany, seconds: number): Promise<Round> {
  process.stderr.write(`  ${RATE} a second, ${many} listener${many === 'one' ? '' : 's'}\n`);
  const application = await startBenchApplication(await server.database(), {
    bounds: 'production',
    environment: many === 'one' ? { BENCH_LISTENERS: '1' } : {},
  });
  try {
    const before = listenOverflows();
    const nextToken = await tokensOf(application);
    const accepted = { confirmed: new Set<string>(), completed: new Set<string>() };
    const offered = await offer(application.url, { rate: RATE, seconds, nextToken, accepted });
    const perSecond = (what: 'accepted' | 'refused') =>
      KINDS.reduce((sum, kind) => sum + offered.answers[kind][what], 0) / seconds;
    return {
      accepted: perSecond('accepted'),
      refused: perSecond('refused'),
      broken: offered.broken,
      refusedP99Ms: offered.refusedMs.p99,
      acceptedP99Ms: offered.acceptedMs.p99,
      overflows: listenOverflows() - before,
    };
  } finally {
    await application.stop();
  }
}

/** Since the machine was started; NaN where the kernel does not tell. */
function listenOverflows(): number {
  try {
    const [names = '', values = ''] = readFileSync('/proc/net/netstat', 'utf8').split('\n');
    return Number(values.split(' ')[names.split(' ').indexOf('ListenOverflows')]);
  } catch {
    return Number.NaN;
  }
}
