/**
 * What an app renders: one discriminated union, made from the record and from what is going on (`view-recording.ts`).
 * There is no other state to know of.
 *
 *   idle ─▶ starting ─▶ recording ⇄ paused ─▶ finishing ─▶ sending ─▶ processing ─▶ ready
 *              └▶ refused   └▶ discarded                      ⇅            ├▶ failed ─▶ (retry) processing
 *                                                            kept          └▶ (merge failed) sending
 *   A recording found at the next open starts at `sending`, `kept` or `processing`.
 */
import type { SessionStatus, Strategy } from '../contract.ts';
import type { RecorderErrorCode, RecorderTrouble } from './ports.ts';

/**
 * Where the words are safe. Each is true when it is said:
 * `recorded`: all of it is on this device, and on its way. `on-this-device-only`: nothing has reached the server, and
 * nothing is on its way. `partly-uploaded`: some has reached it. `uploaded`: the server has all of it. `entry-ready`.
 */
export type Safety = 'recorded' | 'on-this-device-only' | 'partly-uploaded' | 'uploaded' | 'entry-ready';

export type ChunkView = {
  readonly index: number;
  readonly bytes: number;
  readonly state: 'waiting' | 'sending' | 'acknowledged';
  /** Tries that failed so far. */
  readonly failures: number;
};

export type UploadView = {
  readonly safety: Safety;
  readonly online: boolean;
  readonly sessionId: string | null;
  readonly strategy: Strategy;
  /** Why the whole recording goes up instead of its chunks; null when it doesn't. */
  readonly fallbackReason: string | null;
  readonly totalBytes: number;
  readonly acknowledgedBytes: number;
  readonly chunks: readonly ChunkView[];
  /** Bytes a second, as measured; null before the first chunk. */
  readonly bytesPerSecond: number | null;
};

/** Why a recording stays on the device for now. Only `trying-again` and `offline` go on by themselves. */
export type KeptReason =
  | 'offline'
  | 'trying-again'
  /** 401, also after the token was renewed. */
  | 'signed-out'
  /** The server will not have it: too long, or not a recording. `code` says more. */
  | 'refused'
  /** Another tab has it in hand. */
  | 'elsewhere'
  /** The device's store failed or lost a chunk. */
  | 'store-failed';

type Of = {
  readonly recordingId: string;
  readonly upload: UploadView;
  readonly durationMs: number;
  /** What was understood so far; empty until there is any. It comes while somebody talks, where the server can. */
  readonly transcript: string;
};

export type RecordingState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'starting' }
  /** It could not begin: nothing was recorded. */
  | { readonly phase: 'refused'; readonly reason: RecorderErrorCode | 'store-not-available' | 'store-full' }
  | (Of & {
      readonly phase: 'recording' | 'paused';
      /** `silent`: nothing was heard for five seconds, though the microphone works. */
      readonly trouble: RecorderTrouble | 'silent' | null;
    })
  /** Stop was asked for; the last chunk is being written. */
  | (Of & { readonly phase: 'finishing' })
  | (Of & { readonly phase: 'sending' })
  | (Of & { readonly phase: 'kept'; readonly reason: KeptReason; readonly code: string | null })
  | (Of & { readonly phase: 'processing'; readonly status: SessionStatus | null })
  | (Of & { readonly phase: 'ready'; readonly status: SessionStatus })
  | (Of & {
      readonly phase: 'failed';
      readonly failure: NonNullable<SessionStatus['failure']>;
      readonly status: SessionStatus;
    })
  /** `empty`: nothing was recorded (stopped at once). */
  | { readonly phase: 'discarded'; readonly reason: 'cancelled' | 'empty' };

export type Meter = {
  /** dBFS, of the last tenth of a second. */
  readonly level: number;
  /** Recorded time, pauses not counted. */
  readonly elapsedMs: number;
};

/** One line of the list of recordings that are on this device. */
export type RecordingSummary = {
  readonly recordingId: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly durationMs: number;
  /** The app went away while it recorded: it ends where the last chunk ended. */
  readonly cutOff: boolean;
  readonly state: RecordingState;
};
