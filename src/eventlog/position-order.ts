import type { Position } from './event-log.ts';

/**
 * What follows from how a log writes its places, and in which order they are.
 * @param decode of a position to its place; throws when it is none of this log's
 * @param compare below 0 when the first place comes before the second
 */
export function positionOrder<Place>(
  decode: (position: string) => Place,
  compare: (a: Place, b: Place) => number,
) {
  return {
    /** Whether this log gave it, as far as its form tells. */
    isOwn(position: string): boolean {
      try {
        decode(position);
        return true;
      } catch {
        return false;
      }
    },
    /** Whether `one` comes before `other`; null is before the first event. @throws InvalidPosition */
    isBefore(one: Position | null, other: Position | null): boolean {
      if (one === null || other === null) return one === null && other !== null;
      return compare(decode(one), decode(other)) < 0;
    },
  };
}
