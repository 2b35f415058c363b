/** Writes the tables into docs/statistics.md, between its marks; the text around them is by hand. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchTable } from '../table.ts';
import { SEED } from './runs.ts';

const FILE = join(import.meta.dirname, '../../docs/statistics.md');
const MARKED = /(<!-- rollout-statistics -->\n)[\s\S]*(<!-- \/rollout-statistics -->)/;

/** @throws Error when the marks are not there */
export function writeStatistics(tables: readonly BenchTable[]): void {
  const text = readFileSync(FILE, 'utf8');
  if (!MARKED.test(text)) throw new Error(`${FILE} has no part marked rollout-statistics`);
  const date = new Date().toISOString().slice(0, 10);
  const part = `Written by \`npm run bench -- rollout-statistics\` on ${date}, seed ${SEED}, Node ${process.versions.node}.\n\n${tables.map(markdown).join('\n')}`;
  writeFileSync(
    FILE,
    text.replace(MARKED, (_, open, close) => `${open}${part}${close}`),
  );
}

function markdown({ title, intro, columns, rows }: BenchTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return `### ${title}\n${intro}\n\n${[line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}
