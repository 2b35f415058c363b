/**
 * Moves every consumer's checkpoint from one log to the same place in the other: that of the event it stands behind. Both
 * logs have the same events in the same order, so what lies behind the one lies behind the other.
 *
 * Checkpoints move while we look for their places; so they are moved all at once, and only if they are still those.
 */
import { InvalidPosition, type Position } from '../eventlog/event-log.ts';
import type { EventKey } from '../eventlog/log-copy.ts';
import type { Checkpoint, LogSeal, Move } from '../eventlog/log-seal.ts';
import { CopyError, writtenSince } from './copy-error.ts';
import type { Logs } from './copy-events.ts';

const TRIES = 50;

/** To where a checkpoint moves, of all that there are. */
type Places = (positions: readonly Position[]) => Promise<ReadonlyMap<Position, Position>>;

/** @throws CopyError */
export async function moveCheckpoints(
  seal: LogSeal,
  places: Places,
  to: 'moved' | 'open',
): Promise<readonly Move[]> {
  for (let tries = 0; tries < TRIES; tries++) {
    const checkpoints = await seal.checkpoints();
    const found = await places([...new Set(checkpoints.map(({ position }) => position))]);
    const moves = movesOf(checkpoints, found);
    if (await seal.move(moves, to)) return moves;
  }
  throw new CopyError(
    'checkpoints_moving',
    `the consumers' checkpoints did not stand still in ${TRIES} tries: run this again`,
  );
}

function movesOf(
  checkpoints: readonly Checkpoint[],
  places: ReadonlyMap<Position, Position>,
): readonly Move[] {
  return checkpoints.map(({ name, position }) => {
    const to = places.get(position);
    if (to === undefined) throw new InvalidPosition();
    return { name, position, to };
  });
}

/** From the source's positions to the target's. The target is read backwards, as far as the last consumer is behind. */
export function intoTarget({ source, target }: Logs): Places {
  return async (positions) => {
    const found = new Map<Position, Position>();
    const wanted = new Map<string, Position[]>();
    for (const position of positions) {
      const event = await source.lastAt(position);
      if (event === null) found.set(position, target.start);
      else wanted.set(nameOf(event), [...(wanted.get(nameOf(event)) ?? []), position]);
    }
    if (wanted.size === 0) return found;
    for await (const events of target.backwards()) {
      for (const event of events) {
        for (const position of wanted.get(nameOf(event)) ?? []) found.set(position, event.position);
        wanted.delete(nameOf(event));
      }
      if (wanted.size === 0) break;
    }
    return found;
  };
}

/** From the target's positions to the source's: that of the last event at the position or before it. */
export function intoSource({ source, target }: Logs): Places {
  return async (positions) => {
    const found = new Map<Position, Position>();
    const left = new Set(positions);
    const find = async (position: Position, { stream, version }: EventKey) => {
      const [recorded] = await source.log.read(stream, version);
      if (recorded === undefined) throw writtenSince();
      found.set(position, recorded.position);
      left.delete(position);
    };
    if (left.size > 0)
      for await (const events of target.backwards()) {
        for (const event of events)
          for (const position of [...left])
            if (!target.isBefore(position, event.position)) await find(position, event);
        if (left.size === 0) break;
      }
    for (const position of left) found.set(position, source.start);
    return found;
  };
}

function nameOf({ stream, version }: EventKey): string {
  return `${version}@${stream}`;
}
