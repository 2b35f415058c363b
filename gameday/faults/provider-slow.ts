import type { Fault } from '../fault.ts';
import { clearSandboxFaults, sandboxOf, setSandboxFaults } from '../sandbox.ts';

/** An entry takes two calls one after the other: a wait of more than the 25 s that are promised. */
const DELAY_MS = 15_000;

export const providerSlow: Fault = {
  name: 'provider-slow',
  title: 'Every call to the AI provider takes 15 s longer: entries come, and come late.',
  alerts: [
    {
      name: 'LatencyBurnFast',
      withinMinutes: 6,
      when: 'both arms; on a system that was quiet for an hour, else when most of the last hour was slow',
    },
  ],
  panels: [
    { dashboard: 'rollout-ab', title: 'Over 25 s, as the alerts see it' },
    { dashboard: 'pipeline', title: 'Time of one call, p95' },
  ],
  console: '/console/sessions?state=processing',
  forSeconds: 10 * 60,
  traffic: ['--chunked-wait', '1', '--single-wait', '2'],
  healed: 'Time of one call falls at once. LatencyBurnFast resolves 6 minutes later.',
  check: async (target) =>
    `tells the sandbox provider at ${await sandboxOf(target)} to answer ${DELAY_MS / 1000} s late`,
  begin: (target) => setSandboxFaults(target, { mode: 'slow', delayMs: DELAY_MS }),
  end: clearSandboxFaults,
};
