/** `npm run simulate`: traffic of a virtual population. The exit code says how it ended; see --help. */
import { ApiError } from '../client/src/api-error.ts';
import { systemClock } from './clock.ts';
import { HELP, readOptions, type SimulateOptions, UsageError } from './options.ts';
import { problemLines, report } from './report.ts';
import { INTERRUPTED } from './run-traffic.ts';
import type { SessionRecord } from './session-record.ts';
import { printable, showProgress } from './show.ts';
import { type Simulation, simulate } from './simulate.ts';
import { summaryOf } from './summary.ts';

const EXIT = { done: 0, usage: 1, different: 2, refused: 3, notRolledBack: 4, interrupted: 130 } as const;

async function main(): Promise<number> {
  let options: SimulateOptions | null;
  try {
    options = readOptions(process.argv.slice(2), process.env, Math.random);
  } catch (error) {
    if (error instanceof UsageError) return told(EXIT.usage, error.message);
    throw error;
  }
  if (options === null) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const { shape, seed, stages } = options;
  const records: SessionRecord[] = [];
  const expected = Math.round(shape.users * shape.sessionsPerUser) * (stages?.length ?? 1);
  const show = showProgress(process.stderr, records, expected);
  const halt = new AbortController();
  process.on('SIGINT', () => {
    if (halt.signal.aborted) process.exit(EXIT.interrupted);
    show.note('interrupted: what is under way is left as it is');
    halt.abort(INTERRUPTED);
  });
  show.note(`seed ${seed}`);
  try {
    const { note, history: onHistory } = show;
    const simulation = await simulate(options, { clock: systemClock, note, onHistory, records, halt });
    show.stop();
    process.stdout.write(options.json ? json(simulation, options) : `${text(simulation, options)}\n`);
    return exitCode(simulation, options, halt.signal);
  } catch (error) {
    show.stop();
    if (!(error instanceof ApiError)) throw error;
    const hint = error.status === 0 ? ` Is it running (npm start), and at ${options.url}?` : '';
    return told(EXIT.refused, `the server cannot be used: ${error.message} (${error.code}).${hint}`);
  }
}

function text(simulation: Simulation, { seed, shape }: SimulateOptions): string {
  return printable(report(simulation, seed, shape.users));
}

function json(simulation: Simulation, { seed, shape }: SimulateOptions): string {
  const { rollout, rollback, experiment, differences, error } = simulation;
  const why = error === null ? null : { code: error.code, message: error.message };
  const result = { seed, users: shape.users, ...summaryOf(simulation), rollback, differences, error: why };
  return `${JSON.stringify({ ...result, rollout, experiment })}\n`;
}

function exitCode(simulation: Simulation, options: SimulateOptions, halt: AbortSignal): number {
  if (halt.reason === INTERRUPTED) return EXIT.interrupted;
  if (simulation.error !== null) return EXIT.refused;
  if (problemLines(simulation).length > 0) return EXIT.different;
  return options.untilRolledBack && simulation.rollback === null ? EXIT.notRolledBack : EXIT.done;
}

function told(code: number, line: string): number {
  process.stderr.write(`${printable(line)}\n`);
  return code;
}

const code = await main();
await new Promise((written) => process.stdout.write('', written));
// Sessions that were left under way must not keep the process.
process.exit(code);
