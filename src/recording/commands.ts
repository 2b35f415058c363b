/** What can be asked of a session. Time, stored objects and randomness come in: `decide` only thinks. */
import type { ObjectReference, SessionCreated, StepName, StepResult } from './events.ts';

export type ManifestChunk = { readonly index: number; readonly bytes: number; readonly sha256: string };

type Timed = { readonly now: string };

export type CreateSession = Timed & {
  readonly type: 'CreateSession';
  readonly data: Omit<SessionCreated['data'], 'at'>;
  /** URLs for chunks 0 … authorize−1 come with the answer. */
  readonly authorize: number;
};
export type AuthorizeUpload = Timed & {
  readonly type: 'AuthorizeUpload';
  readonly indexes: readonly number[];
};
/** What the client knows of a chunk besides its bytes. */
export type ChunkDetails = {
  readonly startMs?: number;
  readonly endMs?: number;
  readonly levels?: readonly number[];
  readonly uploadMs?: number;
  readonly attempts?: number;
};
export type AcknowledgeChunk = Timed &
  ChunkDetails & {
    readonly type: 'AcknowledgeChunk';
    readonly claimed: ManifestChunk;
    /** What the object store really holds under the chunk's key. */
    readonly stored: ObjectReference | null;
  };
export type CompleteUpload = Timed & {
  readonly type: 'CompleteUpload';
  /** So many, from the first on, need not be listed: the client was told that they are here. */
  readonly acknowledged: number;
  readonly chunks: readonly (ManifestChunk & ChunkDetails)[];
  readonly images: readonly ManifestChunk[];
  /** What the store holds for the chunks not acknowledged yet, by index. */
  readonly storedChunks: ReadonlyMap<number, ObjectReference | null>;
  readonly storedImages: ReadonlyMap<number, ObjectReference | null>;
  readonly durationMs: number;
  /** Of the whole recording, its chunks one after the other. */
  readonly sha256?: string;
  /** The client's clock. */
  readonly stoppedAt: string;
};
/** The deadline timer: seals a quiet session with what arrived, or lets one without a chunk expire. */
export type PassDeadline = Timed & { readonly type: 'PassDeadline' };
export type FallBack = Timed & {
  readonly type: 'FallBack';
  readonly reason: string;
  readonly expiresAt: string;
};
export type RetrySession = Timed & { readonly type: 'RetrySession' };
export type EraseSession = Timed & { readonly type: 'EraseSession' };
export type RecordResult = Timed & {
  readonly type: 'RecordResult';
  readonly step: StepName;
  readonly generation: number;
  /** The window or paragraph; absent for the step as a whole. */
  readonly part?: number;
  readonly results: readonly StepResult[];
};
export type RecordFailure = Timed & {
  readonly type: 'RecordFailure';
  readonly step: StepName;
  readonly generation: number;
  readonly part?: number;
  readonly attempt: number;
  readonly error: StepError;
  /** Uniform in [0, 1): the jitter of the next attempt's delay. */
  readonly random: number;
};

/**
 * Why an attempt failed. `transient`: trying again may heal it. `outage`: the provider or the store is away; it costs
 * no try, only patience. `permanent`: trying again with the same input cannot heal it, `retry` by a person might.
 * `input`: what was uploaded is at fault; nothing but another upload heals it.
 */
export type StepError = {
  readonly kind: 'transient' | 'outage' | 'permanent' | 'input';
  readonly code: string;
  /** For people and logs; never text of the recording, never a secret. */
  readonly message: string;
  readonly retryAfterMs?: number;
};

export type RecordingCommand =
  | CreateSession
  | AuthorizeUpload
  | AcknowledgeChunk
  | CompleteUpload
  | PassDeadline
  | FallBack
  | RetrySession
  | EraseSession
  | RecordResult
  | RecordFailure;
