/** The command line of `npm run capacity`. */
import { parseArgs } from 'node:util';
import { ASSUMPTIONS } from './assumptions.ts';

export const HELP = `Usage: npm run capacity -- [options]

What a load of recordings asks of each part, what it costs, and how long people wait: by unit costs that were measured on
the real service, and a simulation. Says it for 1 and 10 million recordings a day unless it is told otherwise.

  --recordings N,N       recordings a day (1000000,10000000)
  --minutes X            a recording's mean length (${ASSUMPTIONS.minutes})
  --share-chunked X      share of recordings uploaded in chunks, 0 to 1 (${ASSUMPTIONS.shareChunked})
  --peak X               the busiest hour's rate, of the day's mean (${ASSUMPTIONS.peakFactor})
  --no-simulation        sizes and prices only
  --seed N               of the simulation (1)

  --measure              measure the unit costs first, on this machine: real PostgreSQL, S3 (where radosgw is installed)
                         and the sandbox provider. Some five minutes; do nothing else meanwhile
  --check                run the real service at three rates, and hold what the model says of them beside it. Some six
                         minutes
  --quick                of both: seconds, to see whether they work
  --folder FOLDER        where measured figures are read and written (capacity/measured)
  --write                put the tables into docs/capacity.md and docs/deploy.md (as it is without other options)
  --help

Exit code: 0 done, 1 wrong usage, 3 it could not be run, 130 interrupted.
`;

export type CapacityOptions = {
  readonly perDay: readonly number[];
  readonly minutes: number;
  readonly shareChunked: number;
  readonly peakFactor: number;
  readonly simulation: boolean;
  readonly seed: number;
  readonly measure: boolean;
  readonly check: boolean;
  readonly quick: boolean;
  /** Null: the one of the project. */
  readonly folder: string | null;
  readonly write: boolean;
};

/** The command line cannot be understood; the message is one line for a person. */
export class UsageError extends Error {}

const MOST_A_DAY = 1_000_000_000;
/** What would make tables other than those that the pages speak of. */
const CHANGING = [
  'recordings',
  'minutes',
  'share-chunked',
  'peak',
  'no-simulation',
  'seed',
  'quick',
  'folder',
] as const;

/** Null when only help was asked for. @throws UsageError */
export function readOptions(args: readonly string[]): CapacityOptions | null {
  const values = parse(args);
  if (values.help) return null;
  if (values.write) {
    const changed = CHANGING.find((name) => values[name] !== undefined && values[name] !== false);
    if (changed !== undefined)
      throw new UsageError(`--write: not with --${changed}: the pages speak of the usual load`);
  }
  return {
    perDay: (values.recordings ?? '1000000,10000000')
      .split(',')
      .map((text) => numberOf('recordings', text, { min: 1, max: MOST_A_DAY, whole: true })),
    minutes: numberOf('minutes', values.minutes ?? String(ASSUMPTIONS.minutes), { min: 0.05, max: 30 }),
    shareChunked: numberOf('share-chunked', values['share-chunked'] ?? String(ASSUMPTIONS.shareChunked), {
      min: 0,
      max: 1,
    }),
    peakFactor: numberOf('peak', values.peak ?? String(ASSUMPTIONS.peakFactor), { min: 1, max: 10 }),
    simulation: !(values['no-simulation'] ?? false),
    seed: numberOf('seed', values.seed ?? '1', { min: 0, max: 2 ** 31 - 1, whole: true }),
    measure: values.measure ?? false,
    check: values.check ?? false,
    quick: values.quick ?? false,
    folder: values.folder ?? null,
    write: values.write ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        recordings: { type: 'string' },
        minutes: { type: 'string' },
        'share-chunked': { type: 'string' },
        peak: { type: 'string' },
        'no-simulation': { type: 'boolean' },
        seed: { type: 'string' },
        measure: { type: 'boolean' },
        check: { type: 'boolean' },
        quick: { type: 'boolean' },
        folder: { type: 'string' },
        write: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

type Bounds = { readonly min: number; readonly max: number; readonly whole?: boolean };

function numberOf(name: string, text: string, { min, max, whole = false }: Bounds): number {
  const value = Number(text);
  const fits = text.trim() !== '' && value >= min && value <= max && (!whole || Number.isInteger(value));
  if (!fits)
    throw new UsageError(`--${name}: ${whole ? 'a whole number' : 'a number'} from ${min} to ${max}`);
  return value;
}
