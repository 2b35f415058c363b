/** Log times of sessions, of users who record often, and the moments that are kept of them. */
import type { StageTimes } from '../../src/rollout/statistics/clustered-difference.ts';
import {
  addSession,
  type Elsewhere,
  type Moments,
  NO_MOMENTS,
  type UserSums,
} from '../../src/rollout/statistics/moments.ts';
import { BUSY_USERS, type Population, whoRecords } from './population.ts';
import type { Random } from './random.ts';

export const SESSIONS = 5_000;
/** Of log time: how users differ, and how the sessions of one user differ. */
export const BETWEEN_USERS = 0.4;
export const WITHIN_USER = 0.5;
/** One session in twenty meets a bad network and takes eight times as long. */
const BAD_NETWORK = { chance: 0.05, factor: Math.log(8) };

export type Plan = { readonly name: string; readonly percents: readonly number[] };
export const AT_5: Plan = { name: '5 %', percents: [5] };
export const AT_20: Plan = { name: '20 %', percents: [20] };
export const AT_50: Plan = { name: '50 %', percents: [50] };
export const STAGED: Plan = { name: '5 → 20 → 50 %', percents: [5, 20, 50] };

export type Times = { readonly name: string; readonly badNetwork: boolean };
export const LOG_NORMAL: Times = { name: 'log-normal', badNetwork: false };
export const HEAVY: Times = { name: 'heavy-tailed', badNetwork: true };

export const STRANGERS: Population = { ...BUSY_USERS, name: 'each user once', users: 'once' };
export const MANY: Population = { ...BUSY_USERS, name: '4,000 busy users', users: 4_000 };
export const LOYAL: Population = { ...BUSY_USERS, name: '600 busy users who come back', users: 600 };

/** How the users are taken: as clusters, as strangers in each stage, or not at all (each session alone). */
export type Units = 'users' | 'strangers' | 'sessions';

/** The moments of all stages; it keeps what each user has contributed. */
type Measured = {
  readonly add: (user: number, stage: number, isChunked: boolean, logMs: number) => void;
  readonly stages: readonly StageTimes[];
};

const NOTHING: UserSums = { n: 0, sum: 0 };

export function measured(units: Units): Measured {
  const stages: { stage: number; chunked: Moments; single: Moments }[] = [];
  const users = new Map<number, Elsewhere[]>();
  return {
    stages,
    add: (user, stage, isChunked, logMs) => {
      const arm = isChunked ? 'chunked' : 'single';
      stages[stage] ??= { stage, chunked: NO_MOMENTS, single: NO_MOMENTS };
      const cell = stages[stage];
      if (units === 'sessions') {
        cell[arm] = addSession(cell[arm], NOTHING, logMs, []).moments;
        return;
      }
      const own = users.get(user) ?? [];
      const here = own.findIndex((each) => each.stage === stage);
      const elsewhere = units === 'users' ? own.filter((each) => each.stage !== stage) : [];
      const added = addSession(cell[arm], own[here] ?? NOTHING, logMs, elsewhere);
      cell[arm] = added.moments;
      own[here < 0 ? own.length : here] = { stage, arm, ...added.after };
      users.set(user, own);
    },
  };
}

/** Draws who records next, the arm, and the log time; later stages are slower for everybody. */
export function drawTimes(population: Population, times: Times, effect: number, random: Random) {
  const next = whoRecords(population, random);
  const users = new Map<number, number>();
  return (percent: number, stage: number): [number, boolean, number] => {
    const [number, { bucket }] = next();
    const ofUser = users.get(number) ?? BETWEEN_USERS * random.normal();
    users.set(number, ofUser);
    const isChunked = bucket <= percent;
    const bad = times.badNetwork && random.uniform() < BAD_NETWORK.chance ? BAD_NETWORK.factor : 0;
    const noise = WITHIN_USER * random.normal() + bad;
    return [number, isChunked, 9 + 0.3 * stage + ofUser + noise + (isChunked ? effect : 0)];
  };
}

export const stageAt = ({ percents }: Plan, session: number) =>
  Math.floor((percents.length * session) / SESSIONS);
