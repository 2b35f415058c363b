/** `npm run gameday`: a fault on a running system, and its end. The exit code says how it went; see --help. */
import { ApiError } from '../client/src/api-error.ts';
import { systemPatience } from '../client/src/patiently.ts';
import { systemClock } from '../simulate/clock.ts';
import { UsageError } from '../simulate/options.ts';
import { countByArm, type SessionRecord } from '../simulate/session-record.ts';
import { printable, showProgress } from '../simulate/show.ts';
import { tokenSource } from '../simulate/tokens.ts';
import { ALL_FAULTS } from './all-faults.ts';
import { announcement, listTable } from './announce.ts';
import { CannotBegin, type Target } from './fault.ts';
import { type GameDayOptions, HELP, readGameDay } from './options.ts';
import { isReady } from './ready.ts';
import { type Outcome, runGameDay } from './run-game-day.ts';
import { startTraffic } from './start-traffic.ts';
import { trafficOf } from './traffic.ts';

const EXIT = { done: 0, usage: 1, cannotBegin: 3, notEnded: 4, interrupted: 130 } as const;
const TOKEN_PATIENCE_MS = 5_000;

async function main(): Promise<number> {
  const options = readGameDay(process.argv.slice(2), process.env, process.cwd());
  if (options === 'help') return print(HELP.trimEnd());
  if (options === 'list') return print(listTable(ALL_FAULTS));
  const traffic = options.traffic === null ? null : trafficOf(options, options.traffic);
  const { fault, forSeconds, does } = options;

  const records: SessionRecord[] = [];
  const interrupted = interruptions();
  const show = showProgress(process.stderr, records, traffic?.shape.users ?? 0);
  const target: Target = { ...options, interrupted, note: show.note };
  try {
    if (does === 'heal') return exitOf(await heal(options, target), options);
    await checkServer(options);
    const { GRAFANA_URL: grafanaUrl } = process.env;
    const announced = { does: await fault.check(target), forSeconds, url: options.url, grafanaUrl };
    print(announcement(fault, { ...announced, hasTraffic: traffic !== null }));
    if (does === 'dry-run') return print('Nothing was done: --dry-run.');
    const outcome = await runGameDay(fault, forSeconds, target, {
      clock: systemClock,
      traffic: traffic === null ? null : () => startTraffic(traffic, forSeconds, show, records),
    });
    print(summary(records));
    return exitOf(outcome, options);
  } finally {
    show.stop();
  }
}

/** Aborted by whatever asks us to end, or would end us: the fault has to be ended first. */
function interruptions(): AbortSignal {
  const interrupted = new AbortController();
  const interrupt = (line: string) => {
    tell(line);
    interrupted.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => interrupt(`${signal}: ending the fault ...`));
  process.on('uncaughtException', (error) => interrupt(`${error.message}: ending the fault ...`));
  return interrupted.signal;
}

/** @throws CannotBegin, ApiError */
async function checkServer({ url, tokenSecret, traffic }: GameDayOptions): Promise<void> {
  if (!(await isReady(url))) {
    throw new CannotBegin(
      'server_unreachable',
      `no application is ready at ${url}. Is it running (npm start)? Give its address with --url`,
    );
  }
  if (traffic !== null)
    await tokenSource(url, tokenSecret, systemPatience(TOKEN_PATIENCE_MS))('gameday', 'user');
}

async function heal({ fault }: GameDayOptions, target: Target): Promise<Outcome> {
  try {
    await fault.end(target);
    return { type: 'healed' };
  } catch (error) {
    return { type: 'not-ended', error };
  }
}

function exitOf(outcome: Outcome, { fault, does }: GameDayOptions): number {
  if (outcome.type === 'not-ended') {
    tell(`THE FAULT MAY STILL BE THERE: ${messageOf(outcome.error)}`);
    tell(`When that is mended: npm run gameday -- ${fault.name} --heal`);
    return EXIT.notEnded;
  }
  print(does === 'heal' ? `Nothing of ${fault.name} is left.` : `Ended. ${fault.healed}`);
  return outcome.type === 'interrupted' ? EXIT.interrupted : EXIT.done;
}

function summary(records: readonly SessionRecord[]): string {
  const arms = Object.entries(countByArm(records)).filter(([, { sessions }]) => sessions > 0);
  const lines = arms.map(([arm, { sessions, completed, failed, expired, lost, open }]) => {
    const ends = Object.entries({ completed, failed, expired, lost, 'under way': open });
    const some = ends.filter(([, count]) => count > 0).map(([end, count]) => `${count} ${end}`);
    return `${arm}: ${sessions} recordings, ${some.join(', ')}`;
  });
  return lines.length === 0 ? 'No recordings were sent.' : lines.join('\n');
}

function print(text: string): number {
  process.stdout.write(`${printable(text)}\n`);
  return EXIT.done;
}

function tell(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const code = await main().catch((error) => {
  if (error instanceof UsageError) {
    tell(error.message);
    return EXIT.usage;
  }
  const known = error instanceof CannotBegin || error instanceof ApiError;
  tell(`The game day cannot be held: ${messageOf(error)}${known ? ` (${error.code})` : ''}`);
  return EXIT.cannotBegin;
});
await new Promise((written) => process.stdout.write('', written));
// Traffic that was left under way must not keep the process.
process.exit(code);
