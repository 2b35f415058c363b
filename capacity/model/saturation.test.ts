import { describe, expect, it } from '@jest/globals';
import { ASSUMPTIONS } from '../assumptions.ts';
import type { Deployment } from '../simulation/deployment.ts';
import { MEASURED } from '../testing/measured-example.ts';
import { demandOf } from './demand.ts';
import { costsByArm } from './measured.ts';
import { firstToFill, fullAt, LIMITED_PARTS, relieved } from './saturation.ts';

const DEPLOYMENT: Deployment = {
  apiNodes: 2,
  workerNodes: 2,
  jobsPerNode: 24,
  postgresCpus: 2,
  providerCalls: 64,
  hopSeconds: 0.005,
  appendSeconds: 0.002,
  oneMachine: null,
};
const { recording } = demandOf(costsByArm(MEASURED), { ...ASSUMPTIONS, minutes: 1, perDay: 1 });

describe('which part is full when', () => {
  it('is its places by what a recording takes of them', () => {
    expect(fullAt('api', DEPLOYMENT, recording)).toBeCloseTo(2 / 0.12, 9);
    expect(fullAt('postgres', DEPLOYMENT, recording)).toBeCloseTo(20, 9);
  });

  it('begins with the one that holds least, and doubling that one moves it away', () => {
    for (let deployment = DEPLOYMENT, step = 0; step < 12; step++) {
      const first = firstToFill(deployment, recording);
      const full = fullAt(first, deployment, recording);
      for (const part of LIMITED_PARTS)
        expect(fullAt(part, deployment, recording)).toBeGreaterThanOrEqual(full);
      deployment = relieved(deployment, first);
      expect(fullAt(first, deployment, recording)).toBeCloseTo(2 * full, 6);
    }
  });
});
