/** The command line of `npm run acceptance`. */
import { parseArgs } from 'node:util';

export const HELP = `Usage: npm run acceptance -- --url https://voice.example --token TOKEN [options]

Asks a deployment from outside, as an app would, whether it does what it shall: each endpoint of its /openapi.json,
recordings in chunks and as one file, with and without pictures, what must be refused, signed URLs, pages, metrics. Prints
a line a check (✓ holds, ✗ does not, – not checked, and why) and a count. What it makes it deletes again, also when it
fails or is interrupted. It moves no rollout and requeues nothing: of those it sees that they are guarded.

  --url URL              the deployment (http://127.0.0.1:8080)
  --token TOKEN          of a user. Without one, /dev/token of a development server is asked, also for the other roles
  --internal-token TOKEN of a user who always has chunks (flags/cohort-plan.ts): needed where the first one's arm is the
                         single upload, or chunks are not checked
  --sre-token TOKEN      the role sre: then the operators' endpoints are checked, too
  --release-token TOKEN  the role release-manager: likewise the rollout's
  --metrics-token TOKEN  METRICS_TOKEN of the deployment
  --origin URL           a page's origin that WEB_ORIGINS names: it may call the API and put chunks, others may not
  --forget               also DELETE /users/me of the user: only with an account made for this. Refused when it has entries
  --patience SECONDS     how long a recording may take until its entry stands (120)
  --strict               what is not checked counts as failed, but for what would change something of others
  --json                 the report as JSON on stdout, the lines on stderr
  --help

Tokens may stand in the environment instead, where no list of processes shows them: THANKLY_TOKEN,
THANKLY_INTERNAL_TOKEN, THANKLY_SRE_TOKEN, THANKLY_RELEASE_TOKEN, METRICS_TOKEN.

Exit code: 0 all that was checked holds, 1 wrong usage, 2 something does not hold, 3 it was not reached or takes no token,
4 all holds but something could not be deleted again, 130 interrupted (what was made is deleted; again: at once).
`;

export type Options = {
  readonly url: string;
  /** Undefined: development tokens are asked for. */
  readonly token: string | undefined;
  readonly internalToken: string | undefined;
  readonly sreToken: string | undefined;
  readonly releaseToken: string | undefined;
  readonly metricsToken: string | undefined;
  readonly origin: string | undefined;
  readonly forget: boolean;
  readonly patienceMs: number;
  readonly strict: boolean;
  readonly json: boolean;
};

/** The command line cannot be understood; the message is one line for a person. */
export class UsageError extends Error {}

const ORIGIN = /^https?:\/\/[^/\s,*]+$/;

/** Null when only help was asked for. @throws UsageError */
export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Options | null {
  const values = parse(args);
  if (values.help) return null;
  if (!URL.canParse(values.url) || !/^https?:/.test(values.url))
    throw new UsageError('--url: such as https://voice.example');
  if (values.origin !== undefined && !ORIGIN.test(values.origin))
    throw new UsageError('--origin: such as https://app.example, with nothing behind it');
  const token = (name: TokenOption) => {
    if (values[name]?.trim() === '') throw new UsageError(`--${name}: it is empty`);
    return values[name] ?? (environment[TOKENS[name]] || undefined);
  };
  return {
    url: values.url.replace(/\/+$/, ''),
    token: token('token'),
    internalToken: token('internal-token'),
    sreToken: token('sre-token'),
    releaseToken: token('release-token'),
    metricsToken: token('metrics-token'),
    origin: values.origin,
    forget: values.forget,
    patienceMs: seconds('patience', values.patience) * 1000,
    strict: values.strict,
    json: values.json,
  };
}

const TOKENS = {
  token: 'THANKLY_TOKEN',
  'internal-token': 'THANKLY_INTERNAL_TOKEN',
  'sre-token': 'THANKLY_SRE_TOKEN',
  'release-token': 'THANKLY_RELEASE_TOKEN',
  'metrics-token': 'METRICS_TOKEN',
} as const;
type TokenOption = keyof typeof TOKENS;

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        url: { type: 'string', default: 'http://127.0.0.1:8080' },
        token: { type: 'string' },
        'internal-token': { type: 'string' },
        'sre-token': { type: 'string' },
        'release-token': { type: 'string' },
        'metrics-token': { type: 'string' },
        origin: { type: 'string' },
        forget: { type: 'boolean', default: false },
        patience: { type: 'string', default: '120' },
        strict: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function seconds(name: string, value: string): number {
  const parsed = Number(value);
  if (value.trim() === '' || !(parsed >= 1 && parsed <= 3_600))
    throw new UsageError(`--${name}: a number from 1 to 3600`);
  return parsed;
}
