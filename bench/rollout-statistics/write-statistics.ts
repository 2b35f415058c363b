/** Writes the tables into docs/statistics.md, between its marks; the text around them is by hand. */
import { join } from 'node:path';
import { writeMarked } from '../../scripts/marked-part.mjs';
import { type BenchTable, tableMarkdown } from '../table.ts';
import { SEED } from './runs.ts';

const FILE = join(import.meta.dirname, '../../docs/statistics.md');

/** @throws Error when the marks are not there */
export function writeStatistics(tables: readonly BenchTable[]): void {
  const date = new Date().toISOString().slice(0, 10);
  const part = `Written by \`npm run bench -- rollout-statistics\` on ${date}, seed ${SEED}, Node ${process.versions.node}.\n\n${tables.map(tableMarkdown).join('\n')}`;
  writeMarked(FILE, 'rollout-statistics', part);
}
