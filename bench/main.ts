/** `npm run bench [-- eventlog pipeline]`: runs benches and writes their tables into docs/benchmarks.md. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { benchEventLog } from './eventlog.ts';
import { benchFlags } from './flags.ts';
import { benchPipeline } from './pipeline.ts';
import { benchRolloutStatistics } from './rollout-statistics.ts';
import type { BenchTable } from './table.ts';
import { benchUpload } from './upload.ts';
import { benchUploadMemory } from './upload-memory.ts';

const BENCHES: Readonly<Record<string, () => Promise<BenchTable[]>>> = {
  eventlog: benchEventLog,
  pipeline: benchPipeline,
  flags: benchFlags,
  'rollout-statistics': benchRolloutStatistics,
  upload: benchUpload,
  'upload-memory': benchUploadMemory,
};
/** These write their tables where they are explained. */
const HAS_ITS_PAGE: readonly string[] = ['rollout-statistics']; // docs/statistics.md
const FILE = join(import.meta.dirname, '../docs/benchmarks.md');
const INTRO = `# Benchmarks

Written by \`npm run bench\`; nothing here is typed by hand. Goals stand beside the figures, misses included. The machines these run on are shared and noisy: ratios within one run say more than absolute figures.
`;

function markdown(name: string, tables: readonly BenchTable[]): string {
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${date}, ${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.versions.node}`;
  const sections = tables.map(({ title, intro, columns, rows }) => {
    const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
    return `### ${title}\n${intro}\n\n${[line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
  });
  return `<!-- ${name} -->\n## ${name}\n${machine}\n\n${sections.join('\n')}<!-- /${name} -->\n`;
}

/** Each bench owns the part between its markers; the others' stay as they are. */
function write(name: string, part: string): void {
  const before = existsSync(FILE) ? readFileSync(FILE, 'utf8') : INTRO;
  const own = new RegExp(`<!-- ${name} -->[\\s\\S]*<!-- /${name} -->\\n`);
  writeFileSync(FILE, own.test(before) ? before.replace(own, () => part) : `${before}\n${part}`);
}

const wanted = process.argv.slice(2);
if (wanted.includes('--help') || wanted.includes('-h')) {
  process.stdout.write(`Usage: npm run bench [-- ${Object.keys(BENCHES).join(' ')}]\n`);
  process.exit(0);
}
const unknown = wanted.filter((name) => BENCHES[name] === undefined);
if (unknown.length > 0) {
  process.stderr.write(
    `no such bench: ${unknown.join(', ')} (there are ${Object.keys(BENCHES).join(', ')})\n`,
  );
  process.exit(1);
}
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`${name} ...\n`);
  const part = markdown(name, await bench());
  if (!HAS_ITS_PAGE.includes(name)) write(name, part);
  process.stdout.write(`${part}\n`);
}
