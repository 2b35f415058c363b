import type { Fault } from '../fault.ts';
import { clearSandboxFaults, sandboxOf, setSandboxFaults } from '../sandbox.ts';

/** 503 is what a provider that is away answers: the breaker counts it, and steps wait instead of being given up. */
export const providerDown: Fault = {
  name: 'provider-down',
  title: 'The AI provider answers every call with 503.',
  alerts: [{ name: 'ProviderBreakerOpen', withinMinutes: 4 }],
  panels: [
    { dashboard: 'pipeline', title: 'Provider left alone' },
    { dashboard: 'pipeline', title: 'Calls that failed' },
  ],
  console: '/console/sessions?state=processing',
  forSeconds: 5 * 60,
  traffic: ['--chunked-wait', '1', '--single-wait', '2'],
  healed:
    'The breaker closes with the next call that is answered; what waited becomes entries within half a minute. ProviderBreakerOpen resolves within 3 minutes.',
  check: async (target) => `tells the sandbox provider at ${await sandboxOf(target)} to answer 503`,
  begin: (target) => setSandboxFaults(target, { mode: 'status', status: 503 }),
  end: clearSandboxFaults,
};
