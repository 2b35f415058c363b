/** What a consumer does from the moment it leads until it is stopped, or has lost the lead. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumerDefinition } from './consumer-definition.ts';
import { type ConsumerStore, type Lead, LeadLost } from './consumer-store.ts';
import type { EventLog, Position } from './event-log.ts';
import { BatchHandler } from './handle-batch.ts';

export type FollowOptions = {
  readonly log: EventLog;
  readonly store: ConsumerStore;
  /** Told of lost leads, failed handlers and parked streams. */
  readonly onError: (error: unknown, what: string) => void;
  /** Waits before the second, third, … try of a failing event, in ms; after the last its stream is parked. */
  readonly retryDelaysMs?: readonly number[];
  readonly pace?: Pace;
};

/** How hard a consumer goes; asked again and again, so that it may change. */
export type Pace = {
  /** How long to rest after a batch that took `workedMs`, from the batch before to its commit. */
  readonly restMs: (workedMs: number) => number;
  /** How old the checkpoint may get while nothing matches the filter; default 1,000. */
  readonly tidyMs: () => number;
};

const RETRY_DELAYS_MS = [20, 200, 1_000];
/** `tidyMs`: how often requeued streams are looked for, too. */
const UNHURRIED: Pace = { restMs: () => 0, tidyMs: () => 1_000 };
/** Events that gather in a second are fewer; after a stop they come by the thousand. */
const BEHIND_EVENTS = 500;

/** Finishes the batch at hand when `stopped` aborts, and gives the lead back in any case; never rejects. */
export async function followAsLeader(
  definition: ConsumerDefinition,
  options: FollowOptions,
  lead: Lead,
  stopped: AbortSignal,
): Promise<void> {
  try {
    await follow(definition, options, lead, stopped);
  } catch (error) {
    const reason = lead.lost.aborted ? new LeadLost({ cause: error }) : error;
    if (!stopped.aborted) options.onError(reason, `consumer ${definition.name}`);
  } finally {
    await lead.release().catch(() => undefined);
  }
}

async function follow(
  definition: ConsumerDefinition,
  options: FollowOptions,
  lead: Lead,
  stopped: AbortSignal,
): Promise<void> {
  const ended = new AbortController();
  const signal = AbortSignal.any([stopped, lead.lost, ended.signal]);
  const from: Position | 'start' = (await lead.checkpoint()) ?? 'start';
  const retryDelaysMs = options.retryDelaysMs ?? RETRY_DELAYS_MS;
  const handler = await BatchHandler.create({ definition, ...options, retryDelaysMs, lead, signal });
  const inTurn = takingTurns();
  const pace = options.pace ?? UNHURRIED;
  const tidying = tidy(() => inTurn(() => handler.tidy()), pace, signal).catch((error) => {
    ended.abort(error);
    throw error;
  });
  tidying.catch(() => undefined); // it is awaited below, but may reject before
  let began = performance.now();
  try {
    for await (const batch of options.log.subscribe({ from, filter: definition.filter, signal })) {
      const events = batch.events.filter((event) => lead.wants(event));
      await inTurn(() => handler.handle({ events, position: batch.position }));
      const gatherMs = batch.events.length < BEHIND_EVENTS ? (definition.gatherMs ?? 0) : 0;
      await rest(Math.max(gatherMs, pace.restMs(performance.now() - began)), signal);
      began = performance.now();
    }
  } finally {
    ended.abort();
    await tidying;
  }
  if (lead.lost.aborted) throw new LeadLost();
  await handler.saveCheckpoint();
}

async function tidy(action: () => Promise<void>, pace: Pace, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await rest(pace.tidyMs(), signal);
    if (!signal.aborted) await action();
  }
}

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** Batches and replays share the one connection: the next begins when the one before has ended. */
function takingTurns(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
