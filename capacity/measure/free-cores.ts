/** How many of the machine's cores were busy, whoever made them so: what others leave can then be told. */
import { cpus } from 'node:os';

/** Called again: cores that were busy on average since. */
export function watchBusyCores(): () => number {
  const before = times();
  return () => {
    const after = times();
    const all = after.all - before.all;
    return all === 0 ? 0 : (cpus().length * (after.busy - before.busy)) / all;
  };
}

function times(): { readonly busy: number; readonly all: number } {
  return cpus().reduce(
    (sum, { times: { user, nice, sys, irq, idle } }) => ({
      busy: sum.busy + user + nice + sys + irq,
      all: sum.all + user + nice + sys + irq + idle,
    }),
    { busy: 0, all: 0 },
  );
}
