/**
 * What is written down of a recording on the device: enough to finish it after a crash, and to say truly how far it is.
 * Plain JSON, versioned: an older app's record is read for ever. Bytes are kept beside it, by chunk.
 */
import type { ChunkMode, Strategy } from '../contract.ts';

export type KeptChunk = {
  /** 0, 1, 2 … without a hole. */
  readonly index: number;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly levels?: readonly number[];
  /** The server has said that it has it. Its bytes stay here until the whole recording is safe there. */
  readonly acknowledged: boolean;
  /** The last one, stored and not acknowledged: `complete` brings it to the server, a round trip sooner. */
  readonly stored?: StoredChunk;
};

export type StoredChunk = { readonly uploadMs: number; readonly attempts: number };

export type KeptSession = {
  readonly sessionId: string;
  /** How it goes up: `single` is the whole recording as one file, after stop. */
  readonly strategy: Strategy;
  readonly concurrency: number;
};

export type KeptRecording = {
  readonly version: 1;
  /** A UUID made here; also the Idempotency-Key of `create`. */
  readonly recordingId: string;
  /** Whose it is, as the app names who is signed in; absent when it is whoever's. */
  readonly owner?: string;
  /** ISO 8601, by the device's clock. */
  readonly createdAt: string;
  readonly mimeType: string;
  readonly mode: ChunkMode;
  readonly chunkSeconds: number;
  readonly chunks: readonly KeptChunk[];
  /** What the flags said before `create` was answered; the server's answer wins. */
  readonly wanted: Strategy;
  /** How many sessions were made for it: a session that is gone is followed by another. */
  readonly round: number;
  readonly session: KeptSession | null;
  /** Why the whole recording goes up by the single path; null when it doesn't. */
  readonly fallbackReason: string | null;
  /** The fallback was made known to the server (or is not needed). */
  readonly fallbackTold: boolean;
  /** The one file of the single path, once it has arrived. */
  readonly whole: { readonly bytes: number; readonly sha256: string } | null;
  /** Earlier sessions that may hold a part of it: erased once this one has all. */
  readonly abandoned: readonly string[];
  /** Set at stop, or at the next open when the app went away while it recorded. */
  readonly ended: {
    readonly durationMs: number;
    readonly stoppedAt: string;
    readonly cutOff: boolean;
  } | null;
  /** The server has accepted the upload as complete. */
  readonly uploaded: boolean;
  /** The entry stands on the server; the record is removed soon after. */
  readonly entryReady: boolean;
  /** The last thing that stopped the upload for good, until a person tries again. */
  readonly refusal: { readonly code: string; readonly message: string } | null;
  /** Thrown away by its owner: what is left to do is to tell the server. */
  readonly discarded: boolean;
};
