import { readFileSync } from 'node:fs';
import { lastParts, type Part, runningParts } from '../../src/parts-file.ts';
import { CannotBegin, type Fault, type Target } from '../fault.ts';

/**
 * Stopped, not killed: the application starts a killed one again within five seconds, and nobody would notice. A stopped
 * one accepts connections and answers none, as a machine does that hangs.
 */
export const unleashDown: Fault = {
  name: 'unleash-down',
  title: 'Unleash hangs: it accepts connections and answers nothing.',
  alerts: [{ name: 'FlagSyncFailing', labels: 'flag=chunked-upload', withinMinutes: 7 }],
  panels: [
    { dashboard: 'rollout-ab', title: 'Wanted' },
    { dashboard: 'rollout-ab', title: 'In force' },
  ],
  console: '/console',
  forSeconds: 8 * 60,
  traffic: [],
  healed:
    'The console says that the rollout is in force again within half a minute. New recordings had their arm all the time. FlagSyncFailing resolves within 6 minutes.',
  check: async (target) => `stops Unleash (process ${unleashOf(target).pid}) with SIGSTOP`,
  begin: async (target) => {
    process.kill(unleashOf(target).pid, 'SIGSTOP');
  },
  // Also of an application that was killed meanwhile: its Unleash can only end when it goes on.
  end: async ({ dataDir }) => {
    const unleash = lastParts(dataDir)?.unleash;
    if (unleash !== undefined && isUnleash(unleash)) process.kill(unleash.pid, 'SIGCONT');
  },
};

function unleashOf({ dataDir }: Target): Part {
  const unleash = runningParts(dataDir)?.unleash;
  if (unleash !== undefined && isUnleash(unleash)) return unleash;
  throw new CannotBegin(
    'no_unleash',
    `the application of ${dataDir} has no Unleash of its own (UNLEASH_URL): stop that one as whoever runs it would`,
  );
}

/** Never a signal to another process that got the number since. */
function isUnleash({ pid }: Part): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('unleash-process.ts');
  } catch {
    return false;
  }
}
