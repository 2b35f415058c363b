import type { Strategy } from '../src/recording/events.ts';
import { CHUNKED_UPLOAD, type Flags } from './flags.ts';

/** The same answer for everybody, with reason `default`: what holds while no flag server is configured. */
export function staticFlags(variant: Strategy, chunkSeconds: number): Flags {
  const assignment = {
    flag: CHUNKED_UPLOAD,
    variant,
    percent: variant === 'chunked' ? 100 : 0,
    reason: 'default' as const,
  };
  return { chunkedUpload: () => ({ assignment, chunkSeconds, concurrency: 2 }) };
}
