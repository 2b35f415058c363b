import { InvalidPosition, type Position } from '../event-log.ts';
import { positionOrder } from '../position-order.ts';

/** Place in the commit order: the transaction, and the event's number within the order of insertion. */
export type Place = { readonly transaction: string; readonly sequence: string };

export const START: Place = { transaction: '0', sequence: '0' };

export function encodePosition({ transaction, sequence }: Place): Position {
  return `${transaction}:${sequence}` as Position;
}

/** @throws InvalidPosition */
export function decodePosition(position: string): Place {
  const match = /^(\d{1,20}):(\d{1,19})$/.exec(position);
  const [, transaction, sequence] = match ?? [];
  if (transaction === undefined || sequence === undefined) throw new InvalidPosition();
  if (BigInt(transaction) >= 2n ** 64n || BigInt(sequence) >= 2n ** 63n) throw new InvalidPosition();
  return { transaction, sequence };
}

function comparePlaces(a: Place, b: Place): number {
  const [one, other] =
    a.transaction === b.transaction ? [a.sequence, b.sequence] : [a.transaction, b.transaction];
  return one === other ? 0 : BigInt(one) < BigInt(other) ? -1 : 1;
}

export const { isOwn, isBefore } = positionOrder(decodePosition, comparePlaces);
