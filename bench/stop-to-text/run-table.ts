/** Whether the figures of a run are the links' and the provider's, or the machine's. */
import { verdict } from '../support/eventlog-figures.ts';
import type { BenchTable } from '../table.ts';
import type { MachineLoad } from '../upload/machine-load.ts';
import type { Figures } from './hearing-child.ts';
import { quickNote, type StopToTextPlan } from './plan.ts';
import type { AllRecorded } from './record-all.ts';

/** Above these the machine has a part in the figures: fewer recordings at once (plan.ts) would be in order. */
const LOOP_P99_MS = 50;
const BUSY = 0.85;

export function runTable(
  { recorded, lost, mostAtOnce }: AllRecorded,
  { busy, busiest, heldMs }: MachineLoad,
  applications: { readonly chunked: Figures; readonly single: Figures },
  plan: StopToTextPlan,
): BenchTable {
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const loop = (name: string, { p99, longest }: { p99: number; longest: number }) => [
    `event loop of ${name} held, p99 (longest)`,
    `${ms(p99)} (${ms(longest)})`,
    `${LOOP_P99_MS} ms`,
    verdict(p99 <= LOOP_P99_MS),
  ];
  const all = recorded.length + lost.length;
  return {
    title: 'The run itself',
    intro: `${quickNote(plan)}All on one machine: both applications, their two sandboxes (which decode what they hear; their latency model’s time includes it), PostgreSQL, the tus server, and in one process all clients, links and gateways. At most ${mostAtOnce} recordings at the same time, ${all} in all.`,
    columns: ['what', 'measured', 'at most', ''],
    rows: [
      [
        'recordings that did not get to their entry',
        `${lost.length}${lost.map((why) => `; ${why}`).join('')}`.replaceAll('|', '/'),
        '0',
        verdict(lost.length === 0),
      ],
      ['all cores busy, on average', percent(busy), percent(BUSY), verdict(busy <= BUSY)],
      ['all cores busy, in the busiest 5 s', percent(busiest), '', ''],
      loop('the clients’ process', heldMs),
      loop('the application that hears in windows', applications.chunked.loopMs),
      loop('the application that hears whole files', applications.single.loopMs),
    ],
  };
}
