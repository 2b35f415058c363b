/**
 * Whose a recording on the device is. An app that says who is signed in (`owner`) has its recordings kept apart: another
 * person's are neither shown nor sent, and wait until theirs is back. One that was made while nobody was signed in is
 * the next one's.
 */
import type { KeptRecording } from './kept-recording.ts';

export function isOf({ owner }: Pick<KeptRecording, 'owner'>, current: string | null): boolean {
  return owner === undefined || owner === current;
}

/** The record, as that of who is signed in when it was nobody's. */
export function ownedBy(record: KeptRecording, current: string | null): KeptRecording {
  return record.owner === undefined && current !== null ? { ...record, owner: current } : record;
}
