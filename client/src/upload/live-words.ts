/**
 * Whether the statuses of a session are followed before all of it is there, for the words that show while they are
 * spoken. Pure. They are nice to have, and the upload is not to notice them:
 *
 *   begun     for the recording that is being made (a browser has six connections to a server, for all that is on the
 *             device), once a chunk is there to be heard, while somebody looks and nothing else fails
 *   goes on   beyond stop, until the entry: its first news then needs no connection to be made
 *   cut off   while nobody looks, or offline; with the path or the session; begun again when that is over
 *   given up  when the server said no three times, or the session came to an end without us: the requests that send to
 *             it find that out by themselves
 *
 * A crash ends it: what is found again is sent first, and followed when it is complete, as ever.
 */
import { hasEnded } from '../follow-status.ts';
import { FOLLOW, goesWhole, type Upload } from './upload.ts';

const MAX_REJECTIONS = 3;

export function wantsLiveWords({ record, busy, failing, status, visible }: Upload): boolean {
  // Slices are of a finished file, and nothing is heard before they are joined.
  if (!visible || goesWhole(record) || record.mode === 'slices') return false;
  if (status !== null && hasEnded(status)) return false;
  if (busy.has(FOLLOW)) return true;
  const isBeingMade = record.ended === null && record.chunks.some(({ acknowledged }) => acknowledged);
  const isRefused = (failing.get(FOLLOW)?.rejections ?? 0) >= MAX_REJECTIONS;
  return isBeingMade && !isRefused && [...failing.keys()].every((key) => key === FOLLOW);
}
