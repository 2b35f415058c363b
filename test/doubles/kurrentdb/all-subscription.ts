/**
 * A filtered subscription to the whole log, as KurrentDB's `Enumerator.AllSubscriptionFiltered` has it:
 *
 *   confirmed ──▶ catching up, a page at a time, from behind the position it was asked for
 *   catching up ──so many considered──▶ a checkpoint ──▶ catching up
 *   catching up ──end of the log──▶ a checkpoint, “caught up” ──▶ live
 *   live ──so many considered──▶ a checkpoint ──▶ live
 *   live ──the client has fallen far behind──▶ catching up
 *
 * A page's own start is what it knows of what it has considered, so the checkpoint at the end of a short log is where the
 * subscription began: it says nothing of what did not match.
 */
import { randomUUID } from 'node:crypto';
import type { EventFile, StoredEvent } from './event-file.ts';
import { filterOf } from './filter.ts';
import type { streams } from './protocol.ts';
import {
  caughtUpMessage,
  checkpointMessage,
  confirmationMessage,
  eventMessage,
  type LogPosition,
  type ReadResp,
} from './read-messages.ts';

type Options = InstanceType<typeof streams.ReadReq.Options>;

const PAGE = 32;
/** Live events that the server keeps for a slow client. */
const LIVE_BUFFER = 32;

type Parts = {
  readonly file: EventFile;
  readonly tellsCaughtUp: boolean;
  readonly send: (message: ReadResp) => Promise<void>;
  readonly signal: AbortSignal;
};

export async function followAll(options: Options, parts: Parts): Promise<void> {
  const { file, send, signal, tellsCaughtUp } = parts;
  const passes = filterOf(options.getFilter());
  const filter = options.getFilter();
  const window = filter === undefined ? Number.POSITIVE_INFINITY : filter.hasMax() ? filter.getMax() : PAGE;
  const interval = window * (filter?.getCheckpointintervalmultiplier() ?? 1);
  const tellCheckpoint = checkpoints(send, filter !== undefined);

  await send(confirmationMessage(randomUUID()));
  let checkpoint = startOf(options, file);
  let considered = 0;
  while (!signal.aborted) {
    checkpoint = await catchUp(checkpoint);
    await tellCheckpoint(checkpoint);
    if (tellsCaughtUp) await send(caughtUpMessage(checkpoint));
    await live();
  }

  async function catchUp(from: LogPosition): Promise<LogPosition> {
    let reached = from;
    let page = from;
    for (let sinceCheckpoint = 0; !signal.aborted; ) {
      const { events, looked, next, isEnd } = readPage(file, page, window, passes);
      for (const event of events) {
        if (isBefore(reached, event)) {
          await send(eventMessage(event));
          reached = { commit: event.position, prepare: event.position };
        }
      }
      if (compare(reached, page) < 0 && compare(page, next) < 0) reached = page;
      if (isEnd) return reached;
      sinceCheckpoint += looked;
      if (sinceCheckpoint >= interval) {
        sinceCheckpoint %= interval;
        await tellCheckpoint(reached);
      }
      page = next;
    }
    return reached;
  }

  /** Ends when the client is too far behind. */
  async function live(): Promise<void> {
    let index = file.indexAt(checkpoint.commit + 1);
    while (!signal.aborted) {
      await file.grown(index, signal);
      if (file.all.length - index > LIVE_BUFFER) return;
      for (; index < file.all.length && !signal.aborted; index++) {
        const event = file.all[index];
        if (event === undefined) return;
        const position = { commit: event.position, prepare: event.position };
        if (passes(event)) {
          await send(eventMessage(event));
          checkpoint = position;
        }
        if (++considered >= interval) {
          considered = 0;
          checkpoint = position;
          await tellCheckpoint(position);
        }
      }
    }
  }
}

/** None twice, and none before the first record; only a filtered subscription has them. */
function checkpoints(send: Parts['send'], isFiltered: boolean): (position: LogPosition) => Promise<void> {
  let told: LogPosition | null = null;
  return async (position) => {
    if (!isFiltered || position.commit < 0 || (told !== null && compare(position, told) <= 0)) return;
    told = position;
    await send(checkpointMessage(position));
  };
}

function startOf(options: Options, file: EventFile): LogPosition {
  const all = options.getAll();
  const position = all?.getPosition();
  if (position !== undefined)
    return { commit: Number(position.getCommitPosition()), prepare: Number(position.getPreparePosition()) };
  const last = file.all.at(-1)?.position ?? -1;
  return all?.hasEnd() ? { commit: last, prepare: last } : { commit: -1, prepare: -1 };
}

type Page = {
  readonly events: readonly StoredEvent[];
  readonly looked: number;
  readonly next: LogPosition;
  readonly isEnd: boolean;
};

/** From `start` on, the event there included, until so many match or so many were looked at. */
function readPage(
  file: EventFile,
  start: LogPosition,
  window: number,
  passes: (event: StoredEvent) => boolean,
): Page {
  const events: StoredEvent[] = [];
  let looked = 0;
  let next: LogPosition = { commit: Math.max(0, start.commit), prepare: Math.max(0, start.prepare) };
  let index = file.indexAt(next.commit);
  while (events.length < PAGE && looked < window) {
    const event = file.all[index++];
    if (event === undefined) return { events, looked, next, isEnd: true };
    looked++;
    if (passes(event)) events.push(event);
    next = { commit: event.position + 1, prepare: 0 };
  }
  return { events, looked, next, isEnd: false };
}

function isBefore(position: LogPosition, event: StoredEvent): boolean {
  return compare(position, { commit: event.position, prepare: event.position }) < 0;
}

function compare(a: LogPosition, b: LogPosition): number {
  return a.commit - b.commit || a.prepare - b.prepare;
}
