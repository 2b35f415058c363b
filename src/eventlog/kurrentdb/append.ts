/**
 * One append, until it is known what became of it.
 *
 *   sent ──written, or refused──▶ done
 *   sent ──not the leader, not ready, connection lost, no answer──▶ waiting ──▶ sent again, the events with the same ids
 *   waiting ──patience is over──▶ unknown: `EventLogUnavailable`
 *
 * An append that says at which version it expects the stream can be sent again as often as need be: KurrentDB finds its
 * events by their ids at that place and answers as it did, or would have. One that takes any version is recognised only by
 * the process that wrote it, for a while; so once it is not known what became of it, it is looked for in the stream, and if
 * it isn't there it is sent for exactly the version that was seen.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type EventData, isCommandError, jsonEvent } from '@kurrent/kurrentdb-client';
import { type AppendResult, EventLogUnavailable, type ExpectedVersion, type NewEvent } from '../event-log.ts';
import type { PreparedEvent } from '../prepare-append.ts';
import type { Clients } from './clients.ts';
import { inTime, NoAnswer, refusalOf, wasSentElsewhere } from './errors.ts';
import { lastEvents } from './read.ts';

export type AppendTimes = {
  /** So long one try may take. */
  readonly tryMs: number;
  /** So long it is tried again. */
  readonly patienceMs: number;
};

export type Sent = {
  readonly stream: string;
  readonly expected: ExpectedVersion;
  readonly events: readonly NewEvent[];
  /** The same, as text. */
  readonly prepared: readonly PreparedEvent[];
  /** UUIDs of the events; default, new ones. */
  readonly ids?: readonly string[];
};

type StreamState = 'any' | 'no_stream' | bigint;

const utf8 = new TextEncoder();
/** The client takes metadata as bytes, too; what it makes of an object goes by way of base64, there and back. */
const bytesOf = (text: string) => utf8.encode(text);

/** Waits before it is sent again; the last for as long as patience lasts. */
const AGAIN_MS = [50, 100, 200, 400, 800] as const;
/** So many of a stream's last events are looked at for those that were sent. */
const LOOK_BACK = 500;

/** @throws WrongExpectedVersion, InvalidAppend, EventLogUnavailable as the port has them */
export async function append(
  clients: Clients,
  { stream, expected, events, prepared, ids = [] }: Sent,
  times: AppendTimes,
): Promise<AppendResult> {
  const giveUpAt = performance.now() + times.patienceMs;
  const sent = events.map(({ type, data }, index) =>
    jsonEvent({
      id: ids[index] ?? randomUUID(),
      type,
      data,
      metadata: bytesOf(prepared[index]?.metadata ?? ''),
    }),
  );
  let state: StreamState = expected === 'none' ? 'no_stream' : expected === 'any' ? 'any' : BigInt(expected);
  let mayBeWritten = false;
  for (let tries = 0; ; tries++) {
    try {
      return await send(clients, stream, sent, state, times.tryMs);
    } catch (error) {
      const refusal = refusalOf(error, stream, expected);
      // Of an append that takes any version, one that was seen a moment ago may have been passed by now.
      const isOurOwnGuess = expected === 'any' && state !== 'any' && isWrongVersion(refusal);
      if (refusal !== null && !isOurOwnGuess) throw refusal;
      mayBeWritten ||= !wasSentElsewhere(error) && !isOurOwnGuess;
      if (performance.now() > giveUpAt) throw unknownWhetherWritten(error);
      if (!isOurOwnGuess) await delay(AGAIN_MS[tries] ?? AGAIN_MS[4]);
      if (expected !== 'any' || !mayBeWritten) continue;
    }
    const found = await lookAtLast(clients, stream, sent, times, giveUpAt);
    if (found.written !== null) return { version: found.written };
    state = found.last;
  }
}

async function send(
  clients: Clients,
  stream: string,
  events: EventData[],
  streamState: StreamState,
  tryMs: number,
): Promise<AppendResult> {
  const client = clients.of('append');
  try {
    const options = { streamState, requiresLeader: true, deadline: tryMs };
    const { nextExpectedRevision } = await inTime(
      () => client.appendToStream(stream, events, options),
      tryMs,
    );
    return { version: Number(nextExpectedRevision) };
  } catch (error) {
    // What is none of its own errors befell it while it asked what the server can; it would not ask again.
    if (error instanceof NoAnswer || (error instanceof Error && !isCommandError(error)))
      clients.drop('append', client);
    throw error;
  }
}

type Look = {
  /** Version of the last event sent, when they are there. */
  readonly written: number | null;
  readonly last: StreamState;
};

/** Until it could be looked: sent again before, it may be there twice. @throws EventLogUnavailable */
async function lookAtLast(
  clients: Clients,
  stream: string,
  events: readonly EventData[],
  times: AppendTimes,
  giveUpAt: number,
): Promise<Look> {
  for (let tries = 0; ; tries++) {
    try {
      return await look(clients, stream, events, times);
    } catch (error) {
      if (performance.now() > giveUpAt) throw unknownWhetherWritten(error);
      await delay(AGAIN_MS[tries] ?? AGAIN_MS[4]);
    }
  }
}

async function look(
  clients: Clients,
  stream: string,
  events: readonly EventData[],
  { tryMs }: AppendTimes,
): Promise<Look> {
  const id = events.at(-1)?.id;
  const last = await lastEvents(clients, stream, LOOK_BACK, tryMs);
  const [newest] = last;
  if (newest === undefined) return { written: null, last: 'no_stream' };
  const mine = last.find((event) => event.id === id);
  return { written: mine === undefined ? null : Number(mine.revision), last: newest.revision };
}

function isWrongVersion(refusal: Error | null): boolean {
  return refusal !== null && 'code' in refusal && refusal.code === 'wrong_expected_version';
}

function unknownWhetherWritten(cause: unknown): EventLogUnavailable {
  return new EventLogUnavailable('KurrentDB could not be written to; it is unknown whether it was', {
    cause,
  });
}
