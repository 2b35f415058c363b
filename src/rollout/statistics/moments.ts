/**
 * Running sums over the *users* of one arm in one stage, of the logarithms of their sessions' times: what the mean and
 * its error need when the sessions of one user are alike (a cluster). N is a user's number of sessions, S their sum.
 *
 * A user who comes back in the next stage makes the two stages' means go up and down together. So the products with what
 * the same user did in other stages are summed too (`links`), each where it arose: added up from both ends they are the
 * whole sum, in whatever order the sessions end. Without them an interval over several stages is too narrow.
 */
import type { Arm } from './bucket.ts';

/** One user's sessions in one arm of one stage. */
export type UserSums = { readonly n: number; readonly sum: number };

/** The same user's sums in another stage. */
export type Elsewhere = UserSums & { readonly stage: number; readonly arm: Arm };

/** Sums of products over users: N·N′, N·S′, S·N′, S·S′; the first factor belongs to the cell that holds it. */
export type Products = {
  readonly nn: number;
  readonly ns: number;
  readonly sn: number;
  readonly ss: number;
};

export type Moments = {
  readonly users: number;
  /** ΣN */
  readonly n: number;
  /** ΣS */
  readonly sum: number;
  /** ΣN², ΣN·S, ΣS² */
  readonly nn: number;
  readonly ns: number;
  readonly ss: number;
  readonly links: Readonly<Record<string, Products>>;
};

export const NO_MOMENTS: Moments = { users: 0, n: 0, sum: 0, nn: 0, ns: 0, ss: 0, links: {} };

const NO_PRODUCTS: Products = { nn: 0, ns: 0, sn: 0, ss: 0 };

/**
 * @param before the user's sums here, `{ n: 0, sum: 0 }` at their first session; `after` is to be kept for the next
 * @param logMs natural logarithm of the time; what is no finite number is left out
 * @param elsewhere the user's sums in the other stages that are compared together with this one
 */
export function addSession(
  moments: Moments,
  before: UserSums,
  logMs: number,
  elsewhere: readonly Elsewhere[],
): { moments: Moments; after: UserSums } {
  if (!Number.isFinite(logMs)) return { moments, after: before };
  const after = { n: before.n + 1, sum: before.sum + logMs };
  const links: Record<string, Products> = { ...moments.links };
  for (const { stage, arm, n, sum } of elsewhere) {
    const key = linkTo(stage, arm);
    const { nn, ns, sn, ss } = links[key] ?? NO_PRODUCTS;
    links[key] = { nn: nn + n, ns: ns + sum, sn: sn + logMs * n, ss: ss + logMs * sum };
  }
  return {
    after,
    moments: {
      users: moments.users + (before.n === 0 ? 1 : 0),
      n: moments.n + 1,
      sum: moments.sum + logMs,
      nn: moments.nn + after.n ** 2 - before.n ** 2,
      ns: moments.ns + after.n * after.sum - before.n * before.sum,
      ss: moments.ss + after.sum ** 2 - before.sum ** 2,
      links,
    },
  };
}

export function linkTo(stage: number, arm: Arm): string {
  return `${stage}/${arm}`;
}
