/** What a run came to, and what it had to come to. */
import type { Gateway } from '../faults/gateway.ts';
import type { SoakOptions } from '../options.ts';
import type { Judged, Judgement } from './judge.ts';
import type { SessionInLog } from './read-log.ts';

export type Verdict = Judgement & {
  readonly options: SoakOptions;
  readonly interrupted: boolean;
  /** Parts that did not come back, clients that could not go on: a line each. */
  readonly broken: readonly string[];
  readonly sessions: readonly SessionInLog[];
  /** With faults. */
  readonly lastedMs: number;
  /** From the end of the faults until the last entry was there. */
  readonly arrivedMs: number;
  /** By kind. */
  readonly kills: ReadonlyMap<string, number>;
  /** Milliseconds, by what was measured. */
  readonly recoveries: ReadonlyMap<string, readonly number[]>;
  readonly gateways: ReadonlyMap<string, Pick<Gateway, 'requests' | 'faults'>>;
  /** Faults that could not be made here, and why. */
  readonly notTried: readonly string[];
};

export type Goal = {
  readonly what: string;
  readonly measured: string;
  readonly goal: string;
  readonly met: boolean;
};

const RECOVERED_WITHIN_MS = 5_000;
/** Of recordings, complete with no retry by the user: the plan's < 3 % of failures. */
const BY_THEMSELVES = 0.97;

export function goalsOf(verdict: Verdict): Goal[] {
  const { recordings, words, stuck, doubledEvents, strayEntries, broken, recoveries, kills, options } =
    verdict;
  const none = (what: string, count: number): Goal => ({
    what,
    measured: String(count),
    goal: '0',
    met: count === 0,
  });
  const those = (outcome: Judged['outcome']) => recordings.filter((each) => each.outcome === outcome).length;
  const byThemselves = recordings.filter(({ byItself }) => byItself).length;
  const complete = those('complete');
  const spared = options.kill.filter((name) => ![...kills.keys()].some((what) => what.startsWith(name)));
  const goals = [
    none('parts to be killed that never were', spared.length),
    none('recordings lost', those('lost')),
    none('words lost', words.lost),
    none('words doubled', words.doubled),
    none('words reordered', words.reordered),
    none('words that nobody said', words.foreign),
    none('sessions stuck', stuck.length),
    none('events doubled', doubledEvents.length),
    none('entries in people’s lists that are no recording’s', strayEntries.length),
    share('complete with no retry by the user', byThemselves, recordings.length, BY_THEMSELVES),
    share('complete after the faults stopped', complete, recordings.length, 1),
    ...[...recoveries]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([what, times]) => recovery(what, times, options)),
  ];
  return broken.length === 0
    ? goals
    : [...goals, none('parts that did not come back, or clients that could not go on', broken.length)];
}

/** An interrupted run has missed nothing by what was still on its way. */
export function isMet(verdict: Verdict): boolean {
  const excused = verdict.interrupted ? ['sessions stuck', 'complete', 'parts to be killed'] : [];
  return goalsOf(verdict).every(({ what, met }) => met || excused.some((start) => what.startsWith(start)));
}

function share(what: string, some: number, all: number, goal: number): Goal {
  const percent = (value: number) => `${(value * 100).toFixed(value === 1 ? 0 : 2)} %`;
  const value = all === 0 ? 1 : some / all;
  return {
    what,
    measured: `${percent(value)} (${some} of ${all})`,
    goal: goal === 1 ? '100 %' : `≥ ${Math.round(goal * 100)} %`,
    met: value >= goal,
  };
}

function recovery(what: string, times: readonly number[], { untimed }: SoakOptions): Goal {
  const sorted = [...times].sort((a, b) => a - b);
  const seconds = (milliseconds = 0) => `${(milliseconds / 1000).toFixed(2)} s`;
  const longest = sorted.at(-1) ?? 0;
  const median = sorted[Math.floor(sorted.length / 2)];
  return {
    what,
    measured: `median ${seconds(median)}, longest ${seconds(longest)}, of ${times.length}`,
    goal: untimed ? 'none here' : `≤ ${RECOVERED_WITHIN_MS / 1000} s`,
    met: untimed || longest <= RECOVERED_WITHIN_MS,
  };
}
