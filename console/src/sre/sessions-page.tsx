/** The sessions, newest first, as the filters in the address say. */
import type { ConsoleSignIn } from '../console/console-sign-in.ts';
import { Link } from '../console/link.tsx';
import { addresses } from '../console/route.ts';
import { FilterChips } from './filter-chips.tsx';
import { LoadMore } from './load-more.tsx';
import { LookedUp } from './looked-up.tsx';
import { REFRESHED } from './paged-list.ts';
import { ALL_SESSIONS, type SessionFilters, searchOf } from './session-filters.ts';
import { SessionSearch } from './session-search.tsx';
import { SessionTable } from './session-table.tsx';
import type { SreParts } from './sre-parts.ts';
import { words } from './words.ts';

export type SessionsPageProps = {
  readonly filters: SessionFilters;
  readonly signIn: ConsoleSignIn;
  readonly sre: SreParts;
};

export function SessionsPage({ filters, signIn, sre }: SessionsPageProps) {
  const list = sre.sessions(filters);
  const { explained, stuckHint, deadHint, shown, asLoaded } = words.sessions;
  return (
    <>
      <p className="quiet">{explained}</p>
      <SessionSearch />
      <div>
        <FilterChips filters={filters} />
        {filters.stuck && <p className="small quiet">{stuckHint}</p>}
        {filters.dead && <p className="small quiet">{deadHint}</p>}
      </div>
      <LookedUp source={list} signIn={signIn}>
        {({ rows, next }) =>
          rows.length === 0 ? (
            <NoSessions filters={filters} />
          ) : (
            <section className="card list" aria-label={words.sessions.title}>
              <SessionTable rows={rows} />
              <p className="small quiet">
                {shown(rows.length, next === null)} {rows.length > REFRESHED && asLoaded(REFRESHED)}
              </p>
              {next !== null && <LoadMore more={list.more} />}
            </section>
          )
        }
      </LookedUp>
    </>
  );
}

function NoSessions({ filters }: { readonly filters: SessionFilters }) {
  return (
    <section className="card empty-list">
      <p>
        <strong>{emptyText(filters)}</strong>
      </p>
      {isFiltered(filters) && <Link href={addresses.sessions(ALL_SESSIONS)}>{words.sessions.all}</Link>}
    </section>
  );
}

/** It is good only of what the filters let through all that would be bad. */
function emptyText(filters: SessionFilters): string {
  const { state, stuck, dead } = filters;
  const { empty } = words.sessions;
  // What ended is never stuck.
  const mayBeStuck = state === null || state === 'recording' || state === 'processing';
  if (stuck && !dead && mayBeStuck) return empty.stuck;
  if (dead && !stuck && state === null) return empty.dead;
  if (state === 'failed' && !stuck && !dead) return empty.failed;
  return isFiltered(filters) ? empty.filtered : empty.none;
}

const isFiltered = (filters: SessionFilters) => searchOf(filters).toString() !== '';
