/** The command line of `npm run dashboards:pictures`. */
import { parseArgs } from 'node:util';
import type { Choices } from './draw-dashboard.ts';
import { secondsOf } from './time-window.ts';

export const HELP = `Usage: npm run dashboards:pictures -- [options]

Draws the dashboards of grafana/generated from the answers of a real Prometheus: one page of HTML each, which needs
nothing else, and a screenshot of it. Grafana's server has no part in it, and the pages say so.

Without --prometheus: starts the application on parts of its own, Debian's prometheus and a virtual population whose
rollout moves 5 % -> 20 % -> 50 %, about five minutes in all; writes docs/images/dashboards. Ends all that it started.

  --prometheus URL     draw what this one knows instead, and leave docs/ alone: the screenshots go to --out
  --from -1h           since when (-3h, as the dashboards open): a duration back from now, or a time, 2026-01-31T12:00Z
  --to TIME            until when, written alike (now)
  --interval 5m        what rates look back over (5m, as the dashboards open; 1m without --prometheus)
  --variant NAME       chunked or single only (both)
  --out DIR            where the pages go (a new temporary folder)
  --no-screenshot      pages only; Chromium is not needed
  --help

Exit code: 0 done, 1 wrong usage, 2 something is missing on this machine, 3 Prometheus does not answer or refused a
query, 4 something else went wrong, 130 interrupted.
`;

export type PicturesOptions = {
  /** Null: an application, a Prometheus and traffic of its own, and its time. */
  readonly existing: { readonly url: string; readonly from: number; readonly to: number } | null;
  readonly choices: Choices;
  /** Null: a temporary folder. */
  readonly out: string | null;
  readonly screenshots: boolean;
};

/** The command line cannot be understood; the message is one line for a person. */
export class UsageError extends Error {
  readonly code = 'usage';
}

const DEFAULT_FROM = '-3h';

/** Null when only help was asked for. @param now Unix seconds @throws UsageError */
export function readOptions(args: readonly string[], now: number): PicturesOptions | null {
  const values = parse(args);
  if (values.help) return null;
  const { interval, variant, prometheus } = values;
  if (interval !== undefined && !((secondsOf(interval) ?? 0) > 0))
    throw new UsageError('--interval: such as 5m');
  if (variant !== undefined && variant !== 'chunked' && variant !== 'single')
    throw new UsageError('--variant: chunked or single');
  if (values.out === '') throw new UsageError('--out: it is empty');
  return {
    existing: prometheus === undefined ? own(values) : { url: address(prometheus), ...time(values, now) },
    choices: { interval, variant },
    out: values.out ?? null,
    screenshots: !values['no-screenshot'],
  };
}

type Values = ReturnType<typeof parse>;

function parse(args: readonly string[]) {
  // `--from -1h` is what a person writes; parseArgs takes it for another option.
  const joined = args.join('\0').replaceAll(/(^|\0)(--(?:from|to))\0(?=-\d)/g, '$1$2=');
  try {
    return parseArgs({
      args: joined === '' ? [] : joined.split('\0'),
      options: {
        prometheus: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
        interval: { type: 'string' },
        variant: { type: 'string' },
        out: { type: 'string' },
        'no-screenshot': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function own({ from, to }: Values): null {
  if (from === undefined && to === undefined) return null;
  throw new UsageError(
    '--from and --to go together with --prometheus: without it, the time is that of its traffic',
  );
}

function address(url: string): string {
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new UsageError('--prometheus: such as http://127.0.0.1:9090');
  const { username, password } = new URL(url);
  if (username !== '' || password !== '')
    throw new UsageError('--prometheus: without a name and a password in it, which would be seen');
  return url.replace(/\/+$/, '');
}

function time({ from = DEFAULT_FROM, to = 'now' }: Values, now: number): { from: number; to: number } {
  const read = { from: moment('from', from, now), to: moment('to', to, now) };
  if (read.from >= read.to) throw new UsageError('--from: not before --to');
  return read;
}

/** Unix seconds. */
function moment(name: string, text: string, now: number): number {
  if (text === 'now') return now;
  const back = secondsOf(text.replace(/^(now)?-/, ''));
  const at = back === null ? Date.parse(text) / 1000 : now - back;
  if (Number.isFinite(at) && at >= 0) return at;
  throw new UsageError(`--${name}: such as -1h, or 2026-01-31T12:00Z`);
}
