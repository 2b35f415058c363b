/** Looks at the rollout once a second while the traffic runs, and tells what is new in its history. */
import { setTimeout as delay } from 'node:timers/promises';
import type { RolloutApi } from './rollout-api.ts';
import type { HistoryItem, Rollout } from './rollout-documents.ts';

const LOOK_MS = 1_000;

export type RolloutWatch = {
  /** Looks at once; null when that failed. */
  look(): Promise<Rollout | null>;
  /** Ends it with one more look; null when that failed. */
  end(): Promise<Rollout | null>;
};

export type Watcher = {
  /** Oldest first. */
  readonly onHistory: (item: HistoryItem) => void;
  /** A look failed; told once until one succeeds. */
  readonly onError: (error: unknown) => void;
};

export function watchRollout(
  api: Pick<RolloutApi, 'rollout'>,
  first: Rollout,
  { onHistory, onError }: Watcher,
  everyMs = LOOK_MS,
): RolloutWatch {
  const ended = new AbortController();
  const told = new Set(first.history.map(keyOf));
  let failing = false;

  const look = async (): Promise<Rollout | null> => {
    try {
      const rollout = await api.rollout();
      failing = false;
      for (const item of rollout.history.toReversed()) {
        if (told.has(keyOf(item))) continue;
        told.add(keyOf(item));
        onHistory(item);
      }
      return rollout;
    } catch (error) {
      if (!failing) onError(error);
      failing = true;
      return null;
    }
  };
  const looking = (async () => {
    for (;;) {
      await delay(everyMs, undefined, { signal: ended.signal }).catch(() => undefined);
      if (ended.signal.aborted) return;
      await look();
    }
  })();
  return {
    look,
    end: async () => {
      ended.abort();
      await looking;
      return look();
    },
  };
}

function keyOf({ at, type, text }: HistoryItem): string {
  return `${at} ${type} ${text}`;
}
