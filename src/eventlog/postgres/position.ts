import { InvalidPosition, type Position } from '../event-log.ts';

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

/** Whether `one` comes before `other`; null is before the first event. @throws InvalidPosition */
export function isBefore(one: Position | null, other: Position | null): boolean {
  if (one === null || other === null) return one === null && other !== null;
  const [a, b] = [decodePosition(one), decodePosition(other)];
  return a.transaction === b.transaction
    ? BigInt(a.sequence) < BigInt(b.sequence)
    : BigInt(a.transaction) < BigInt(b.transaction);
}
