/** The command line of `npm run simulate`. */
import { parseArgs } from 'node:util';
import type { PopulationShape } from './population.ts';

export const HELP = `Usage: npm run simulate -- [options]

Sends the sessions of a virtual population to a running Thankly Voice (npm start), through its HTTP endpoints like any
app, so that the rollout page and the experiment have something to show. A session that fails is a real failure: a file
that holds no sound. Waits are real too: recordings are held open as long as their upload takes, many at once.

The population
  --users N              how many people (2000)
  --sessions-per-user X  mean of each stage; geometric, at least one (1)
  --chunked-failure X    share of chunked sessions that fail, 0-1 (0.02)
  --single-failure X     share of single sessions that fail (0.07)
  --failure-spread X     how much users differ in that: 0 not at all, near 1 a few always fail (0)
  --bad-device-share X   share of users whose device is bad (0)
  --bad-device-failure X share of their sessions that fail, in either arm (0.6)
  --chunked-wait S       median seconds from stop until the upload is complete (2.8)
  --single-wait S        the same of a single upload (21)
  --wait-sigma X         spread of their logarithm (0.18: 95 % of 2-4 s and 15-30 s)
  --words N              what they say, half a second a word (3); 0: nothing, which spares the provider three of four
                         calls, for about a third more sessions a second
  --seed N               the same seed is the same population (by chance; printed)

The rollout
  --percent N            move the rollout there first, and wait until new sessions show it
  --stages 5,20,50,100   the same at each stage in turn, with the same users; ends early when it is rolled back
  --autopilot            switch the autopilot on first
  --until-rolled-back    stop when the rollout is rolled back, and say after how much
  Without --percent or --stages the rollout is left as it is.

The traffic
  --url URL              the server (http://127.0.0.1:8080)
  --token-secret SECRET  sign the users' tokens with it (or JWT_SECRET); without one, /dev/token is asked
  --rate N               sessions a second at most (as many as the server takes)
  --concurrency N        requests at once, and sessions in processing at once (24)
  --open N               recordings under way at once (800)
  --json                 the result as JSON on stdout, all else on stderr
  --help

Exit code: 0 done, 1 wrong usage, 2 the server counted something else than was sent (or sessions did not end as they
were to, or a user changed arms), 3 the server was not reached or refused, 4 with --until-rolled-back: it was not rolled
back, 130 interrupted (the table so far is printed; again: at once).
`;

export type SimulateOptions = {
  readonly url: string;
  readonly tokenSecret: string | undefined;
  readonly shape: PopulationShape;
  /** In each recording. */
  readonly words: number;
  /** Percentages to move to in turn; null: the rollout is left as it is. */
  readonly stages: readonly number[] | null;
  readonly autopilot: boolean;
  readonly untilRolledBack: boolean;
  /** Sessions a second; null: as many as the server takes. */
  readonly rate: number | null;
  readonly concurrency: number;
  readonly open: number;
  readonly seed: number;
  readonly json: boolean;
};

/** The command line cannot be understood; the message is one line for a person. */
export class UsageError extends Error {}

const LARGEST_SEED = 2 ** 32 - 1;
const MOST_SESSIONS = 1_000_000;

/** Null when only help was asked for. @param random for a seed that is not given @throws UsageError */
export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  random: () => number,
): SimulateOptions | null {
  const values = parse(args);
  if (values.help) return null;
  const number = (name: keyof typeof LIMITS) => numberOf(name, values[name]);
  if (!URL.canParse(values.url) || !/^https?:/.test(values.url)) {
    throw new UsageError('--url: such as http://127.0.0.1:8080');
  }
  if (values['token-secret'] === '') throw new UsageError('--token-secret: it is empty');
  const shape = {
    users: number('users'),
    sessionsPerUser: number('sessions-per-user'),
    failure: { chunked: number('chunked-failure'), single: number('single-failure') },
    failureSpread: number('failure-spread'),
    badDeviceShare: number('bad-device-share'),
    badDeviceFailure: number('bad-device-failure'),
    waitMs: { chunked: number('chunked-wait') * 1000, single: number('single-wait') * 1000 },
    waitSigma: number('wait-sigma'),
  };
  if (shape.users * shape.sessionsPerUser > MOST_SESSIONS) {
    throw new UsageError('--users: with --sessions-per-user at most a million sessions a stage');
  }
  return {
    url: values.url.replace(/\/+$/, ''),
    tokenSecret: values['token-secret'] ?? (environment.JWT_SECRET || undefined),
    shape,
    words: number('words'),
    stages: stagesOf(values.percent, values.stages),
    autopilot: values.autopilot,
    untilRolledBack: values['until-rolled-back'],
    rate: values.rate === undefined ? null : number('rate'),
    concurrency: number('concurrency'),
    open: number('open'),
    seed: values.seed === undefined ? Math.floor(random() * LARGEST_SEED) : number('seed'),
    json: values.json,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        users: { type: 'string', default: '2000' },
        'sessions-per-user': { type: 'string', default: '1' },
        'chunked-failure': { type: 'string', default: '0.02' },
        'single-failure': { type: 'string', default: '0.07' },
        'failure-spread': { type: 'string', default: '0' },
        'bad-device-share': { type: 'string', default: '0' },
        'bad-device-failure': { type: 'string', default: '0.6' },
        'chunked-wait': { type: 'string', default: '2.8' },
        'single-wait': { type: 'string', default: '21' },
        'wait-sigma': { type: 'string', default: '0.18' },
        words: { type: 'string', default: '3' },
        seed: { type: 'string' },
        percent: { type: 'string' },
        stages: { type: 'string' },
        autopilot: { type: 'boolean', default: false },
        'until-rolled-back': { type: 'boolean', default: false },
        url: { type: 'string', default: 'http://127.0.0.1:8080' },
        'token-secret': { type: 'string' },
        rate: { type: 'string' },
        concurrency: { type: 'string', default: '24' },
        open: { type: 'string', default: '800' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

const LIMITS = {
  users: { min: 1, max: 100_000, whole: true },
  'sessions-per-user': { min: 1, max: 1_000, whole: false },
  'chunked-failure': { min: 0, max: 1, whole: false },
  'single-failure': { min: 0, max: 1, whole: false },
  'failure-spread': { min: 0, max: 0.99, whole: false },
  'bad-device-share': { min: 0, max: 1, whole: false },
  'bad-device-failure': { min: 0, max: 1, whole: false },
  'chunked-wait': { min: 0, max: 600, whole: false },
  'single-wait': { min: 0, max: 600, whole: false },
  'wait-sigma': { min: 0, max: 2, whole: false },
  words: { min: 0, max: 100, whole: true },
  seed: { min: 0, max: LARGEST_SEED, whole: true },
  percent: { min: 0, max: 100, whole: true },
  stages: { min: 0, max: 100, whole: true },
  rate: { min: 0.01, max: 10_000, whole: false },
  concurrency: { min: 1, max: 1_000, whole: true },
  open: { min: 1, max: 100_000, whole: true },
} as const;

function stagesOf(percent: string | undefined, stages: string | undefined): number[] | null {
  if (percent !== undefined && stages !== undefined) throw new UsageError('--percent or --stages, not both');
  if (percent !== undefined) return [numberOf('percent', percent)];
  if (stages === undefined) return null;
  return stages.split(',').map((stage) => numberOf('stages', stage));
}

function numberOf(name: keyof typeof LIMITS, value: string | undefined): number {
  const { min, max, whole } = LIMITS[name];
  const parsed = Number(value);
  const fits = value?.trim() !== '' && parsed >= min && parsed <= max && (!whole || Number.isInteger(parsed));
  if (!fits) {
    const what = `${whole ? 'a whole number' : 'a number'} from ${min} to ${max}`;
    throw new UsageError(`--${name}: ${name === 'stages' ? `each ${what}, such as 5,20,50,100` : what}`);
  }
  return parsed;
}
