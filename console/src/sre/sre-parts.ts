/** What the SRE pages stand on, made once (`main.tsx`). */
import type { RolloutAnswer } from '../console/api-types.ts';
import type { DeadLetter, SessionRow } from './admin-types.ts';
import { createPagedList, type PagedList } from './paged-list.ts';
import { type SessionFilters, searchOf } from './session-filters.ts';
import type { SreApi } from './sre-api.ts';
import type { Tab } from './tab.ts';

export type SreParts = {
  readonly api: SreApi;
  readonly tab: Tab;
  /** Of the rollout, for the header. @throws ApiError */
  readonly links: () => Promise<RolloutAnswer['links']>;
  /** The list of these filters; the one looked at last is there again, with all its pages, for who comes back to it. */
  readonly sessions: (filters: SessionFilters) => PagedList<SessionRow>;
  readonly deadLetters: PagedList<DeadLetter>;
};

export type SrePartsNeeds = Pick<SreParts, 'api' | 'tab' | 'links'>;

export function createSreParts({ api, tab, links }: SrePartsNeeds): SreParts {
  let last: { readonly search: string; readonly list: PagedList<SessionRow> } | null = null;
  return {
    api,
    tab,
    links,
    sessions(filters) {
      const search = searchOf(filters).toString();
      if (last?.search !== search) {
        const list = createPagedList<SessionRow>({
          async page(slice) {
            const { sessions, next } = await api.sessions(filters, slice);
            return { rows: sessions, next };
          },
          idOf: ({ sessionId }) => sessionId,
          tab,
        });
        last = { search, list };
      }
      return last.list;
    },
    deadLetters: createPagedList<DeadLetter>({
      async page(slice) {
        const { deadLetters, next } = await api.deadLetters(slice);
        return { rows: deadLetters, next };
      },
      idOf: ({ id }) => id,
      tab,
    }),
  };
}
