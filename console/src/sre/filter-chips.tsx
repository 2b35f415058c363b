import type { ReactNode } from 'react';
import { Link } from '../console/link.tsx';
import { addresses } from '../console/route.ts';
import { SESSION_STATES } from './admin-types.ts';
import { ARMS, type SessionFilters } from './session-filters.ts';
import { words } from './words.ts';

/** Each filter is a link to the list it makes: it can be opened apart, sent to somebody, and undone by going back. */
export function FilterChips({ filters }: { readonly filters: SessionFilters }) {
  const { filters: label, anyState, anyArm, stuck, dead } = words.sessions;
  const chip = (change: Partial<SessionFilters>, isOn: boolean, text: ReactNode) => (
    <li key={String(text)}>
      <Link className="chip" href={addresses.sessions({ ...filters, ...change })} current={isOn && 'true'}>
        {text}
      </Link>
    </li>
  );
  return (
    <nav className="chips" aria-label={label}>
      <ul>
        {chip({ stuck: !filters.stuck }, filters.stuck, stuck)}
        {chip({ dead: !filters.dead }, filters.dead, dead)}
      </ul>
      <ul>
        {chip({ state: null }, filters.state === null, anyState)}
        {SESSION_STATES.map((state) => chip({ state }, filters.state === state, words.states[state]))}
      </ul>
      <ul>
        {chip({ variant: null }, filters.variant === null, anyArm)}
        {ARMS.map((variant) => chip({ variant }, filters.variant === variant, words.arms[variant]))}
      </ul>
    </nav>
  );
}
