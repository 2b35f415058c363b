import { chunkedArm } from '../chunked-arm.ts';
import type { Fault } from '../fault.ts';

/** An app whose chunked upload crawls: the traffic is the fault, so there is nothing else to begin or to end. */
export const slowUploads: Fault = {
  name: 'slow-uploads',
  title: 'Chunked uploads are complete only 40 s after stop; single ones take their usual 21 s.',
  alerts: [
    {
      name: 'LatencyBurnFast',
      labels: 'variant=chunked',
      withinMinutes: 6,
      when: 'with at least 10 chunked entries, on a system that was quiet for an hour, else when most of the last hour was slow',
    },
    { name: 'GuardrailBreached', labels: 'guardrail=slow', withinMinutes: 8, when: 'autopilot off' },
    { name: 'GuardrailRolledBack', labels: 'guardrail=slow', withinMinutes: 8, when: 'autopilot on' },
  ],
  panels: [
    { dashboard: 'rollout-ab', title: 'Upload wait' },
    { dashboard: 'rollout-ab', title: 'Over 25 s, as the alerts see it' },
  ],
  console: '/console/sessions?state=completed&variant=chunked',
  forSeconds: 10 * 60,
  traffic: ['--chunked-wait', '40'],
  healed:
    'Upload wait falls with the next entries. LatencyBurnFast resolves 6 minutes after the last slow one. A guardrail that has spoken stays spoken until a new attempt is begun in the console.',
  check: async (target) => `sends recordings whose chunked upload takes 40 s; ${await chunkedArm(target)}`,
  begin: async () => undefined,
  end: async () => undefined,
};
