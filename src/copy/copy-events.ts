/**
 * Copies a log, in its order, into another store; and follows it while it grows.
 *
 *   finding the place ──the target's newest event is one of ours──▶ behind that event
 *                     ──the target is empty──▶ at the start
 *                     ──it is another's──▶ refused
 *   copying ──a run of one stream's events──▶ appended, and answered ──▶ the next
 *   copying ──the end that was asked for──▶ done;  without one: waiting for more, until it is stopped
 *
 * One append is under way at a time, so the target's order is the source's: what is in it is always the beginning of the
 * source's log, up to its newest event. That is all that is remembered of how far it is. After a kill −9 it is asked for
 * again; what was sent and not answered is there by then, or is sent once more with the same ids, which does nothing.
 */
import { setTimeout as delay } from 'node:timers/promises';
import {
  EventLogUnavailable,
  InvalidAppend,
  type Position,
  WrongExpectedVersion,
} from '../eventlog/event-log.ts';
import type { CopySource, CopyTarget, PlacedEvent } from '../eventlog/log-copy.ts';
import { withId } from './copied-event.ts';
import { CopyError, holdsAnotherLog, takesNoEvents } from './copy-error.ts';
import { type RunBounds, runsOf } from './runs.ts';

const RUN: RunBounds = { mostEvents: 500, mostBytes: 512 * 1024 };

export type Logs = { readonly source: CopySource; readonly target: CopyTarget };

export type CopyOptions = {
  /** Of the last event to be copied; null: none. Without, it follows the log until it is stopped. */
  readonly until?: Position | null;
  /** Ends it between two appends. */
  readonly signal: AbortSignal;
  /** Events a second at most; default, as fast as it goes. */
  readonly rate?: number;
  /** Events read at once. */
  readonly batchSize: number;
  /** Told after each append how many events this call has copied, and up to where. */
  readonly onCopied: (copied: number, reached: Position) => void;
};

/** Where a copy goes on: behind the newest event of the target; null: at the start. @throws CopyError */
export async function reachedBy({ source, target }: Logs): Promise<Position | null> {
  const newest = await target.newest().catch(refused);
  if (newest === null) return null;
  const [recorded] = await source.log.read(newest.stream, newest.version);
  if (recorded === undefined) throw holdsAnotherLog(newest, 'is an event that this log does not have');
  if (withId(recorded).id !== newest.id) throw holdsAnotherLog(newest, 'is another event than in this log');
  return recorded.position;
}

/** Resolves to where it has come; null: nothing is there to be copied. @throws CopyError, EventLogUnavailable */
export async function copyEvents(logs: Logs, options: CopyOptions): Promise<Position | null> {
  const { source, target } = logs;
  const { until, signal, rate, batchSize, onCopied } = options;
  let reached = await reachedBy(logs);
  const isDone = () => until !== undefined && !source.isBefore(reached, until);
  if (isDone()) return reached;
  const began = performance.now();
  let copied = 0;
  for await (const { events } of source.log.subscribe({ from: reached ?? 'start', signal, batchSize })) {
    for (const run of runsOf(events.map(withId), RUN)) {
      if (signal.aborted) return reached;
      await append(target, run);
      copied += run.length;
      reached = run.at(-1)?.position ?? reached;
      if (reached !== null) onCopied(copied, reached);
      if (isDone()) return reached;
      const pause = pauseMs(copied, performance.now() - began, rate);
      if (pause > 0) await delay(pause, undefined, { signal }).catch(() => undefined);
    }
  }
  return reached;
}

/** How long to wait so that no more than `rate` events a second were copied, in milliseconds; at most a second. */
export function pauseMs(copied: number, elapsedMs: number, rate = Number.POSITIVE_INFINITY): number {
  return Math.max(0, Math.min(1_000, (copied / rate) * 1_000 - elapsedMs));
}

async function append(target: CopyTarget, run: readonly PlacedEvent[]): Promise<void> {
  try {
    await target.append(run);
  } catch (error) {
    if (!(error instanceof WrongExpectedVersion)) refused(error);
    // A copy that was killed may have cut its last run otherwise: one by one, what is there already is known again.
    for (const event of run) await target.append([event]).catch((refusal) => refuse(event, refusal));
  }
}

function refuse(event: PlacedEvent, error: unknown): never {
  if (error instanceof WrongExpectedVersion)
    throw holdsAnotherLog(
      event,
      error.actual < event.version - 1 ? 'events are missing' : 'is another event',
    );
  refused(error);
}

function refused(error: unknown): never {
  if (error instanceof EventLogUnavailable) throw takesNoEvents(error);
  if (error instanceof InvalidAppend)
    throw new CopyError(
      'target_refuses_event',
      `KurrentDB does not take an event of the log: ${error.message}`,
      {
        cause: error,
      },
    );
  throw error;
}
