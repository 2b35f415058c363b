/** `npm run soak`: the whole service under faults, and what became of every word. The exit code says how it ended; see --help. */
import { cpus } from 'node:os';
import { join } from 'node:path';
import { writeMarked } from '../scripts/marked-part.mjs';
import { HELP, readOptions, type SoakOptions, UsageError } from './options.ts';
import { soak } from './soak.ts';
import { report } from './verdict/report.ts';
import { isMet } from './verdict/verdict.ts';

const EXIT = { met: 0, usage: 1, missed: 2, notRun: 3, interrupted: 130 } as const;
const FILE = join(import.meta.dirname, '../docs/reliability.md');

const note = (line: string) => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  let options: SoakOptions | null;
  try {
    options = readOptions(process.argv.slice(2), Math.random);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    note(error.message);
    return EXIT.usage;
  }
  if (options === null) {
    process.stdout.write(HELP);
    return EXIT.met;
  }
  const halt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (halt.signal.aborted) process.exit(EXIT.interrupted);
      note('interrupted: the verdict on what there is follows (again: at once)');
      halt.abort();
    });
  }
  note(`seed ${options.seed}`);
  const verdict = await soak(options, { note, interrupted: halt.signal });
  const text = report(verdict, {
    date: new Date().toISOString().slice(0, 10),
    cores: cpus().length,
    model: cpus()[0]?.model.trim() ?? 'unknown',
    node: process.versions.node,
  });
  if (options.write && !verdict.interrupted) writeMarked(FILE, 'soak', text);
  process.stdout.write(`${text}\n`);
  if (verdict.interrupted) return EXIT.interrupted;
  return isMet(verdict) ? EXIT.met : EXIT.missed;
}

const code = await main().catch((error) => {
  note(`The soak could not be run: ${error instanceof Error ? error.stack : String(error)}`);
  return EXIT.notRun;
});
await new Promise((written) => process.stdout.write('', written));
process.exit(code);
