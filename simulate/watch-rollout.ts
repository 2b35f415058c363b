/** Looks at the rollout once a second while the traffic runs, and tells what is new in its history. */
import { setTimeout as delay } from 'node:timers/promises';
import type { RolloutApi } from './rollout-api.ts';
import type { HistoryItem, Rollout } from './rollout-documents.ts';

const LOOK_MS = 1_000;

export type RolloutWatch = {
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
  let current = first;
  let failing = false;

  const look = async (): Promise<Rollout | null> => {
    try {
      const rollout = await api.rollout();
      for (const item of newSince(current, rollout)) onHistory(item);
      current = rollout;
      failing = false;
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
    end: async () => {
      ended.abort();
      await looking;
      return look();
    },
  };
}

/** Of a history that is cut off at its oldest end; oldest first. */
function newSince(before: Rollout, after: Rollout): HistoryItem[] {
  const known = new Set(before.history.map(keyOf));
  return after.history.filter((item) => !known.has(keyOf(item))).reverse();
}

function keyOf({ at, type, text }: HistoryItem): string {
  return `${at} ${type} ${text}`;
}
