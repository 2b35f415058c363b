/** The result in figures: what `--json` prints and the table shows. Pure. */
import type { ByArm } from './population.ts';
import {
  type ArmCounts,
  countByArm,
  reassignedUsers,
  type SessionRecord,
  surprises,
} from './session-record.ts';
import type { Simulation } from './simulate.ts';

export type ArmSummary = ArmCounts & {
  /** Of those that ended; null when none has. */
  readonly failureRate: number | null;
  /** Medians, as the server told them. */
  readonly uploadWaitMs: number | null;
  readonly totalMs: number | null;
};

export type Summary = {
  readonly sessions: number;
  readonly seconds: number;
  readonly endedPerSecond: number;
  readonly stages: readonly {
    /** `5 %`, or `as it stood`. */
    readonly where: string;
    readonly arms: ByArm<ArmSummary>;
  }[];
  /** How sessions ended that were to end otherwise. */
  readonly unexpected: Readonly<Record<string, number>>;
  readonly reassigned: readonly string[];
};

export function summaryOf({ records, stages, seconds }: Simulation): Summary {
  const ended = records.filter(({ end }) => end !== null).length;
  return {
    sessions: records.length,
    seconds,
    endedPerSecond: seconds === 0 ? 0 : ended / seconds,
    stages: stages
      .map((percent, stage) => ({
        where: percent === null ? 'as it stood' : `${percent} %`,
        of: records.filter((record) => record.stage === stage),
      }))
      .filter(({ of }) => of.length > 0)
      .map(({ where, of }) => ({ where, arms: armsOf(of) })),
    unexpected: Object.fromEntries(surprises(records)),
    reassigned: reassignedUsers(records),
  };
}

function armsOf(records: readonly SessionRecord[]): ByArm<ArmSummary> {
  const counts = countByArm(records);
  const summary = (arm: keyof typeof counts): ArmSummary => {
    const ends = records.flatMap((record) => (record.arm === arm && record.end !== null ? [record.end] : []));
    const { completed, failed, expired } = counts[arm];
    const judged = completed + failed + expired;
    return {
      ...counts[arm],
      failureRate: judged === 0 ? null : (failed + expired) / judged,
      uploadWaitMs: median(ends.map(({ uploadWaitMs }) => uploadWaitMs)),
      totalMs: median(ends.map(({ totalMs }) => totalMs)),
    };
  };
  return { chunked: summary('chunked'), single: summary('single') };
}

function median(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  return known[Math.floor(known.length / 2)] ?? null;
}
