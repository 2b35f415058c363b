import { InvalidPosition, type Position } from '../event-log.ts';
import { positionOrder } from '../position-order.ts';

/** A place in KurrentDB's transaction log: where the record was committed, and where it was prepared. */
export type LogPlace = { readonly commit: bigint; readonly prepare: bigint };

export const START: LogPlace = { commit: 0n, prepare: 0n };

/** As KurrentDB itself writes it, so that it is never mistaken for a position of PostgreSQL: `C:123/P:120`. */
export function encodePosition({ commit, prepare }: LogPlace): Position {
  return `C:${commit}/P:${prepare}` as Position;
}

/** @throws InvalidPosition */
export function decodePosition(position: string): LogPlace {
  const match = /^C:(\d{1,20})\/P:(\d{1,20})$/.exec(position);
  const [, commit, prepare] = match ?? [];
  if (commit === undefined || prepare === undefined) throw new InvalidPosition();
  const place = { commit: BigInt(commit), prepare: BigInt(prepare) };
  if (place.commit >= 2n ** 64n || place.prepare >= 2n ** 64n) throw new InvalidPosition();
  return place;
}

/** Below 0 when `a` comes before `b`, 0 when they are the same. */
export function comparePlaces(a: LogPlace, b: LogPlace): number {
  if (a.commit !== b.commit) return a.commit < b.commit ? -1 : 1;
  return a.prepare === b.prepare ? 0 : a.prepare < b.prepare ? -1 : 1;
}

export const { isOwn, isBefore } = positionOrder(decodePosition, comparePlaces);
