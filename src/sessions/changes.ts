/**
 * Wakes whoever waits for news of a session: one live subscription to the log per node, shared by all its SSE
 * connections. What a listener then reads is the stream itself, so a lost wake-up costs time, never truth.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { EventLog } from '../eventlog/event-log.ts';
import { recordingStream } from '../recording/events.ts';
import { sessionIdOf } from './sessions.ts';

export interface SessionChanges {
  /** Calls `listener` after each change of the session, until the returned function is called. */
  listen(sessionId: string, listener: Listener): () => void;
  /** Calls `listener` after each change of any session, whichever node made it; what happens while the log is away it misses. */
  listenToAll(listener: (sessionId: string, types: ReadonlySet<string>) => void): void;
  close(): Promise<void>;
}

/** Is given what happened, by its types; null when that is not known. */
export type Listener = (types: ReadonlySet<string> | null) => void;

const RESUBSCRIBE_MS = 1_000;

export function watchSessionChanges(log: EventLog, onError: (error: unknown) => void): SessionChanges {
  const listeners = new Map<string, Set<Listener>>();
  const listenersToAll: Parameters<SessionChanges['listenToAll']>[0][] = [];
  const stopped = new AbortController();

  async function follow(): Promise<void> {
    const filter = { streamPrefix: recordingStream('') };
    for await (const batch of log.subscribe({ from: 'end', filter, signal: stopped.signal })) {
      for (const [sessionId, events] of Map.groupBy(batch.events, sessionIdOf)) {
        if (sessionId === null) continue;
        const types = new Set(events.map(({ type }) => type));
        for (const listener of listenersToAll) listener(sessionId, types);
        for (const listener of listeners.get(sessionId) ?? []) listener(types);
      }
    }
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        await follow();
      } catch (error) {
        onError(error);
        await delay(RESUBSCRIBE_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
        // Events may have passed while we were away: everybody looks once.
        for (const group of listeners.values()) for (const listener of group) listener(null);
      }
    }
  }
  const running = run();

  return {
    listen(sessionId, listener) {
      const group = listeners.get(sessionId) ?? new Set();
      group.add(listener);
      listeners.set(sessionId, group);
      return () => {
        group.delete(listener);
        if (group.size === 0 && listeners.get(sessionId) === group) listeners.delete(sessionId);
      };
    },
    listenToAll: (listener) => void listenersToAll.push(listener),
    async close() {
      stopped.abort();
      await running;
    },
  };
}
