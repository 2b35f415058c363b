/** Which sessions are listed: in the page's address as in the request. */
import type { ArmName } from '../console/api-types.ts';
import { SESSION_STATES, type SessionState } from './admin-types.ts';

export type SessionFilters = {
  readonly state: SessionState | null;
  readonly variant: ArmName | null;
  /** Only unfinished ones past their deadline. */
  readonly stuck: boolean;
  /** Only those with a step that was given up. */
  readonly dead: boolean;
};

export const ALL_SESSIONS: SessionFilters = { state: null, variant: null, stuck: false, dead: false };
export const ARMS: readonly ArmName[] = ['chunked', 'single'];

/** What is not known is left out: an old link still shows a list. */
export function filtersOf(search: URLSearchParams): SessionFilters {
  return {
    state: SESSION_STATES.find((state) => state === search.get('state')) ?? null,
    variant: ARMS.find((arm) => arm === search.get('variant')) ?? null,
    stuck: search.get('stuck') === 'true',
    dead: search.get('dead') === 'true',
  };
}

export function searchOf({ state, variant, stuck, dead }: SessionFilters): URLSearchParams {
  const search = new URLSearchParams();
  if (state !== null) search.set('state', state);
  if (variant !== null) search.set('variant', variant);
  if (stuck) search.set('stuck', 'true');
  if (dead) search.set('dead', 'true');
  return search;
}
