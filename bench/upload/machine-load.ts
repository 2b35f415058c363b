/** How busy the machine was, and how long this process's event loop was held: whether the bench measured itself. */
import { cpus } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';

export type MachineLoad = {
  /** Of all cores, 0–1; over the whole time and in its busiest five seconds. */
  readonly busy: number;
  readonly busiest: number;
  readonly heldMs: { readonly p99: number; readonly longest: number };
};

const WINDOW_MS = 5_000;

export function watchLoad(): () => MachineLoad {
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  const first = times();
  let before = first;
  let busiest = 0;
  const timer = setInterval(() => {
    const now = times();
    busiest = Math.max(busiest, share(before, now));
    before = now;
  }, WINDOW_MS);
  return () => {
    clearInterval(timer);
    loop.disable();
    const busy = share(first, times());
    const held = { p99: loop.percentile(99) / 1e6, longest: loop.max / 1e6 };
    return { busy, busiest: Math.max(busy, busiest), heldMs: held };
  };
}

type Times = { readonly idle: number; readonly all: number };

function times(): Times {
  return cpus().reduce(
    (sum, { times: { user, nice, sys, irq, idle } }) => ({
      idle: sum.idle + idle,
      all: sum.all + user + nice + sys + irq + idle,
    }),
    { idle: 0, all: 0 },
  );
}

function share(from: Times, to: Times): number {
  return to.all === from.all ? 0 : 1 - (to.idle - from.idle) / (to.all - from.all);
}
