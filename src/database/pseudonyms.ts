import { LRUCache } from 'lru-cache';
import type { Sql } from '../eventlog/sql.ts';
import { PSEUDONYM_REMEMBERED_MS, type Pseudonyms } from '../sessions/pseudonyms.ts';

const FIND = 'select pseudonym from people where subject = $1';
/** The update that changes nothing makes the row come back when another node was first. */
const FIND_OR_MAKE = `insert into people (subject, pseudonym) values ($1, gen_random_uuid())
  on conflict (subject) do update set subject = excluded.subject returning pseudonym`;

const REMEMBERED = 10_000;

/** Pseudonyms in the table `people`; the last ten thousand are remembered for a while, so that a request
 * mostly costs no query. */
export function postgresPseudonyms(sql: Sql): Pseudonyms {
  const known = new LRUCache<string, string>({ max: REMEMBERED, ttl: PSEUDONYM_REMEMBERED_MS });

  async function ask(subject: string): Promise<string> {
    const found = await sql.query<{ pseudonym: string }>(FIND, [subject]);
    const { pseudonym } =
      found.rows[0] ?? (await sql.query<{ pseudonym: string }>(FIND_OR_MAKE, [subject])).rows[0] ?? {};
    if (pseudonym === undefined) throw new Error('the pseudonym could not be made');
    known.set(subject, pseudonym);
    return pseudonym;
  }

  return {
    of: async (subject) => known.get(subject) ?? ask(subject),
    current: ask,
    forget: (subject) => void known.delete(subject),
  };
}
