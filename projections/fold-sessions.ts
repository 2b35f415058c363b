import type { Write } from '../src/eventlog/consumer.ts';
import type { RecordedEvent } from '../src/eventlog/event-log.ts';
import type { RecordingEvent } from '../src/recording/events.ts';
import { sessionIdOf } from '../src/sessions/sessions.ts';
import { upcast } from '../src/sessions/upcast.ts';

/** A projection with one row a session. $1 is the generation in each query. */
export type SessionRows<Row> = {
  /** The row after `event`; null when there is none (any more). */
  readonly evolve: (row: Row | null, event: RecordingEvent) => Row | null;
  /** $2 session ids; gives `sessionId` and `row`. */
  readonly load: string;
  /** $2 a JSON array of `{sessionId, row}`. */
  readonly save: string;
  /** $2 session ids. */
  readonly remove: string;
};

/** A batch loads the rows of its sessions, folds them in memory, and writes what has changed: three queries at most. */
export function foldSessions<Row>(
  generation: number,
  events: readonly RecordedEvent[],
  { evolve, load, save, remove }: SessionRows<Row>,
): Write {
  return async (transaction) => {
    const ids = [...new Set(events.map(sessionIdOf))].filter((id) => id !== null);
    const { rows } = await transaction.query<{ sessionId: string; row: Row }>(load, [generation, ids]);
    const before = new Map<string, Row | null>(rows.map(({ sessionId, row }) => [sessionId, row]));
    const states = new Map(before);
    for (const event of events) {
      const sessionId = sessionIdOf(event);
      if (sessionId !== null) states.set(sessionId, evolve(states.get(sessionId) ?? null, upcast(event)));
    }
    const changed = [...states].filter(([sessionId, row]) => row !== (before.get(sessionId) ?? null));
    const kept = changed.flatMap(([sessionId, row]) => (row === null ? [] : [{ sessionId, row }]));
    const gone = changed.flatMap(([sessionId, row]) => (row === null ? [sessionId] : []));
    if (kept.length > 0) await transaction.query(save, [generation, JSON.stringify(kept)]);
    if (gone.length > 0) await transaction.query(remove, [generation, gone]);
  };
}
