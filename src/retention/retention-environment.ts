/** Retention periods from the environment: what `npm start`, `npm run retention` and `npm run s3:setup` read. */
import { z } from 'zod';
import { DEFAULT_RETENTION, type Retention } from '../recording/retention.ts';

const days = z
  .string()
  .regex(/^[1-9]\d{0,4}$/, 'a whole number of days, at least 1')
  .transform(Number);

export const RETENTION_VARIABLES = {
  RETENTION_CHUNKS_DAYS: days.default(DEFAULT_RETENTION.chunksDays),
  RETENTION_SINGLE_DAYS: days.default(DEFAULT_RETENTION.singleDays),
  RETENTION_IMAGES_DAYS: days.default(DEFAULT_RETENTION.imagesDays),
  RETENTION_AUDIO_DAYS: days.nullable().default(DEFAULT_RETENTION.recordingDays),
  RETENTION_TEXTS_DAYS: days.nullable().default(DEFAULT_RETENTION.textsDays),
  RETENTION_ABANDONED_DAYS: days.default(DEFAULT_RETENTION.unfinishedDays),
};

type RetentionVariables = {
  readonly [Name in keyof typeof RETENTION_VARIABLES]: z.output<(typeof RETENTION_VARIABLES)[Name]>;
};

export function retentionOf(variables: RetentionVariables): Retention {
  return {
    chunksDays: variables.RETENTION_CHUNKS_DAYS,
    singleDays: variables.RETENTION_SINGLE_DAYS,
    imagesDays: variables.RETENTION_IMAGES_DAYS,
    recordingDays: variables.RETENTION_AUDIO_DAYS,
    textsDays: variables.RETENTION_TEXTS_DAYS,
    unfinishedDays: variables.RETENTION_ABANDONED_DAYS,
  };
}

/** For `--help`. */
export const RETENTION_HELP = `  RETENTION_CHUNKS_DAYS      chunks of a joined recording, and what was written on the way (2)
  RETENTION_SINGLE_DAYS      the one file of a single upload, once it is joined (2)
  RETENTION_IMAGES_DAYS      images (30)
  RETENTION_AUDIO_DAYS       the joined recording (unset: for ever)
  RETENTION_TEXTS_DAYS       transcript, entry, feeling and feedback (unset: for ever)
  RETENTION_ABANDONED_DAYS   whatever was uploaded for a session that failed or expired (30)`;
