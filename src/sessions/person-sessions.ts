import type { EntryList } from './entry-list.ts';

/** Ids of all sessions of a person, so many at a time, each page asked for when the one before is done with. */
export async function* pagesOfSessions(
  entries: Pick<EntryList, 'sessionsOf'>,
  userId: string,
  limit: number,
): AsyncGenerator<readonly string[]> {
  let after: string | null = null;
  do {
    const page: readonly string[] = await entries.sessionsOf(userId, { limit, after });
    if (page.length > 0) yield page;
    after = page.at(-1) ?? null;
  } while (after !== null);
}
