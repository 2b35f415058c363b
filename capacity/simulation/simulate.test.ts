import { describe, expect, it } from '@jest/globals';
import { ASSUMPTIONS, type Assumptions } from '../assumptions.ts';
import { dayCurve, EVEN } from '../load/day.ts';
import { costsByArm } from '../model/measured.ts';
import { quantile } from '../model/quantile.ts';
import { MEASURED } from '../testing/measured-example.ts';
import type { Deployment } from './deployment.ts';
import { type SimulationOptions, simulate } from './simulate.ts';
import { workOf } from './work.ts';

const ROOMY: Deployment = {
  apiNodes: 20,
  workerNodes: 20,
  jobsPerNode: 24,
  postgresCpus: 20,
  providerCalls: 640,
  hopSeconds: 0.005,
  appendSeconds: 0.002,
  oneMachine: null,
};
const BASE: SimulationOptions = {
  perDay: 86_400,
  curve: EVEN,
  from: 0,
  to: 240,
  deployment: ROOMY,
  work: workOf(costsByArm(MEASURED)),
  assumptions: ASSUMPTIONS,
  divisor: 1,
  seed: 1,
};
type Over = Omit<Partial<SimulationOptions>, 'assumptions' | 'deployment'> & {
  readonly assumptions?: Partial<Assumptions>;
  readonly deployment?: Partial<Deployment>;
};
const run = ({ assumptions, deployment, ...rest }: Over = {}) =>
  simulate({
    ...BASE,
    ...rest,
    assumptions: { ...ASSUMPTIONS, ...assumptions },
    deployment: { ...ROOMY, ...deployment },
  });
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const entries = ({ ended }: ReturnType<typeof simulate>) => ended.map(({ entrySeconds }) => entrySeconds);

describe('a simulated service', () => {
  it('brings every recording to its entry, after its transcript', () => {
    for (const shareChunked of [0, 0.5, 1]) {
      const { begun, ended } = run({ assumptions: { shareChunked } });
      expect(begun).toBeGreaterThan(150);
      expect(ended).toHaveLength(begun);
      expect(
        ended.every(
          ({ transcriptSeconds, entrySeconds }) => transcriptSeconds > 0 && entrySeconds > transcriptSeconds,
        ),
      ).toBe(true);
    }
  });

  it('says the same of the same seed, and something else of another', () => {
    const once = run({ to: 30 }).ended;
    expect(run({ to: 30 }).ended).toEqual(once);
    expect(run({ to: 30, seed: 2 }).ended).not.toEqual(once);
  });

  it('works no more and no less than what its recordings take', () => {
    const options = { assumptions: { lengthSigma: 0, minutes: 2 } };
    const { stations, begun } = run(options);
    // As measured: 0.02 + 2 × 0.1 s, and so on.
    expect((stations.api?.watched().busySeconds ?? 0) / begun).toBeCloseTo(0.22, 6);
    expect((stations.worker?.watched().busySeconds ?? 0) / begun).toBeCloseTo(0.35, 6);
    expect((stations.postgres?.watched().busySeconds ?? 0) / begun).toBeCloseTo(0.17, 6);
  });

  it("follows Little's law in the places for jobs (seed 1)", () => {
    const { stations } = run({ deployment: { workerNodes: 1, jobsPerNode: 12 } });
    const { queueSeconds, waitedSeconds } = stations.jobs?.watched() ?? { queueSeconds: 0, waitedSeconds: 1 };
    expect(waitedSeconds).toBeGreaterThan(0);
    expect(queueSeconds / waitedSeconds).toBeCloseTo(1, 6);
  });

  it('waits no longer, on average, the more there is of a part (seed 3)', () => {
    for (const part of ['workerNodes', 'apiNodes', 'postgresCpus', 'providerCalls'] as const) {
      const waits = [1, 2, 4].map((times) => {
        const deployment = { [part]: part === 'providerCalls' ? 20 * times : times };
        return mean(entries(run({ deployment, perDay: 3 * 86_400, seed: 3 })));
      });
      const [least = 0, more = 0, most = 0] = waits;
      // The provider's times are drawn in the order of calls, which changes: a twentieth is chance.
      expect([part, more <= least * 1.05, most <= more * 1.05]).toEqual([part, true, true]);
    }
  });

  it('grows without bound when more comes than a part can do, and only then', () => {
    const full = 1 / 0.12;
    const at = (share: number) =>
      quantile(
        entries(
          run({
            perDay: share * full * 86_400,
            deployment: { apiNodes: 1 },
            assumptions: { minutes: 1, lengthSigma: 0 },
          }),
        ),
        0.95,
      );
    expect(at(1.3)).toBeGreaterThan(10 * at(0.7));
  });

  it('has an entry sooner when it is uploaded in chunks, whatever its length', () => {
    const at = (shareChunked: number, minutes: number) =>
      quantile(entries(run({ assumptions: { shareChunked, minutes, lengthSigma: 0, uplinkSigma: 0 } })), 0.5);
    expect(at(1, 1)).toBeLessThan(at(0, 1));
    expect(at(1, 4) / at(1, 1)).toBeLessThan(1.3);
    expect(at(0, 4) / at(0, 1)).toBeGreaterThan(1.5);
  });

  it('says nearly the same of a share as of all, and no shorter waits (seed 1)', () => {
    const options = {
      perDay: 8 * 86_400,
      deployment: { workerNodes: 6, apiNodes: 4, postgresCpus: 4 },
    };
    const [all, share] = [run({ ...options, to: 100 }), run({ ...options, divisor: 4, to: 400 })];
    const ratio = quantile(entries(share), 0.95) / quantile(entries(all), 0.95);
    expect(ratio).toBeGreaterThan(0.9);
    expect(ratio).toBeLessThan(1.3);
  });

  it('counts recordings by the hour of a day', () => {
    const { begun, stations } = run({ perDay: 1_000, curve: dayCurve(2.4, 21), to: 86_400 });
    expect(begun / 1_000).toBeCloseTo(1, 0);
    expect(stations.api?.watched(21).entered).toBeGreaterThan(5 * (stations.api?.watched(9).entered ?? 0));
  });

  it('shares one machine among all parts when there is only one', () => {
    const { stations, begun } = run({ deployment: { oneMachine: 1.5 }, perDay: 0.5 * 86_400 });
    expect(Object.keys(stations).sort()).toEqual(['jobs', 'machine', 'provider']);
    // Two servers of three quarters: what takes a second takes four thirds.
    expect(stations.machine?.servers).toBe(2);
    expect(begun).toBeGreaterThan(0);
  });
});
