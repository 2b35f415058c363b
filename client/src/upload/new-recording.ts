/** The record of a recording that begins, and of one that is found again. */
import type { KeptRecording } from './kept-recording.ts';

export type NewRecording = {
  readonly recordingId: string;
  readonly format: Pick<KeptRecording, 'mimeType' | 'mode' | 'chunkSeconds'>;
  /** Who is signed in; null when nobody is, or the app doesn't say. */
  readonly owner?: string | null;
  readonly wanted: KeptRecording['wanted'];
  /** Milliseconds since 1970, by the device's clock. */
  readonly wallTime: number;
};

export function newRecording({
  recordingId,
  owner = null,
  format,
  wanted,
  wallTime,
}: NewRecording): KeptRecording {
  return {
    version: 1,
    recordingId,
    ...(owner === null ? {} : { owner }),
    createdAt: new Date(wallTime).toISOString(),
    ...format,
    chunks: [],
    wanted,
    round: 0,
    session: null,
    fallbackReason: null,
    fallbackTold: false,
    whole: null,
    abandoned: [],
    ended: null,
    uploaded: false,
    entryReady: false,
    refusal: null,
    discarded: false,
  };
}

/** One that was being made when the app went away ends where its last chunk ended. */
export function recordingFoundAgain(record: KeptRecording): KeptRecording {
  const durationMs = record.chunks.at(-1)?.endMs ?? 0;
  const stoppedAt = new Date(Date.parse(record.createdAt) + durationMs).toISOString();
  const ended = record.ended ?? { durationMs, stoppedAt, cutOff: true };
  // Who was signed out may be signed in by now.
  const refusal = record.refusal?.code === 'signed_out' ? null : record.refusal;
  return { ...record, ended, refusal };
}
