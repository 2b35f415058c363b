/** A rollback that happened while the traffic ran: after how much of it. Pure. */
import type { HistoryItem } from './rollout-documents.ts';
import { isInExperiment, type SessionRecord } from './session-record.ts';

export type Rollback = {
  /** ISO 8601, by the server's clock. */
  readonly at: string;
  readonly by: string;
  readonly reason: string | null;
  /** Since the run began. */
  readonly afterSeconds: number;
  /** Of the experiment, seen to have ended before. */
  readonly chunkedSessions: number;
  readonly chunkedFailed: number;
  /** From the guardrail's word until the flag server had it; null when either is not in the history. */
  readonly inForceMs: number | null;
};

/** @param history what is new in it, oldest first @param startedAt milliseconds since 1970 */
export function firstRollback(
  history: readonly HistoryItem[],
  records: readonly SessionRecord[],
  startedAt: number,
): Rollback | null {
  const index = history.findIndex(({ type }) => type === 'RolledBack');
  const item = history[index];
  if (item === undefined) return null;
  const at = Date.parse(item.at);
  const chunked = records.filter(
    (record) =>
      record.arm === 'chunked' && isInExperiment(record) && record.end !== null && record.end.at <= at,
  );
  return {
    at: item.at,
    by: item.by,
    reason: item.reason,
    afterSeconds: (at - startedAt) / 1000,
    chunkedSessions: chunked.length,
    chunkedFailed: chunked.filter(({ end }) => end?.state === 'failed').length,
    inForceMs: inForceMs(history, index),
  };
}

function inForceMs(history: readonly HistoryItem[], rollback: number): number | null {
  const spoken = history.slice(0, rollback).findLast(({ type }) => type === 'GuardrailBreached');
  const synced = history.slice(rollback).find(({ type }) => type === 'FlagSynced');
  return spoken && synced ? Date.parse(synced.at) - Date.parse(spoken.at) : null;
}
