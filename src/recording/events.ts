/**
 * What can have happened to one recording session: the events of the stream `recording-<sessionId>`.
 *
 * Events hold facts and references, never speech or text: audio, transcripts and entries are objects, named here by
 * key, size and SHA-256. Every event says `at`: ISO 8601 UTC, the clock of the node that decided it.
 */
export type SessionKind = 'voice' | 'voice-with-images';
export type Strategy = 'chunked' | 'single';
/**
 * How the recording was cut, and so how it is joined:
 * `stream` (recorder timeslices; concatenate), `segments` (each a complete file; remux), `slices` (byte ranges of a
 * finished file; concatenate).
 */
export type ChunkMode = 'stream' | 'segments' | 'slices';

export const STEPS = ['merge', 'transcribe', 'describe-images', 'polish', 'emotion', 'feedback'] as const;
export type StepName = (typeof STEPS)[number];

export type ObjectReference = {
  readonly key: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
};

export type Assignment = {
  readonly flag: string;
  readonly variant: Strategy;
  /** The flag's percentage when the session was assigned. */
  readonly percent: number;
  readonly reason: string;
};

export type Segmenting = { readonly mode: ChunkMode; readonly seconds: number };

export type Gap = { readonly startMs: number; readonly endMs: number; readonly reason: string };

export type Coverage = {
  /** What the recorder says it recorded; the stored length where the two differ by no more than clocks do. */
  readonly capturedMs: number;
  /** What the joined file holds. */
  readonly storedMs: number;
  readonly transcribedMs: number;
  readonly gaps: readonly Gap[];
};

type At = { readonly at: string };
/** A step's run is named by its generation (raised by requeue and fallback) so that a late result of an older one is known. */
type OfStep = {
  readonly step: StepName;
  readonly generation: number;
  /** The window (of `transcribe`) or the paragraph (of `polish`) that was worked on; absent for the step as a whole. */
  readonly part?: number;
};
type Made = { readonly generation: number; readonly provider?: string; readonly model?: string };

export type SessionCreated = {
  readonly type: 'SessionCreated';
  readonly data: At & {
    readonly sessionId: string;
    /** Pseudonymous. */
    readonly userId: string;
    readonly kind: SessionKind;
    readonly strategy: Strategy;
    readonly assignment: Assignment;
    readonly mimeType: string;
    readonly segmenting: Segmenting;
    /** The images that will be uploaded, by their position. */
    readonly images: readonly { readonly mimeType: string }[];
    readonly device: Readonly<Record<string, string>>;
    /** The session is over when nothing was heard of it until then. */
    readonly expiresAt: string;
    /** SHA-256 of the request, when it came with an Idempotency-Key. */
    readonly requestSha256?: string;
  };
};
export type UploadAuthorized = {
  readonly type: 'UploadAuthorized';
  readonly data: At & { readonly fromIndex: number; readonly toIndex: number };
};
export type ChunkReceived = {
  readonly type: 'ChunkReceived';
  readonly data: At & {
    readonly index: number;
    readonly key: string;
    readonly bytes: number;
    readonly sha256: string;
    readonly startMs?: number;
    readonly endMs?: number;
    /** dBFS, ten a second, by the recorder's own meter. */
    readonly levels?: readonly number[];
    /** How long the client took to put it, and in how many tries. */
    readonly uploadMs?: number;
    readonly attempts?: number;
  };
};
export type ChunkRejected = {
  readonly type: 'ChunkRejected';
  readonly data: At & { readonly index: number; readonly reason: 'checksum' | 'size' | 'missing' };
};
export type UploadFellBack = {
  readonly type: 'UploadFellBack';
  readonly data: At & { readonly reason: string; readonly expiresAt: string };
};
/** A client came back to a recording that the server had sealed without it: it brings the rest. */
export type UploadReopened = { readonly type: 'UploadReopened'; readonly data: At };
export type UploadCompleted = {
  readonly type: 'UploadCompleted';
  readonly data: At & {
    readonly by: 'client' | 'server';
    /** The recording is chunks 0 … chunks−1. */
    readonly chunks: number;
    readonly bytes: number;
    readonly images: readonly (ObjectReference & { readonly index: number })[];
    /** By the recorder; absent when the server sealed the session. */
    readonly durationMs?: number;
    /** From the tap on stop to this event; absent when the client's clock cannot be believed. */
    readonly uploadWaitMs?: number;
    /** Of the chunks one after the other, as the recorder gave them (hex). */
    readonly sha256?: string;
  };
};
export type RecordingMerged = {
  readonly type: 'RecordingMerged';
  readonly data: At &
    Made &
    ObjectReference & {
      readonly mimeType: string;
      readonly durationMs: number;
      readonly how: 'concatenated' | 'remuxed' | 'as-is';
      /** The file ends in the middle of a block: what was readable was kept. */
      readonly truncated: boolean;
    };
};
export type MergeFailed = {
  readonly type: 'MergeFailed';
  readonly data: At & Made & { readonly reason: string };
};
export type WindowTranscribed = {
  readonly type: 'WindowTranscribed';
  readonly data: At &
    Made &
    ObjectReference & {
      readonly window: number;
      /** What of the recording it answers for: its neighbours begin and end there, what was sent overlaps them. */
      readonly startMs: number;
      readonly endMs: number;
      /** How much was said: words, or characters where words aren't parted. */
      readonly units: number;
      /** Why it counts as not understood, though it was asked for more than once. */
      readonly gap?: string;
    };
};
/** A paragraph of the entry, written while the rest was still being said. */
export type ParagraphPolished = {
  readonly type: 'ParagraphPolished';
  readonly data: At &
    Made &
    ObjectReference & {
      readonly paragraph: number;
      /** Of what was said, as `WindowTranscribed` counts. */
      readonly units: number;
      /** What the provider made of it left something out or added something: it stands as it was spoken. */
      readonly asSpoken: boolean;
    };
};
export type TranscriptAssembled = {
  readonly type: 'TranscriptAssembled';
  readonly data: At &
    Made &
    ObjectReference & {
      /** Length of the text; 0 when nothing was said. */
      readonly characters: number;
      readonly coverage: Coverage;
    };
};
export type ImagesDescribed = {
  readonly type: 'ImagesDescribed';
  readonly data: At & Made & ObjectReference & { readonly images: number };
};
export type EntryPolished = { readonly type: 'EntryPolished'; readonly data: At & Made & ObjectReference };
export type EmotionAnalysed = {
  readonly type: 'EmotionAnalysed';
  readonly data: At & Made & ObjectReference;
};
export type FeedbackWritten = {
  readonly type: 'FeedbackWritten';
  readonly data: At & Made & ObjectReference;
};
export type StepAttemptFailed = {
  readonly type: 'StepAttemptFailed';
  readonly data: At &
    OfStep & {
      readonly attempt: number;
      readonly code: string;
      readonly message: string;
      /** The provider or the store was away: costs no try. */
      readonly outage: boolean;
      /** When the next attempt may start; absent when there is none. */
      readonly retryAt?: string;
    };
};
export type StepFailed = {
  readonly type: 'StepFailed';
  readonly data: At & OfStep & { readonly code: string; readonly message: string; readonly attempts: number };
};
export type StepRequeued = { readonly type: 'StepRequeued'; readonly data: At & { readonly step: StepName } };
export type SessionCompleted = {
  readonly type: 'SessionCompleted';
  readonly data: At & {
    readonly uploadWaitMs?: number;
    /** From UploadCompleted to here. */
    readonly processingMs: number;
    /** Enrichments that were given up. */
    readonly without: readonly StepName[];
  };
};
export type SessionFailed = {
  readonly type: 'SessionFailed';
  readonly data: At & {
    readonly code: string;
    readonly message: string;
    readonly retriable: boolean;
    /** Set when only the client can help: it is asked for the whole file (`POST fallback`). */
    readonly action?: 'upload_whole_file';
    readonly step: StepName;
  };
};
export type SessionExpired = { readonly type: 'SessionExpired'; readonly data: At };
export type SessionErased = { readonly type: 'SessionErased'; readonly data: At };

/** What a step can end in. */
export type StepResult =
  | RecordingMerged
  | MergeFailed
  | WindowTranscribed
  | TranscriptAssembled
  | ImagesDescribed
  | ParagraphPolished
  | EntryPolished
  | EmotionAnalysed
  | FeedbackWritten;

export type RecordingEvent =
  | SessionCreated
  | UploadAuthorized
  | ChunkReceived
  | ChunkRejected
  | UploadFellBack
  | UploadReopened
  | UploadCompleted
  | StepResult
  | StepAttemptFailed
  | StepFailed
  | StepRequeued
  | SessionCompleted
  | SessionFailed
  | SessionExpired
  | SessionErased;

export type RecordingEventType = RecordingEvent['type'];

/** The stream of a session. */
export function recordingStream(sessionId: string): string {
  return `recording-${sessionId}`;
}
