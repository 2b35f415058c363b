/** `npm run capacity`: what a load of recordings asks of each part, costs, and makes people wait. See --help. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeMarked } from '../scripts/marked-part.mjs';
import { ASSUMPTIONS } from './assumptions.ts';
import { FULL_PLAN, measureUnitCosts, QUICK_PLAN } from './measure/measure-unit-costs.ts';
import { cpuMissing } from './measure/process-cpu.ts';
import { FULL_CHECK, QUICK_CHECK, runCheck } from './measure/run-check.ts';
import { CheckFile, type MeasuredCheck } from './model/check.ts';
import { MeasuredFile, type MeasuredUnitCosts } from './model/measured.ts';
import { type CapacityOptions, HELP, readOptions, UsageError } from './options.ts';
import { type Part, type Parts, partsOf } from './report/parts.ts';

const EXIT = { done: 0, usage: 1, notRun: 3, interrupted: 130 } as const;
const DOCS = join(import.meta.dirname, '../docs');
const OWN_FOLDER = join(import.meta.dirname, 'measured');
const UNIT_COSTS = 'unit-costs.json';
const CHECK = 'check.json';

const note = (line: string) => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  let options: CapacityOptions | null;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    note(error.message);
    return EXIT.usage;
  }
  if (options === null) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const interrupted = interruption();
  const folder = options.folder === null ? OWN_FOLDER : resolve(options.folder);
  try {
    const measured = await measuredIn(folder, options, interrupted);
    const check = await checkIn(folder, options, measured, interrupted);
    const { perDay, minutes, shareChunked, peakFactor, simulation, seed } = options;
    const assumptions = { ...ASSUMPTIONS, minutes, shareChunked, peakFactor };
    const parts = partsOf({ measured, assumptions, seed }, { perDay, simulation, check, note });
    if (options.write) write(parts);
    process.stdout.write(`${Object.values(parts).join('\n\n')}\n`);
    return EXIT.done;
  } catch (error) {
    if (interrupted.aborted) return EXIT.interrupted;
    throw error;
  }
}

/** At a first Ctrl-C what runs is stopped in order; at a second it ends at once. */
function interruption(): AbortSignal {
  const halt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (halt.signal.aborted) process.exit(EXIT.interrupted);
      note('interrupted: it ends when what is under way has ended (again: at once)');
      halt.abort();
    });
  }
  return halt.signal;
}

async function measuredIn(
  folder: string,
  { measure, quick }: CapacityOptions,
  interrupted: AbortSignal,
): Promise<MeasuredUnitCosts> {
  const file = join(folder, UNIT_COSTS);
  if (!measure) {
    if (!existsSync(file)) throw new Error(`there are no unit costs in ${file}: --measure`);
    return MeasuredFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  }
  mustMeasure();
  const measured = await measureUnitCosts({ plan: quick ? QUICK_PLAN : FULL_PLAN, note, interrupted });
  save(folder, file, measured);
  return measured;
}

/** Null: there was none yet. */
async function checkIn(
  folder: string,
  { check, quick }: CapacityOptions,
  measured: MeasuredUnitCosts,
  interrupted: AbortSignal,
): Promise<MeasuredCheck | null> {
  const file = join(folder, CHECK);
  if (!check) return existsSync(file) ? CheckFile.parse(JSON.parse(readFileSync(file, 'utf8'))) : null;
  mustMeasure();
  const checked = await runCheck({ plan: quick ? QUICK_CHECK : FULL_CHECK, measured, note, interrupted });
  save(folder, file, checked);
  return checked;
}

function mustMeasure(): void {
  const missing = cpuMissing();
  if (missing !== null) throw new Error(missing);
}

function save(folder: string, file: string, content: unknown): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}

function write(parts: Parts): void {
  const capacity = join(DOCS, 'capacity.md');
  const deploy = join(DOCS, 'deploy.md');
  for (const [part, text] of Object.entries(parts) as [Part, string][]) {
    const file = part === 'deploy' ? deploy : capacity;
    const mark = part === 'deploy' ? 'capacity' : part;
    writeMarked(file, mark, text);
  }
}

const code = await main().catch((error) => {
  note(`It could not be run: ${error instanceof Error ? error.message : String(error)}`);
  return EXIT.notRun;
});
await new Promise((written) => process.stdout.write('', written));
process.exit(code);
