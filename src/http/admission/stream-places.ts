import { Problem } from '../problem.ts';
import { placesPerKey } from './places.ts';

const RETRY = { 'Retry-After': '5' };
const EVERYBODY = '';

/**
 * Places for event streams, which live as long as their pages: so many on this node, and of them so many for one caller.
 */
export function streamPlaces({
  perNode,
  perCaller,
}: {
  readonly perNode: number;
  readonly perCaller: number;
}) {
  const callers = placesPerKey(perCaller);
  const node = placesPerKey(perNode);
  return {
    /**
     * Takes a place; gives a function that gives it back.
     * @throws Problem 503 or, when it is this caller who has too many, 429 `too_many_streams`
     */
    take(caller: string): () => void {
      const giveBackOwn = callers.take(caller);
      if (giveBackOwn === null)
        throw new Problem(
          429,
          'too_many_streams',
          `more than ${perCaller} open event streams`,
          { limit: 'user' },
          RETRY,
        );
      const giveBack = node.take(EVERYBODY);
      if (giveBack === null) {
        giveBackOwn();
        throw new Problem(503, 'too_many_streams', 'too many open event streams', {}, RETRY);
      }
      return () => {
        giveBackOwn();
        giveBack();
      };
    },
  };
}
