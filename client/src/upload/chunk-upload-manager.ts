/** The recordings of one app: the one being made, and those that an earlier visit left. See `recording-state.ts`. */
import type { Erasure } from '../contract.ts';
import type { UploadBody } from './ports.ts';
import type { Meter, RecordingState, RecordingSummary } from './recording-state.ts';

export interface ChunkUploadManager {
  /** The recording in hand: being made, or made last. The same object until it changes. */
  readonly state: RecordingState;
  /** All that are on this device, newest first, the one in hand included; the same array until it changes. */
  readonly recordings: readonly RecordingSummary[];
  /** Called after each change of `state` or `recordings`; returns how to end it. */
  subscribe(listener: () => void): () => void;
  /** Level and elapsed time, ten times a second while recording; apart, so that it redraws only a meter. */
  readonly meter: Meter;
  subscribeMeter(listener: () => void): () => void;

  /** Finds what an earlier visit left and goes on with it. Once, at start. Never rejects. */
  open(): Promise<void>;
  /** Whether a recording can be kept here: to say so before somebody talks, not after. Never rejects. */
  check(): Promise<StorageWarning | null>;
  /** Begins to record. Does nothing while one is being made. Never rejects: `refused` says why it could not. */
  start(): Promise<void>;
  pause(): void;
  resume(): void;
  /** Ends the recording and sends what is left. */
  stop(): Promise<void>;
  /** Throws the recording in hand away: here and, if it was begun there, on the server. */
  cancel(): Promise<void>;
  /** A finished file, in slices; it becomes the recording in hand. `durationMs`: of the sound. */
  send(file: Blob, details: { readonly mimeType: string; readonly durationMs: number }): Promise<void>;
  /** Tries again what is kept or failed. */
  retry(recordingId: string): Promise<void>;
  /** Removes a recording from this device (and its unfinished session from the server). */
  discard(recordingId: string): Promise<void>;
  /** The recording as one file, to keep it elsewhere. @throws StoreError */
  export(recordingId: string): Promise<{ readonly body: UploadBody; readonly mimeType: string }>;
  /**
   * Somebody else is signed in now, or nobody (null): theirs are shown and sent, the former one's stay on the device
   * until they are back. What the former one is recording is ended first; what nobody signed in for becomes theirs, and
   * goes on. Call it before the first
   * request with the other one's token.
   */
  changeOwner(owner: string | null): Promise<void>;
  /** Removes all of the owner's recordings from this device: what is being made, sent, kept, and held by other tabs. */
  discardAll(): Promise<void>;
  /**
   * Forgets the owner, here and on the server: `discardAll`, then `VoiceApi.eraseMe`, followed to its end.
   * @throws ApiError when the server does not take it on: the device has nothing more, and asking again is right
   */
  eraseMe(): AsyncGenerator<Erasure, void, void>;
  /** Back to `idle`, ready for the next; what is under way goes on. */
  dismiss(): void;
  /** Frees the microphone and ends what is under way; what is not finished is found at the next open. */
  close(): Promise<void>;
}

/** What a person should know before talking. */
export type StorageWarning =
  /** No recording can be kept: a crash would lose it. Recording is refused. */
  | 'store-not-available'
  | 'store-full'
  /** It is kept, but the browser may throw it away when the disk gets full. */
  | 'store-may-be-evicted';
