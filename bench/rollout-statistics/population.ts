/** Who records: users with their bucket, how much they record, and how often it fails for them. */
import type { Random } from './random.ts';

export type Population = {
  /** Said in the tables. */
  readonly name: string;
  /** `once`: every session is another user. */
  readonly users: number | 'once';
  /** A user's chance of failing in the control arm; 5 % on average. */
  readonly propensity: (random: Random) => number;
  /** Whether evenings are busy and fail more. */
  readonly nightAndDay: boolean;
};

export type User = {
  /** Unleash's: 1…100, chunked when it is no more than the percentage. */
  readonly bucket: number;
  readonly propensity: number;
};

/** How unequally users record: σ of a log-normal. The busiest tenth make half of the recordings. */
const UNEQUAL = 1.3;

const alike = () => 0.05;
const unequal = (random: Random) => random.beta(0.5, 9.5);
/** 5 % of users have a device on which 60 % fails; with the others it is 5 % on average. */
const failingDevice = (random: Random) => (random.uniform() < 0.05 ? 0.6 : 0.4 / 19);

export const EACH_ONCE: Population = {
  name: 'each user once',
  users: 'once',
  propensity: alike,
  nightAndDay: false,
};
export const BUSY_USERS: Population = {
  name: 'users of many sessions',
  users: 2_000,
  propensity: unequal,
  nightAndDay: false,
};
export const NIGHT_AND_DAY: Population = { ...EACH_ONCE, name: 'night and day', nightAndDay: true };
export const FAILING_DEVICE: Population = {
  name: 'a failing minority device',
  users: 2_000,
  propensity: failingDevice,
  nightAndDay: false,
};
export const EVERYTHING: Population = {
  ...FAILING_DEVICE,
  name: 'busy users, device, night and day',
  nightAndDay: true,
};

/** Draws who records next, with their number. */
export function whoRecords({ users, propensity }: Population, random: Random): () => [number, User] {
  const someone = (): User => ({
    bucket: 1 + Math.floor(random.uniform() * 100),
    propensity: propensity(random),
  });
  if (users === 'once') {
    let number = 0;
    return () => [number++, someone()];
  }
  const everybody = Array.from({ length: users }, someone);
  const upTo = new Float64Array(users);
  let sum = 0;
  for (let i = 0; i < users; i++) {
    sum += Math.exp(UNEQUAL * random.normal());
    upTo[i] = sum;
  }
  return () => {
    const point = random.uniform() * sum;
    let [low, high] = [0, users - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] ?? 0) > point) high = middle;
      else low = middle + 1;
    }
    return [low, everybody[low] as User];
  };
}
