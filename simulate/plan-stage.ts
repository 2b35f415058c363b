/**
 * What will happen in one stage, before anybody knows who is in which arm: for each session how it goes in either. The
 * server's answer to `create` then says which of the two comes true.
 */
import type { ByArm, PopulationShape, VirtualUser } from './population.ts';
import { logNormal, randomOf, shuffle } from './random.ts';

export type PlannedSession = {
  readonly user: VirtualUser;
  readonly fails: ByArm<boolean>;
  /** From stop until the upload is complete. */
  readonly waitMs: ByArm<number>;
};

/** In the order in which they begin, the users' sessions mixed. @param stage counts from 0 */
export function planStage(
  users: readonly VirtualUser[],
  { waitMs, waitSigma }: Pick<PopulationShape, 'waitMs' | 'waitSigma'>,
  seed: number,
  stage: number,
): PlannedSession[] {
  const random = randomOf(seed, stage + 1);
  const planned = users.flatMap((user) =>
    Array.from({ length: user.sessions }, () => ({
      user,
      fails: {
        chunked: random() < user.failureChance.chunked,
        single: random() < user.failureChance.single,
      },
      waitMs: {
        chunked: logNormal(random, waitMs.chunked, waitSigma),
        single: logNormal(random, waitMs.single, waitSigma),
      },
    })),
  );
  return shuffle(planned, random);
}

/**
 * How long a session lives before its upload is complete: the same in both arms. Who waits shorter has talked longer.
 * Otherwise one arm's sessions would end sooner, and in traffic this dense an early look would find only theirs: as many
 * failures as it likes on one side, with nothing wrong.
 */
export function lifeMs({ waitMs }: PlannedSession): number {
  return Math.max(waitMs.chunked, waitMs.single);
}
