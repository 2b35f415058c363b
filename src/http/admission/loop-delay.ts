import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 20;
/** Long enough that one garbage collection is not the median, short enough that a crowd is seen when it comes. */
const WINDOW_MS = 500;

export type LoopDelay = {
  /** By how much the event loop is late, in milliseconds: the median of the last half second. */
  now(): number;
  stop(): void;
};

export function watchLoopDelay(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let median = 0;
  const timer = setInterval(() => {
    // What is recorded is the time between two looks, the pause between them included.
    median = Math.max(0, histogram.percentile(50) / 1e6 - RESOLUTION_MS);
    histogram.reset();
  }, WINDOW_MS).unref();
  return {
    now: () => median,
    stop() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
