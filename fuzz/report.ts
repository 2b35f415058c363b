/** The tables that docs/security.md shows; each owns the part between its marks. */
import { cpus } from 'node:os';
import { join } from 'node:path';
import { writeMarked } from '../scripts/marked-part.mjs';
import type { Fault } from './findings.ts';
import type { ApplicationVerdict } from './fuzz-application.ts';
import type { FuzzOptions } from './options.ts';
import type { ParserCounts } from './parsers/run.ts';
import { growthOf } from './resident-memory.ts';

const FILE = join(import.meta.dirname, '../docs/security.md');

export type Part = 'fuzz-endpoints' | 'fuzz-parsers';

/** @throws Error when the page has no such part */
export function writePart(part: Part, text: string): void {
  writeMarked(FILE, part, text);
}

export function applicationTable(verdict: ApplicationVerdict, seed: number, now: Date): string {
  const { requests, runs, statuses, latencies, log, memory, seconds, faults } = verdict;
  const growth = growthOf(memory);
  const count = (from: number, to: number) => countOf(statuses, from, to);
  return table(
    `npm run fuzz -- --requests ${requests} --seed ${seed}`,
    now,
    [
      ['requests, in so many runs', `${requests} in ${runs}, ${Math.round(seconds)} s`],
      ['operations of the API document asked', String([...statuses.keys()].filter(isDocumented).length)],
      ['taken (2xx, 304)', String(count(200, 399))],
      ['refused (4xx)', String(count(400, 499))],
      ['503, as documented', String(count(503, 503))],
      ['other 5xx', String(count(500, 599) - count(503, 503))],
      ['no answer in time, or cut off', String(count(0, 0))],
      [
        'slowest answer; 99 of 100 within',
        `${ms(latencies.at(-1))}; ${ms(latencies[Math.floor(latencies.length * 0.99)])}`,
      ],
      [
        'resident memory, last third against first',
        growth === null ? 'too short a run to say' : `× ${growth.toFixed(2)}`,
      ],
      ['streams of the log folded, without a gap', `${log.streams} (${log.events} events)`],
    ],
    faults,
  );
}

export function parsersTable(
  counts: readonly ParserCounts[],
  faults: readonly Fault[],
  { cases, seed }: Pick<FuzzOptions, 'cases' | 'seed'>,
  now: Date,
): string {
  const rows = counts.map(({ parser, files, refused, slowestMs }): [string, string] => [
    parser,
    `${files} files: ${refused} refused, ${files - refused} read; slowest ${ms(slowestMs)}`,
  ]);
  return table(`npm run fuzz -- --parsers --cases ${cases} --seed ${seed}`, now, rows, faults);
}

function table(
  command: string,
  now: Date,
  rows: readonly (readonly [string, string])[],
  faults: readonly Fault[],
): string {
  const machine = `${now.toISOString().slice(0, 10)}, ${cpus().length} cores, Node ${process.versions.node}`;
  const verdict = faults.length === 0 ? 'none' : `**${faults.length}**`;
  const lines = [...rows, ['faults', verdict] as const].map(([name, value]) => `| ${name} | ${value} |`);
  const misses = faults.map(({ what, times, again }) => `- ${what} (${times} ×; \`${again}\`)`);
  return [
    `\`${command}\`, ${machine}`,
    '',
    '| | |',
    '|---|---|',
    ...lines,
    ...(misses.length === 0 ? [] : ['', ...misses]),
    '',
  ].join('\n');
}

function countOf(statuses: ApplicationVerdict['statuses'], from: number, to: number): number {
  let sum = 0;
  for (const of of statuses.values())
    for (const [status, times] of of) if (status >= from && status <= to) sum += times;
  return sum;
}

function isDocumented(operation: string): boolean {
  return !operation.endsWith(' /objects');
}

function ms(value: number | undefined): string {
  return value === undefined ? '–' : `${(value / 1000).toFixed(1)} s`;
}
