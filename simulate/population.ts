/** Who the virtual users are, from a seed: pure, no I/O. */
import type { Strategy } from '../client/src/contract.ts';
import { beta, geometric, randomOf } from './random.ts';

export type ByArm<T> = Readonly<Record<Strategy, T>>;

export type PopulationShape = {
  readonly users: number;
  /** Mean of a stage; geometric, at least one. */
  readonly sessionsPerUser: number;
  /** Share of sessions that fail, of users with ordinary devices. */
  readonly failure: ByArm<number>;
  /** How much users differ in that: the intraclass correlation, 0–1. */
  readonly failureSpread: number;
  readonly badDeviceShare: number;
  /** Share of sessions that fail on a bad device, in either arm. */
  readonly badDeviceFailure: number;
  /** Median wait from stop until the upload is complete. */
  readonly waitMs: ByArm<number>;
  /** Standard deviation of that wait's logarithm. */
  readonly waitSigma: number;
};

export type VirtualUser = {
  readonly id: string;
  readonly device: 'ordinary' | 'bad';
  /** In each stage. */
  readonly sessions: number;
  readonly failureChance: ByArm<number>;
};

/** The first users of a larger population are those of a smaller one of the same seed. */
export function population(shape: PopulationShape, seed: number): VirtualUser[] {
  const random = randomOf(seed, 0);
  return Array.from({ length: shape.users }, (_, index) => {
    const device = random() < shape.badDeviceShare ? 'bad' : 'ordinary';
    const sessions = geometric(random, shape.sessionsPerUser);
    const chance = (mean: number) => beta(random, mean, shape.failureSpread);
    const failureChance =
      device === 'bad'
        ? { chunked: shape.badDeviceFailure, single: shape.badDeviceFailure }
        : { chunked: chance(shape.failure.chunked), single: chance(shape.failure.single) };
    return { id: `sim-${seed}-${index + 1}`, device, sessions, failureChance };
  });
}
