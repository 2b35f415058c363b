/**
 * Recordings that come, talk and are processed, on a service of so many parts. A share of a large load on the same share of
 * every part stands for the whole: it has more chance in it (what is pooled in few places waits longer), so that what it
 * says of waits is too much rather than too little; the exact run of the busiest hour stands beside it in the docs.
 */
import { logNormal, randomOf } from '../../simulate/random.ts';
import type { Assumptions } from '../assumptions.ts';
import { arrivals, type DayCurve } from '../load/day.ts';
import { drawMinutes } from '../load/lengths.ts';
import { createParts, type Deployment, type PartName, shareOf } from './deployment.ts';
import { providerTimes } from './provider-times.ts';
import { beginRecording, type Ended, type World } from './recording.ts';
import type { Station, Watched } from './station.ts';
import { Timeline } from './timeline.ts';
import type { Work } from './work.ts';

export type SimulationOptions = {
  readonly perDay: number;
  readonly curve: DayCurve;
  /** Seconds of the day in which recordings begin; all are followed to their end. */
  readonly from: number;
  readonly to: number;
  readonly deployment: Deployment;
  readonly work: { readonly chunked: Work; readonly single: Work };
  readonly assumptions: Assumptions;
  /** 1: all of it. 10: a tenth of the recordings on a tenth of the parts. */
  readonly divisor: number;
  readonly seed: number;
};

export type Simulated = {
  readonly begun: number;
  readonly ended: readonly Ended[];
  readonly stations: Readonly<Partial<Record<PartName, Station>>>;
  /** When the last has ended: seconds. */
  readonly endedAt: number;
};

/** Streams of chance: what one draws changes nothing of another. */
const STREAM = { arrivals: 1, lengths: 2, arms: 3, links: 4 } as const;

export function simulate(options: SimulationOptions): Simulated {
  const { perDay, curve, from, to, deployment, work, assumptions, divisor, seed } = options;
  const timeline = new Timeline(from);
  const parts = createParts(timeline, shareOf(deployment, divisor));
  const world: World = {
    timeline,
    parts,
    provider: providerTimes(seed),
    work,
    hopSeconds: deployment.hopSeconds,
    charactersPerMinute: assumptions.charactersPerMinute,
  };
  const [lengths, arms, links] = [STREAM.lengths, STREAM.arms, STREAM.links].map((stream) =>
    randomOf(seed, stream),
  ) as [() => number, () => number, () => number];
  const ended: Ended[] = [];
  let begun = 0;
  const coming = arrivals(perDay / divisor, curve, { from, to }, randomOf(seed, STREAM.arrivals));
  const next = () => {
    const { value: at, done } = coming.next();
    if (done === true) return;
    timeline.at(at, () => {
      begun += 1;
      const spoken = {
        strategy: arms() < assumptions.shareChunked ? ('chunked' as const) : ('single' as const),
        seconds: drawMinutes(lengths, assumptions) * 60,
        uplink: (logNormal(links, assumptions.uplinkMegabits, assumptions.uplinkSigma) * 1e6) / 8,
        roundTrip: assumptions.roundTripSeconds,
      };
      beginRecording(world, spoken, (end) => ended.push(end));
      next();
    });
  };
  next();
  timeline.run();
  return { begun, ended, stations: parts.stations, endedAt: timeline.now };
}

/** How full a station was in an hour of the day, 0–1. */
export function utilisation(station: Station, watched: Watched, seconds: number): number {
  return watched.busySeconds / (station.servers * seconds);
}
