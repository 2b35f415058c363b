/** What can happen to an upload. Time and chance come in; a happening tells, it never asks. */
import type { SessionStatus } from '../contract.ts';
import type { KeptChunk, KeptRecording, KeptSession, StoredChunk } from './kept-recording.ts';
import type { Action } from './upload.ts';

/** Why an action failed, as data. `status` 0: no answer. */
export type ActionFailure = {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** The same may succeed a moment later. */
  readonly passing: boolean;
  readonly retryAfterMs?: number;
  /** From `chunks_missing` and `chunk_mismatch`. */
  readonly indexes?: readonly number[];
};

/** The result of an action, of the epoch it was begun in. */
export type ActionResult =
  | { readonly type: 'created'; readonly session: KeptSession; readonly round: number }
  /** Acknowledged, or `stored`: then the server hears of it by `complete`. */
  | { readonly type: 'chunk-sent'; readonly index: number; readonly stored?: StoredChunk }
  | { readonly type: 'told-fallback' }
  | { readonly type: 'whole-sent'; readonly bytes: number; readonly sha256: string }
  | { readonly type: 'completed' }
  | { readonly type: 'reprocessed' }
  | { readonly type: 'erased'; readonly sessionId: string }
  /** The stream of statuses has told the session's end. */
  | { readonly type: 'followed' }
  /** Cut off by us (offline, another path): no failure, to be done again when it is due. */
  | { readonly type: 'cut-off' }
  | {
      readonly type: 'failed';
      readonly failure: ActionFailure;
      /** Clock time. */
      readonly now: number;
      /** Uniform in [0, 1). */
      readonly random: number;
    };

export type Happening =
  /** Written to the device's store. */
  | { readonly type: 'captured'; readonly chunk: KeptChunk }
  | { readonly type: 'ended'; readonly ended: NonNullable<KeptRecording['ended']> }
  | { readonly type: 'connection'; readonly online: boolean }
  | { readonly type: 'visibility'; readonly visible: boolean }
  | { readonly type: 'begun'; readonly action: Action }
  | {
      readonly type: 'result';
      readonly action: Action;
      readonly epoch: number;
      readonly result: ActionResult;
    }
  | { readonly type: 'measured'; readonly bytes: number; readonly milliseconds: number }
  | { readonly type: 'status'; readonly epoch: number; readonly status: SessionStatus }
  | { readonly type: 'fallback-wanted'; readonly reason: string }
  | { readonly type: 'retry-wanted' }
  /** Nobody's until now; somebody has signed in. */
  | { readonly type: 'owned'; readonly owner: string }
  | { readonly type: 'discarded' };
