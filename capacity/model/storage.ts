/** What is kept for how long, and what it comes to. Pure. */
import type { Retention } from '../../src/recording/retention.ts';
import type { Amounts } from './unit-costs.ts';

export type Kept = {
  /** Bytes in the object store. */
  readonly uploads: number;
  readonly recordings: number;
  readonly workings: number;
  readonly texts: number;
  /** Bytes in PostgreSQL: the log and the views are kept for ever. */
  readonly log: number;
  readonly views: number;
};

/** After so many days of `perDay` recordings each: bytes a day × the days that they are kept, at most those that there were. */
export function keptAfter(days: number, perDay: number, recording: Amounts, retention: Retention): Kept {
  const of = (bytes: number, keptDays: number | null) => bytes * perDay * Math.min(days, keptDays ?? days);
  return {
    uploads: of(recording.uploadBytes, retention.chunksDays),
    recordings: of(recording.recordingBytes, retention.recordingDays),
    workings: of(recording.workingBytes, retention.chunksDays),
    texts: of(recording.textBytes, retention.textsDays),
    log: of(recording.logBytes, null),
    views: of(recording.viewBytes, null),
  };
}

export function inStore({ uploads, recordings, workings, texts }: Kept): number {
  return uploads + recordings + workings + texts;
}

export function inDatabase({ log, views }: Kept): number {
  return log + views;
}
