/** Which of a flag's strategies are ours. The application and the sync look with the same eyes. */
import { CHUNKED_UPLOAD } from '../flags.ts';
import type { Role } from './definition.ts';

/** What Unleash's admin API and its client API have in common. */
export type StrategyLike = {
  readonly name: string;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly segments?: readonly number[] | undefined;
  readonly variants?: readonly { readonly name: string }[] | undefined;
  /** Of the admin API; the client's has only those that are on. */
  readonly disabled?: boolean | null | undefined;
};

/**
 * The strategy that moves with the rollout: a gradual one whose variant is `chunked`; failing that, one for everybody
 * in the flag's own group (as Unleash's page makes them). One that is switched off only if there is no other.
 */
export function rolloutStrategy<Each extends StrategyLike>(strategies: readonly Each[]): Each | null {
  const gradual = strategies.filter((each) => each.name === 'flexibleRollout' && !has(each, 'internal'));
  const named = gradual.filter((each) => has(each, 'chunked'));
  const grouped = gradual.filter(
    (each) => each.parameters?.groupId === CHUNKED_UPLOAD && (each.segments ?? []).length === 0,
  );
  return onFirst([...named, ...grouped]);
}

/** The strategy of the internal developers: its variant is `internal`. */
export function internalStrategy<Each extends StrategyLike>(strategies: readonly Each[]): Each | null {
  return onFirst(strategies.filter((each) => each.name === 'flexibleRollout' && has(each, 'internal')));
}

/** 0–100; null when it cannot be read. */
export function percentOf(strategy: StrategyLike): number | null {
  const rollout = strategy.parameters?.rollout;
  const percent = typeof rollout === 'string' && rollout.trim() !== '' ? Number(rollout) : rollout;
  return typeof percent === 'number' && percent >= 0 && percent <= 100 ? percent : null;
}

const has = (strategy: StrategyLike, variant: Role) =>
  strategy.variants?.some(({ name }) => name === variant) ?? false;

function onFirst<Each extends StrategyLike>(strategies: readonly Each[]): Each | null {
  return strategies.find((each) => each.disabled !== true) ?? strategies[0] ?? null;
}
