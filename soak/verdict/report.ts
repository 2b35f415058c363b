/** The verdict as Markdown: the same on the screen and in docs/reliability.md. */
import type { SoakOptions } from '../options.ts';
import { type Goal, goalsOf, type Verdict } from './verdict.ts';

export type Machine = {
  readonly date: string;
  readonly cores: number;
  readonly model: string;
  readonly node: string;
};

/** Of what went wrong, so many lines each. */
const MOST_LINES = 20;

export function report(verdict: Verdict, machine: Machine): string {
  const { options, interrupted, notTried } = verdict;
  const { date, cores, model, node } = machine;
  const missed = goalsOf(verdict).filter(({ met }) => !met);
  return [
    `${date}, ${cores} cores (${model}), Node ${node}. Seed ${options.seed}: \`${commandOf(options)}\``,
    interrupted ? '**Interrupted: this is how far it came.**' : '',
    sentences(verdict),
    table(['what', 'measured', 'goal', ''], goalsOf(verdict).map(goalRow)),
    missed.length === 0 ? '' : `**Missed:** ${missed.map(({ what }) => what).join(', ')}.`,
    table(['what became of the sessions in the log', 'count'], sessionRows(verdict)),
    table(['fault', 'times'], faultRows(verdict)),
    notTried.length === 0 ? '' : `Not tried here: ${notTried.join('; ')}.`,
    ...details(verdict),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** To be typed again. */
export function commandOf(options: SoakOptions): string {
  const { sessions, lastsMs, rate, people, clients, kill, killEveryMs, failRequests, apps, workers } =
    options;
  const words = [lastsMs === null ? `--sessions ${sessions}` : `--hours ${lastsMs / 3_600_000}`];
  if (rate !== null) words.push(`--rate ${rate}`);
  words.push(`--concurrency ${people} --clients ${clients}`);
  words.push(`--kill ${kill.length === 0 ? 'none' : kill.join(',')} --kill-every ${killEveryMs / 1000}`);
  words.push(`--fail-requests ${failRequests} --apps ${apps} --workers ${workers}`);
  if (!options.diskFull) words.push('--no-disk-full');
  if (!options.clockJumps) words.push('--no-clock-jumps');
  if (options.untimed) words.push('--untimed');
  return `npm run soak -- ${words.join(' ')} --seed ${options.seed}`;
}

function sentences({ recordings, nothingKept, options, lastedMs, arrivedMs }: Verdict): string {
  const minutes = (milliseconds: number) => `${(milliseconds / 60_000).toFixed(1)} minutes`;
  const cutOff = recordings.filter((each) => each.cutOff).length;
  return (
    `${recordings.length} recordings by ${options.people} people in ${options.clients} client processes, ` +
    `${options.apps} processes that answer and ${options.workers} that work, over ${minutes(lastedMs)} of faults; ` +
    `the last entry came ${(arrivedMs / 1000).toFixed(0)} s after they ended. ` +
    `In ${cutOff} of them the app was killed while somebody talked, so that what was not yet kept was never said to be; ` +
    `${nothingKept} more were killed before anything was kept.`
  );
}

function goalRow({ what, measured, goal, met }: Goal): string[] {
  return [what, measured, goal, met ? 'met' : '**missed**'];
}

function sessionRows({ ends, sessions }: Verdict): string[][] {
  const count = (holds: (session: Verdict['sessions'][number]) => boolean) =>
    String(sessions.filter(holds).length);
  const arms = ['chunked', 'single'].map((arm) => [
    `begun ${arm === 'chunked' ? 'in chunks' : 'as one file'}`,
    count(({ variant }) => variant === arm),
  ]);
  return [
    ...[...ends].sort(([a], [b]) => a.localeCompare(b)).map(([end, times]) => [end, String(times)]),
    ...arms,
    ['fell back to one file', count(({ fellBack }) => fellBack)],
    ['sealed by the server for a client that was not heard of', count(({ sealed }) => sealed)],
    [
      'steps’ tries that failed',
      String(sessions.reduce((sum, { failedAttempts }) => sum + failedAttempts, 0)),
    ],
  ];
}

function faultRows({ kills, gateways }: Verdict): string[][] {
  const requests = [...gateways].flatMap(([behind, { requests: all, faults }]) => {
    const failed = [...faults.values()].reduce((sum, count) => sum + count, 0);
    const kinds = [...faults].sort(([a], [b]) => a.localeCompare(b));
    return [
      [`requests to ${behind}: failed, of ${all}`, String(failed)],
      ...kinds.map(([kind, count]) => [`… ${kind}`, String(count)]),
    ];
  });
  return [...[...kills].map(([what, count]) => [what, String(count)]), ...requests];
}

/** What a person looks for who has to find out why. */
function details(verdict: Verdict): string[] {
  const { recordings, stuck, doubledEvents, strayEntries, broken } = verdict;
  const odd = recordings.filter(
    ({ outcome, words }) => outcome !== 'complete' || Object.values(words).some((count) => count > 0),
  );
  const lists: [string, readonly string[]][] = [
    ['Recordings', odd.map((each) => JSON.stringify(each))],
    ['Stuck', stuck],
    ['Events doubled', doubledEvents],
    ['Entries that are nobody’s', strayEntries],
    ['Broken', broken],
  ];
  return lists
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => {
      const more = lines.length > MOST_LINES ? [`… and ${lines.length - MOST_LINES} more`] : [];
      return `${title}:\n${[...lines.slice(0, MOST_LINES), ...more].map((line) => `- ${line}`).join('\n')}`;
    });
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}
