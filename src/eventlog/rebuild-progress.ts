import type { Read } from './projection-store.ts';

export type RebuildProgress = {
  readonly eventsDone: number;
  readonly eventsTotal: number;
  /** 0–100, one decimal. */
  readonly percent: number;
  /** When it will have caught up if it goes on as it has gone until now; null while that cannot be known. ISO 8601. */
  readonly eta: string | null;
};

/** @param since when it was begun, @param now both ISO 8601. */
export function rebuildProgress({ done, total }: Read, since: string, now: string): RebuildProgress {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const tookMs = Date.parse(now) - Date.parse(since);
  const leftMs = (tookMs / share) * (1 - share);
  const isKnown = done > 0 && tookMs > 0;
  return {
    eventsDone: done,
    eventsTotal: total,
    percent: Math.floor(share * 1000) / 10,
    eta: isKnown ? new Date(Date.parse(now) + leftMs).toISOString() : null,
  };
}
