import { chunkedArm } from '../chunked-arm.ts';
import type { Fault } from '../fault.ts';

/** A broken app in the chunked arm: the traffic is the fault, so there is nothing else to begin or to end. */
export const badCohort: Fault = {
  name: 'bad-cohort',
  title: 'Nine in ten chunked recordings cannot be read and fail; single ones go well.',
  alerts: [
    { name: 'VariantFailing', labels: 'variant=chunked', withinMinutes: 5 },
    { name: 'GuardrailBreached', labels: 'guardrail=failure', withinMinutes: 6, when: 'autopilot off' },
    { name: 'GuardrailRolledBack', labels: 'guardrail=failure', withinMinutes: 6, when: 'autopilot on' },
  ],
  panels: [
    { dashboard: 'rollout-ab', title: 'How they ended' },
    { dashboard: 'rollout-ab', title: 'Failing, as the alerts see it' },
  ],
  console: '/console/sessions?state=failed&variant=chunked',
  forSeconds: 6 * 60,
  traffic: ['--chunked-failure', '0.9', '--single-failure', '0.02'],
  healed:
    'VariantFailing resolves 6 minutes after the last failure. A guardrail that has spoken stays spoken until a new attempt is begun in the console.',
  check: async (target) => `sends recordings whose chunked ones hold no sound; ${await chunkedArm(target)}`,
  begin: async () => undefined,
  end: async () => undefined,
};
