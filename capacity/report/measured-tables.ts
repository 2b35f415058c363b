/** The tables of what was measured: unit costs, and the check. */
import type { BenchTable } from '../../bench/table.ts';
import type { MeasuredCheck, Outcome } from '../model/check.ts';
import { costsByArm, type MeasuredUnitCosts } from '../model/measured.ts';
import { ITEM_NAMES, ITEMS, type Item, type Line } from '../model/unit-costs.ts';
import { amountOf, bytes, count, percent, seconds } from './written.ts';

type Machine = { readonly cores: number; readonly model: string; readonly node: string };

function machineOf({ cores, model, node }: Machine): string {
  return `${cores} cores (${model}), Node ${node}`;
}

export function unitCostTables(measured: MeasuredUnitCosts): BenchTable[] {
  const { measuredAt, machine, load, objectStore, sound, pace, blocks, idle, memoryBytes, appendMs } =
    measured;
  const costs = costsByArm(measured);
  const lengths = [...new Set(blocks.map(({ minutes, recordings }) => `${recordings} of ${minutes} min`))];
  const line = (item: Item, { fixed, perMinute }: Line) => [amountOf(item, fixed), amountOf(item, perMinute)];
  const ratio = (item: Item) => {
    const of = ({ fixed, perMinute }: Line) => fixed + perMinute;
    const value = of(costs.chunked[item]) / of(costs.single[item]);
    return Number.isFinite(value) ? `${count(value)} ×` : '';
  };
  return [
    {
      title: 'What a recording costs',
      intro: `${measuredAt.slice(0, 10)}, ${machineOf(machine)}; load average ${count(load.before)} before and ${count(load.after)} after: the machine did other things too, which CPU and counts feel little and times much. One node that answers, one that works, PostgreSQL 18, ${objectStore}, the sandbox with its latency model; our own client. ${sound}; ${lengths.join(', ')} to each arm, spoken ${pace.chunked} times as fast as people do. A line by least squares through what each length took: what every recording has, and what each minute adds. What happens when nobody records is taken off. Ratio: of a recording of one minute.`,
      columns: ['', 'chunked', 'and a minute', 'single', 'and a minute', 'chunked ÷ single'],
      rows: ITEM_NAMES.map((item) => [
        ITEMS[item].label,
        ...line(item, costs.chunked[item]),
        ...line(item, costs.single[item]),
        ratio(item),
      ]),
    },
    {
      title: 'What there is besides',
      intro: 'Of one node that answers, one that works and PostgreSQL, in the same run.',
      columns: ['what', 'measured'],
      rows: [
        ['CPU when nobody records: who answers', `${percent(idle.apiCpu)} of a core`],
        ['CPU when nobody records: who works', `${percent(idle.workerCpu)} of a core`],
        ['CPU when nobody records: PostgreSQL', `${percent(idle.postgresCpu)} of a core`],
        ['transactions when nobody records', `${count(idle.transactions)} a second`],
        ['memory (RSS) after all of it: who answers', bytes(memoryBytes.api)],
        ['memory (RSS) after all of it: who works', bytes(memoryBytes.worker)],
        ['an append, as its writer waits for it, on average', seconds(appendMs / 1_000)],
      ],
    },
  ];
}

const OUTCOMES: readonly (readonly [keyof Outcome, string, (value: number) => string])[] = [
  ['entriesPerSecond', 'entries a second', count],
  ['transcriptP50', 'stop → transcript, median', seconds],
  ['entryP50', 'stop → entry, median', seconds],
  ['entryP95', 'stop → entry, p95', seconds],
  ['serviceCpu', 'CPU of the nodes, a recording', seconds],
  ['postgresCpu', 'CPU of PostgreSQL, a recording', seconds],
  ['allCpu', 'CPU of everything, a recording', seconds],
  ['walBytes', 'WAL, a recording', bytes],
];

export function checkTable({ checkedAt, machine, minutes, runs }: MeasuredCheck): BenchTable {
  const error = (said: number, was: number) => {
    const off = said / was - 1;
    return Number.isFinite(off) ? `${off > 0 ? '+' : '−'}${Math.abs(100 * off).toFixed(0)} %` : '';
  };
  return {
    title: 'What the model said, and what it was',
    intro: `${checkedAt.slice(0, 10)}, ${machineOf(machine)}. Recordings of ${count(minutes * 60)} s in real time, begun by chance at a rate (open loop), chunked, on one machine where everything runs: nodes, PostgreSQL, store, provider and clients. Said before: with all cores. Said afterwards: with the cores that others on this machine had left, which nobody can know before. Off: said before, against what was measured.`,
    columns: ['run', 'what', 'said before', 'said afterwards', 'measured', 'off', 'off, afterwards'],
    rows: runs.flatMap((run) => {
      const head = `${count(run.ratePerSecond)}/s: ${run.recordings} recordings, ${run.lost} lost; load average ${count(run.load)}, others had ${count(run.othersCores)} cores`;
      return OUTCOMES.map(([name, label, written], index) => [
        index === 0 ? head : '',
        label,
        written(run.predicted[name]),
        written(run.afterwards[name]),
        written(run.measured[name]),
        error(run.predicted[name], run.measured[name]),
        error(run.afterwards[name], run.measured[name]),
      ]);
    }),
  };
}
