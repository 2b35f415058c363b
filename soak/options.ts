/** The command line of `npm run soak`. */
import { parseArgs } from 'node:util';

export const KILLABLE = ['app', 'worker', 'postgres', 'unleash', 'provider', 'client'] as const;
export type Killable = (typeof KILLABLE)[number];

export const HELP = `Usage: npm run soak -- [options]

Runs the whole service as many processes, lets virtual people record with the client, breaks what there is to break, and
counts what became of every word. Everything runs on this machine and on parts of its own: nothing that already runs is
touched.

  --sessions N           recordings in all (1000)
  --hours H              record for so long instead of a fixed number
  --rate N               recordings begun a second at most (as many as the machine takes)
  --concurrency N        people who record at the same time (40)
  --clients N            processes that they are spread over (4)
  --kill LIST            what is killed with kill -9, at random: ${KILLABLE.join(',')} (all of them), or none
  --kill-every S         seconds between two kills of app, worker or postgres, on average (10); of each of the others
                         twice as many
  --fail-requests X      share of requests that fail on their way, to the service and to the provider (0.1)
  --apps N, --workers N  processes of the service that answer, and that work (2, 2)
  --no-disk-full         don't fill the object store's disk (filling needs root: a tmpfs is mounted)
  --no-clock-jumps       don't turn the clocks of the service and of the clients
  --untimed              show how soon the service recovered, and miss no goal by it (on a machine that is slow or shared)
  --seed N               draws all of the above (by chance; printed)
  --write                put the table into docs/reliability.md
  --keep                 leave the folder with databases, logs and journals
  --help

Exit code: 0 every goal is met, 1 wrong usage, 2 a goal is missed, 3 it could not be run, 130 interrupted (the verdict so
far is printed; again: at once).
`;

export type SoakOptions = {
  readonly sessions: number;
  /** Milliseconds; null: as long as `sessions` take. */
  readonly lastsMs: number | null;
  /** A second; null: as many as the machine takes. */
  readonly rate: number | null;
  readonly people: number;
  readonly clients: number;
  readonly kill: readonly Killable[];
  readonly killEveryMs: number;
  /** 0–1. */
  readonly failRequests: number;
  readonly apps: number;
  readonly workers: number;
  readonly diskFull: boolean;
  readonly clockJumps: boolean;
  /** Recovery times are shown, and are no goals. */
  readonly untimed: boolean;
  readonly seed: number;
  readonly write: boolean;
  readonly keep: boolean;
};

/** The command line cannot be understood; the message is one line for a person. */
export class UsageError extends Error {}

const LARGEST_SEED = 2 ** 32 - 1;
/** With `--hours` the time is the bound. */
const AS_MANY_AS_FIT = 1_000_000;
const HOUR_MS = 3_600_000;

/** Null when only help was asked for. @param random for a seed that is not given @throws UsageError */
export function readOptions(args: readonly string[], random: () => number): SoakOptions | null {
  const values = parse(args);
  if (values.help) return null;
  const number = (name: keyof typeof LIMITS) => numberOf(name, values[name]);
  const options = {
    sessions: values.hours === undefined ? number('sessions') : AS_MANY_AS_FIT,
    lastsMs: values.hours === undefined ? null : number('hours') * HOUR_MS,
    rate: values.rate === undefined ? null : number('rate'),
    people: number('concurrency'),
    clients: number('clients'),
    kill: killed(values.kill),
    killEveryMs: number('kill-every') * 1000,
    failRequests: number('fail-requests'),
    apps: number('apps'),
    workers: number('workers'),
    diskFull: !values['no-disk-full'],
    clockJumps: !values['no-clock-jumps'],
    untimed: values.untimed,
    seed: values.seed === undefined ? Math.floor(random() * LARGEST_SEED) : number('seed'),
    write: values.write,
    keep: values.keep,
  };
  if (options.clients > options.people) {
    throw new UsageError('--clients: at most as many processes as there are people (--concurrency)');
  }
  return options;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        sessions: { type: 'string', default: '1000' },
        hours: { type: 'string' },
        rate: { type: 'string' },
        concurrency: { type: 'string', default: '40' },
        clients: { type: 'string', default: '4' },
        kill: { type: 'string', default: KILLABLE.join(',') },
        'kill-every': { type: 'string', default: '10' },
        'fail-requests': { type: 'string', default: '0.1' },
        apps: { type: 'string', default: '2' },
        workers: { type: 'string', default: '2' },
        'no-disk-full': { type: 'boolean', default: false },
        'no-clock-jumps': { type: 'boolean', default: false },
        untimed: { type: 'boolean', default: false },
        seed: { type: 'string' },
        write: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function killed(list: string): readonly Killable[] {
  if (list === 'none') return [];
  return list.split(',').map((name) => {
    const known = KILLABLE.find((each) => each === name);
    if (known === undefined) throw new UsageError(`--kill: some of ${KILLABLE.join(',')}, or none`);
    return known;
  });
}

const LIMITS = {
  sessions: { min: 1, max: AS_MANY_AS_FIT, whole: true },
  hours: { min: 0.01, max: 168, whole: false },
  rate: { min: 0.01, max: 1_000, whole: false },
  concurrency: { min: 1, max: 2_000, whole: true },
  clients: { min: 1, max: 50, whole: true },
  'kill-every': { min: 0.5, max: 3_600, whole: false },
  'fail-requests': { min: 0, max: 0.9, whole: false },
  apps: { min: 1, max: 8, whole: true },
  workers: { min: 1, max: 8, whole: true },
  seed: { min: 0, max: LARGEST_SEED, whole: true },
} as const;

function numberOf(name: keyof typeof LIMITS, value: string | undefined): number {
  const { min, max, whole } = LIMITS[name];
  const parsed = Number(value);
  const fits = value?.trim() !== '' && parsed >= min && parsed <= max && (!whole || Number.isInteger(parsed));
  if (!fits)
    throw new UsageError(`--${name}: ${whole ? 'a whole number' : 'a number'} from ${min} to ${max}`);
  return parsed;
}
