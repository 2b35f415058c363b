/** The command line of `npm run gameday`. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../simulate/options.ts';
import { ALL_FAULTS } from './all-faults.ts';
import type { Fault } from './fault.ts';

export const HELP = `Usage: npm run gameday -- <game day> [options] [-- options of npm run simulate]

Makes a fault on a running Thankly Voice, says which alert should come and where to look, and ends the fault again: after
--for, with Ctrl-C, and when something goes wrong. Traffic of simulated users runs meanwhile, and counts like any other, also
in the experiment: this is for a staging system, or for a person who knows that.

Game days
${ALL_FAULTS.map(({ name, title }) => `  ${name.padEnd(15)}${title}`).join('\n')}

Options
  --for TIME         how long it lasts, such as 90s or 5m (each has its own)
  --url URL          the application (http://127.0.0.1:8080)
  --data-dir DIR     its DATA_DIR (DATA_DIR, or .data)
  --sandbox URL      its provider, when OPENAI_BASE_URL names a sandbox
  --token-secret S   to sign the users' tokens with (or JWT_SECRET); without one, /dev/token is asked
  --no-traffic       the fault alone; the traffic is up to you (bad-cohort and slow-uploads are nothing but traffic)
  --leave MB         disk-full: what stays free (48)
  --really           disk-full: also on a file system of over 2 GB
  --dry-run          says what would be done and whether it can be, and does nothing
  --heal             ends only what a game day that was killed has left
  --list             all of them as a table: alert, in which time, runbook
  --help
A database that is not the application's own: set DATABASE_URL to what the application has.

Exit code: 0 done and healed, 1 wrong usage, 3 it cannot be made here (nothing was changed), 4 the fault could not be ended
(it says what is left), 130 interrupted (and ended).
`;

export type GameDayOptions = {
  readonly fault: Fault;
  readonly forSeconds: number;
  readonly url: string;
  /** Absolute. */
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly sandboxUrl: string | undefined;
  readonly tokenSecret: string | undefined;
  /** Options of `npm run simulate` that somebody gave; null: no traffic. */
  readonly traffic: readonly string[] | null;
  readonly leaveBytes: number;
  readonly really: boolean;
  readonly does: 'all' | 'dry-run' | 'heal';
};

const LONGEST_SECONDS = 24 * 3600;
const SECONDS_IN: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** `help` and `list` were asked for, or what to do. @throws UsageError */
export function readGameDay(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  cwd: string,
): 'help' | 'list' | GameDayOptions {
  const at = args.indexOf('--');
  const [own, simulate] = at < 0 ? [args, []] : [args.slice(0, at), args.slice(at + 1)];
  const { values, positionals } = parse(own);
  if (values.help) return 'help';
  if (values.list) return 'list';
  const fault = faultOf(positionals);
  if (values['no-traffic'] && simulate.length > 0)
    throw new UsageError(`--no-traffic, or options for it (${simulate[0]}), not both`);
  if (values['dry-run'] && values.heal) throw new UsageError('--dry-run or --heal, not both');
  return {
    fault,
    forSeconds: values.for === undefined ? fault.forSeconds : secondsOf(values.for),
    url: urlOf('url', values.url),
    dataDir: resolve(cwd, values['data-dir'] ?? (environment.DATA_DIR || '.data')),
    databaseUrl: environment.DATABASE_URL || undefined,
    sandboxUrl: values.sandbox === undefined ? undefined : urlOf('sandbox', values.sandbox),
    tokenSecret: values['token-secret'] ?? (environment.JWT_SECRET || undefined),
    traffic: values['no-traffic'] ? null : simulate,
    leaveBytes: megabytesOf(values.leave) * 1024 * 1024,
    really: values.really,
    does: values.heal ? 'heal' : values['dry-run'] ? 'dry-run' : 'all',
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        for: { type: 'string' },
        url: { type: 'string', default: 'http://127.0.0.1:8080' },
        'data-dir': { type: 'string' },
        sandbox: { type: 'string' },
        'token-secret': { type: 'string' },
        'no-traffic': { type: 'boolean', default: false },
        leave: { type: 'string', default: '48' },
        really: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        heal: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function faultOf([name, ...more]: readonly string[]): Fault {
  const names = ALL_FAULTS.map((fault) => fault.name).join(', ');
  if (name === undefined) throw new UsageError(`which game day? One of ${names}; see --list`);
  if (more.length > 0) throw new UsageError(`one game day at a time: ${name}, or ${more[0]}?`);
  const fault = ALL_FAULTS.find((each) => each.name === name);
  if (fault === undefined) throw new UsageError(`there is no game day ${name}: one of ${names}`);
  return fault;
}

function urlOf(name: string, value: string): string {
  if (!URL.canParse(value) || !/^https?:/.test(value))
    throw new UsageError(`--${name}: such as http://127.0.0.1:8080`);
  return value.replace(/\/+$/, '');
}

function secondsOf(value: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([smh])$/.exec(value) ?? [];
  const seconds = Number(number) * (SECONDS_IN[unit] ?? Number.NaN);
  if (!(seconds > 0 && seconds <= LONGEST_SECONDS))
    throw new UsageError('--for: such as 90s, 5m or 1h, at most a day');
  return seconds;
}

function megabytesOf(value: string): number {
  if (!/^\d{1,7}$/.test(value)) throw new UsageError('--leave: a whole number of megabytes');
  return Number(value);
}
