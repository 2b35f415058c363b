/** `npm run fuzz`: looks for what breaks the application, or its parsers of bytes; see --help. */
import type { Fault } from './findings.ts';
import { fuzzApplication } from './fuzz-application.ts';
import { type FuzzOptions, HELP, readOptions, UsageError } from './options.ts';
import { fuzzParsers, UnknownParser } from './parsers/run.ts';
import { applicationTable, parsersTable, writePart } from './report.ts';

const EXIT = { nothing: 0, usage: 1, faults: 2 } as const;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), Math.random);
  if (options === null) {
    process.stdout.write(HELP);
    return EXIT.nothing;
  }
  const interrupted = new AbortController();
  process.once('SIGINT', () => {
    tell('ending after the runs under way ...');
    interrupted.abort();
  });
  const faults = await (options.parsers ? parsers : endpoints)(options, interrupted.signal);
  for (const fault of faults) tell(described(fault));
  tell(faults.length === 0 ? 'nothing was found' : `${faults.length} kinds of fault`);
  return faults.length === 0 ? EXIT.nothing : EXIT.faults;
}

async function endpoints(options: FuzzOptions, signal: AbortSignal): Promise<readonly Fault[]> {
  const verdict = await fuzzApplication({ ...options, signal, onProgress: tell });
  const text = applicationTable(verdict, options.seed, new Date());
  process.stdout.write(text);
  for (const [operation, statuses] of [...verdict.statuses].sort())
    tell(
      `  ${operation}  ${[...statuses]
        .sort(([a], [b]) => a - b)
        .map(([status, times]) => `${status}: ${times}`)
        .join(', ')}`,
    );
  if (options.write) writePart('fuzz-endpoints', text);
  return verdict.faults;
}

async function parsers(options: FuzzOptions, signal: AbortSignal): Promise<readonly Fault[]> {
  tell(`seed ${options.seed}`);
  const { counts, findings } = await fuzzParsers({
    ...options,
    timeoutMs: options.deadlineMs,
    signal,
    onProgress: tell,
  });
  const text = parsersTable(counts, findings.faults, options, new Date());
  process.stdout.write(text);
  if (options.write) writePart('fuzz-parsers', text);
  return findings.faults;
}

function described({ what, example, again, times }: Fault): string {
  return `\n${what} (${times} ×)\n  ${example}\n  again: npm run fuzz -- ${again}`;
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

process.exitCode = await main().catch((error) => {
  if (!(error instanceof UsageError || error instanceof UnknownParser)) throw error;
  tell(`${error.message}\n(npm run fuzz -- --help)`);
  return EXIT.usage;
});
