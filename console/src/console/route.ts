/** The console's addresses: which page one names, and back. Pure. */
import { filtersOf, type SessionFilters, searchOf } from '../sre/session-filters.ts';

export const KNOWN_FLAG = 'chunked-upload';

export type Route =
  | { readonly page: 'rollout'; readonly flag: string }
  | { readonly page: 'sessions'; readonly filters: SessionFilters }
  | { readonly page: 'session'; readonly sessionId: string }
  | { readonly page: 'dead-letters' }
  | { readonly page: 'consumers' }
  | { readonly page: 'provider' }
  | { readonly page: 'nowhere' };

/** @param address a path with its query: `/console/sessions?stuck=true` */
export function routeOf(address: string): Route {
  const { pathname, searchParams } = new URL(address, 'http://console');
  const [, , page = '', id = '', ...rest] = pathname.replace(/\/+$/, '').split('/');
  if (page === '') return { page: 'rollout', flag: searchParams.get('flag')?.trim() || KNOWN_FLAG };
  if (page === 'sessions' && rest.length === 0) {
    return id === ''
      ? { page, filters: filtersOf(searchParams) }
      : { page: 'session', sessionId: decoded(id) };
  }
  if ((page === 'dead-letters' || page === 'consumers' || page === 'provider') && id === '') return { page };
  return { page: 'nowhere' };
}

export const addresses = {
  rollout: (flag: string) => (flag === KNOWN_FLAG ? '/console' : `/console?flag=${encodeURIComponent(flag)}`),
  sessions(filters: SessionFilters): string {
    const search = searchOf(filters).toString();
    return `/console/sessions${search === '' ? '' : `?${search}`}`;
  },
  session: (sessionId: string) => `/console/sessions/${encodeURIComponent(sessionId)}`,
  deadLetters: '/console/dead-letters',
  consumers: '/console/consumers',
  provider: '/console/provider',
} as const;

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
