/** The command line of `npm run fuzz`. */
import { parseArgs } from 'node:util';

export const HELP = `Usage: npm run fuzz -- [options]

Starts the whole application on parts of its own, and asks of it what nobody should: every operation of its own API
document, rightly and nearly rightly, in sequence and at once, as several people with and without good tokens. Then says
what it found. Or gives each parser of bytes real files that were damaged.

  --requests N     requests to make (3000)
  --parsers        the parsers instead, --cases each
  --cases N        damaged files for each parser (2000)
  --only A,B       only these parsers (a wrong name lists them)
  --seed N         the same seed makes the same requests, as far as what is at once allows (by chance; printed)
  --run N          only this run of the seed, alone, made smaller when it fails
  --lanes N        runs at once (8)
  --deadline S     a request without an answer, or a file that is still read, after so many seconds hangs (30)
  --write          writes the table into docs/security.md
  --help

Ctrl-C ends it early, with the verdict so far. Exit code: 0 nothing found, 1 wrong usage, 2 faults found.
`;

export type FuzzOptions = {
  readonly parsers: boolean;
  readonly requests: number;
  readonly cases: number;
  readonly only: readonly string[];
  readonly seed: number;
  readonly run: number | undefined;
  readonly lanes: number;
  readonly deadlineMs: number;
  readonly write: boolean;
};

/** The command line cannot be understood; the message is one line for a person. */
export class UsageError extends Error {}

const LIMITS = {
  requests: [1, 10_000_000],
  cases: [1, 10_000_000],
  seed: [0, 2 ** 31 - 1],
  run: [0, 10_000_000],
  lanes: [1, 64],
  deadline: [1, 600],
} as const;

/** Null when only help was asked for. @param random for a seed that is not given @throws UsageError */
export function readOptions(args: readonly string[], random: () => number): FuzzOptions | null {
  const values = parse(args);
  if (values.help) return null;
  const number = (name: keyof typeof LIMITS): number => {
    const [least, most] = LIMITS[name];
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new UsageError(`--${name}: a whole number from ${least} to ${most}`);
    return value;
  };
  return {
    parsers: values.parsers,
    requests: number('requests'),
    cases: number('cases'),
    only: values.only?.split(',') ?? [],
    seed: values.seed === undefined ? Math.floor(random() * LIMITS.seed[1]) : number('seed'),
    run: values.run === undefined ? undefined : number('run'),
    lanes: number('lanes'),
    deadlineMs: number('deadline') * 1000,
    write: values.write,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        requests: { type: 'string', default: '3000' },
        parsers: { type: 'boolean', default: false },
        cases: { type: 'string', default: '2000' },
        only: { type: 'string' },
        seed: { type: 'string' },
        run: { type: 'string' },
        lanes: { type: 'string', default: '8' },
        deadline: { type: 'string', default: '30' },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
