/**
 * Many who come at once past saturation, each on a connection of its own, with the server's listeners and with one: how
 * soon they are told to come again (docs/adr/0038).
 */
import { readFileSync } from 'node:fs';
import { startBenchApplication } from '../support/application.ts';
import type { BenchServer } from '../support/eventlog-database.ts';
import { spread, verdict, written } from '../support/eventlog-figures.ts';
import type { BenchTable } from '../table.ts';
import { offer } from './offer.ts';
import { totalOf } from './recording-requests.ts';
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
  const row = (what: string, key: keyof Round, unit = '') => [
    what,
    ...HOW_MANY.map((many) => written(spread(of(many, key)), 0, unit)),
  ];
  const one = of('one', 'refusedP99Ms');
  const ratio = spread(of('several', 'refusedP99Ms').map((ms, at) => ms / (one[at] ?? Number.NaN)));
  return {
    title: 'New connections past saturation',
    intro: `${RATE} requests a second, as above, each connection opened when the step begins, for ${seconds} s; ${count} rounds of each by turns, each on an application and a database of its own. With one listener on the port, and with as many as the server has. Not let in: connections that the kernel's queue had no place for (ListenOverflows, of the whole machine). Median (least–most); ratio of the two of a round.`,
    columns: ['what', 'one listener', 'as many as there are', 'ratio', ''],
    rows: [
      [...row('refused, p99', 'refusedP99Ms', 'ms'), written(ratio, 2, ''), verdict(ratio.median < 1)],
      [...row('accepted, p99', 'acceptedP99Ms', 'ms'), '', ''],
      [...row('accepted/s', 'accepted'), '', ''],
      [...row('refused/s', 'refused'), '', ''],
      [...row('broken', 'broken'), '', ''],
      [...row('not let in', 'overflows'), '', ''],
    ],
  };
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
    return {
      accepted: totalOf(offered.answers, 'accepted') / seconds,
      refused: totalOf(offered.answers, 'refused') / seconds,
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
