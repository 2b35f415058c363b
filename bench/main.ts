/** `npm run bench [-- eventlog pipeline]`: runs benches and writes their tables into docs/benchmarks.md. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { benchErasure } from './erasure.ts';
import { benchEventLog } from './eventlog.ts';
import { benchFlags } from './flags.ts';
import { benchJoints } from './joints.ts';
import { benchKurrentDb } from './kurrentdb.ts';
import { benchLoad } from './load.ts';
import { benchNodes } from './nodes.ts';
import { type BenchOptions, BenchRefused, OPTIONS_HELP, readOptions } from './options.ts';
import { benchPartitions } from './partitions.ts';
import { benchPipeline } from './pipeline.ts';
import { benchRebuild } from './rebuild.ts';
import { benchRecorderLive } from './recorder-live.ts';
import { benchRolloutStatistics } from './rollout-statistics.ts';
import { benchLive } from './stop-to-text/live.ts';
import { benchStopToText } from './stop-to-text.ts';
import { type BenchTable, tableMarkdown } from './table.ts';
import { benchTelemetry } from './telemetry.ts';
import { benchUpload } from './upload.ts';
import { benchUploadMemory } from './upload-memory.ts';

const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<BenchTable[]>>> = {
  eventlog: benchEventLog,
  partitions: benchPartitions,
  kurrentdb: benchKurrentDb,
  pipeline: benchPipeline,
  rebuild: benchRebuild,
  erasure: benchErasure,
  load: benchLoad,
  nodes: benchNodes,
  flags: benchFlags,
  telemetry: benchTelemetry,
  'rollout-statistics': benchRolloutStatistics,
  upload: benchUpload,
  'upload-memory': benchUploadMemory,
  'stop-to-text': benchStopToText,
  'stop-to-text-live': benchLive,
  'recorder-live': benchRecorderLive,
  joints: benchJoints,
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
  const sections = tables.map(tableMarkdown);
  return `<!-- ${name} -->\n## ${name}\n${machine}\n\n${sections.join('\n')}<!-- /${name} -->\n`;
}

/** Each bench owns the part between its markers; the others' stay as they are. */
function write(name: string, part: string): void {
  const before = existsSync(FILE) ? readFileSync(FILE, 'utf8') : INTRO;
  const own = new RegExp(`<!-- ${name} -->[\\s\\S]*<!-- /${name} -->\\n`);
  writeFileSync(FILE, own.test(before) ? before.replace(own, () => part) : `${before}\n${part}`);
}

function fail(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

function read() {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const { names: wanted, options, help } = read();
if (help) {
  process.stdout.write(`Usage: npm run bench [-- ${Object.keys(BENCHES).join(' ')}]\n\n${OPTIONS_HELP}`);
  process.exit(0);
}
const unknown = wanted.filter((name) => BENCHES[name] === undefined);
if (unknown.length > 0)
  fail(`no such bench: ${unknown.join(', ')} (there are ${Object.keys(BENCHES).join(', ')})`);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`${name} ...\n`);
  // Another provider's figures stand beside the sandbox's.
  const title = options.provider === 'openai' ? `${name}-openai` : name;
  const tables = await bench(options).catch((error) => {
    if (error instanceof BenchRefused) return fail(error.message);
    throw error;
  });
  const part = markdown(title, tables);
  if (!HAS_ITS_PAGE.includes(name)) write(title, part);
  process.stdout.write(`${part}\n`);
}
