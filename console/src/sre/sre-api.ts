/** The endpoints of `/admin` as functions; role `sre`. See requests.ts for how they fail. */
import type { Requests } from '../console/requests.ts';
import type {
  ConsumersAnswer,
  DeadLettersAnswer,
  NodesAnswer,
  ProjectionsAnswer,
  ProviderAnswer,
  RebuildAnswer,
  RequeuedAnswer,
  SessionsAnswer,
  Timeline,
} from './admin-types.ts';
import { type SessionFilters, searchOf } from './session-filters.ts';

/** How much of a list to send. */
export type Slice = { readonly limit: number; readonly before?: string };

export interface SreApi {
  sessions(filters: SessionFilters, slice: Slice): Promise<SessionsAnswer>;
  timeline(sessionId: string): Promise<Timeline>;
  requeueSession(sessionId: string): Promise<RequeuedAnswer>;
  consumers(): Promise<ConsumersAnswer>;
  /** As the node that answers sees it. */
  provider(): Promise<ProviderAnswer>;
  nodes(): Promise<NodesAnswer>;
  projections(): Promise<ProjectionsAnswer>;
  /** While it is being built, the same again. */
  rebuild(projection: string): Promise<RebuildAnswer>;
  cancelRebuild(projection: string): Promise<RebuildAnswer>;
  deadLetters(slice: Slice): Promise<DeadLettersAnswer>;
  requeueDeadLetter(id: string): Promise<RequeuedAnswer>;
  /** Up to 200 sessions, and every parked stream. */
  requeueAll(): Promise<RequeuedAnswer>;
}

/** Two hundred commands, one after the other. */
const REQUEUE_ALL_MS = 120_000;

export function createSreApi({ request }: Requests): SreApi {
  const post = { method: 'POST' } as const;
  const session = (id: string, rest: string) => `/admin/sessions/${encodeURIComponent(id)}${rest}`;
  const rebuildOf = (name: string) => `/admin/projections/${encodeURIComponent(name)}/rebuild`;
  return {
    sessions(filters, slice) {
      const query = searchOf(filters);
      for (const [name, value] of sliceParameters(slice)) query.set(name, value);
      return request(`/admin/sessions?${query}`);
    },
    timeline: (id) => request(session(id, '/timeline')),
    requeueSession: (id) => request(session(id, '/requeue'), post),
    consumers: () => request('/admin/consumers'),
    provider: () => request('/admin/provider'),
    nodes: () => request('/admin/nodes'),
    projections: () => request('/admin/projections'),
    rebuild: (name) => request(rebuildOf(name), post),
    cancelRebuild: (name) => request(rebuildOf(name), { method: 'DELETE' }),
    deadLetters: (slice) => request(`/admin/dead-letters?${sliceParameters(slice)}`),
    requeueDeadLetter: (id) => request(`/admin/dead-letters/${encodeURIComponent(id)}/requeue`, post),
    requeueAll: () => request('/admin/dead-letters/requeue', { ...post, timeoutMs: REQUEUE_ALL_MS }),
  };
}

function sliceParameters({ limit, before }: Slice): URLSearchParams {
  const query = new URLSearchParams({ limit: String(limit) });
  if (before !== undefined) query.set('before', before);
  return query;
}
