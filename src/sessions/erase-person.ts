/**
 * Erases what a person left: each of their sessions, again and again until nothing new can appear. At first another node
 * may still know the pseudonym, or a request be under way; and the list of sessions comes after the log. So it ends only
 * when the list has told of everything up to a moment at which nobody can have known the pseudonym any more.
 *
 * Killed anywhere it is run again by its job, and finds fewer sessions.
 */
import PQueue from 'p-queue';
import type { EntryList } from './entry-list.ts';
import type { Erasures } from './erasures.ts';
import { pagesOfSessions } from './person-sessions.ts';
import type { Sessions } from './sessions.ts';

export type ErasePersonParts = {
  readonly erasures: Erasures;
  readonly entries: Pick<EntryList, 'sessionsOf'>;
  readonly sessions: Pick<Sessions, 'execute'>;
  /** Milliseconds by which the list of sessions is behind the log; infinite while one of its streams is parked. */
  readonly listLagMs: () => Promise<number>;
  /** Milliseconds after which no node knows the pseudonym any more. */
  readonly settleMs: number;
  /** ISO 8601, UTC. */
  readonly now: () => string;
};

const PAGE = 500;
const AT_ONCE = 8;
/** How long to wait for a list that is behind. */
const BEHIND_MS = 5_000;

/** @returns when to look again, ISO 8601; null when it is finished */
export async function erasePerson(id: string, parts: ErasePersonParts): Promise<string | null> {
  const { erasures, listLagMs, settleMs, now } = parts;
  const [pseudonym, erasure] = await Promise.all([erasures.pseudonymOf(id), erasures.find(id)]);
  if (pseudonym === null || erasure === null) return null;
  // Asked before the look: what is noted while we look is looked at again.
  const knownUpTo = Date.parse(now()) - (await listLagMs());
  await eraseSessionsOf(pseudonym, parts);
  const settled = Date.parse(erasure.requestedAt) + settleMs;
  if (knownUpTo > settled) {
    await erasures.finish(id, now());
    return null;
  }
  return new Date(Math.max(settled + 1, Date.parse(now()) + Math.min(BEHIND_MS, settleMs))).toISOString();
}

async function eraseSessionsOf(
  pseudonym: string,
  { entries, sessions, now }: ErasePersonParts,
): Promise<void> {
  const queue = new PQueue({ concurrency: AT_ONCE });
  for await (const page of pagesOfSessions(entries, pseudonym, PAGE))
    await queue.addAll(
      page.map((sessionId) => () => {
        const metadata = { correlationId: sessionId, actor: `user:${pseudonym}` };
        return sessions.execute(sessionId, () => ({ type: 'EraseSession', now: now() }), metadata);
      }),
    );
}
