/**
 * One direction of a slow link: a token bucket that all its connections share, then the way, which takes its time.
 *
 * A piece waits in the queue (first come, first served), leaves when the bucket has its bytes, and arrives `latencyMs`
 * later. Silent: nothing leaves, nothing is lost; what is under way arrives. Timers that fire late lose no capacity as
 * long as they are less late than the bucket is deep.
 */
import type { Clock } from '../../client/src/upload/ports.ts';

export type DirectionOptions = {
  readonly bytesPerSecond: number;
  readonly latencyMs: number;
};

export type ThrottledDirection = {
  /** Bytes that have left so far. */
  readonly passedBytes: number;
  /** @param onLeft it is on its way @param onArrived it is there */
  send(bytes: number, onLeft: () => void, onArrived: () => void): void;
  setSilent(silent: boolean): void;
  /** Forgets what waits and what is under way. */
  close(): void;
};

/** How deep the bucket is, in milliseconds of the link's speed: what an idle link lets through at once. */
const BUCKET_MS = 20;

type Piece = { readonly bytes: number; readonly onLeft: () => void; readonly onArrived: () => void };

export function throttledDirection(
  { bytesPerSecond, latencyMs }: DirectionOptions,
  clock: Pick<Clock, 'now' | 'after'>,
): ThrottledDirection {
  const waiting: Piece[] = [];
  const underWay: { readonly at: number; readonly onArrived: () => void }[] = [];
  let passedBytes = 0;
  let silent = false;
  /** Until when the bytes that left have used the link up. */
  let usedUntil = Number.NEGATIVE_INFINITY;
  /** Fixed when a piece becomes the first of those that wait. */
  let firstLeavesAt: number | null = null;
  let cancelLeave: (() => void) | null = null;
  let cancelArrive: (() => void) | null = null;

  function leave(): void {
    if (cancelLeave !== null || silent) return;
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const now = clock.now();
      firstLeavesAt ??= Math.max(usedUntil, now - BUCKET_MS) + (first.bytes / bytesPerSecond) * 1000;
      if (firstLeavesAt > now) {
        cancelLeave = clock.after(firstLeavesAt - now, () => {
          cancelLeave = null;
          leave();
        });
        return;
      }
      usedUntil = firstLeavesAt;
      firstLeavesAt = null;
      waiting.shift();
      passedBytes += first.bytes;
      underWay.push({ at: now + latencyMs, onArrived: first.onArrived });
      arrive();
      first.onLeft();
    }
  }

  /** One timer for the first of them: timers of their own could change places. */
  function arrive(): void {
    const first = underWay[0];
    if (cancelArrive !== null || first === undefined) return;
    cancelArrive = clock.after(Math.max(0, first.at - clock.now()), () => {
      cancelArrive = null;
      while (underWay[0] !== undefined && underWay[0].at <= clock.now()) underWay.shift()?.onArrived();
      arrive();
    });
  }

  return {
    get passedBytes() {
      return passedBytes;
    },
    send(bytes, onLeft, onArrived) {
      waiting.push({ bytes, onLeft, onArrived });
      leave();
    },
    setSilent(next) {
      silent = next;
      if (silent) {
        cancelLeave?.();
        cancelLeave = null;
        firstLeavesAt = null;
      } else leave();
    },
    close() {
      waiting.length = 0;
      underWay.length = 0;
      cancelLeave?.();
      cancelArrive?.();
    },
  };
}
