/** The HTTP contract's shapes, as the app holds on to them (see the server's /openapi.json). */
export type Strategy = 'chunked' | 'single';
export type ChunkMode = 'stream' | 'segments' | 'slices';

export type CreateRequest = {
  readonly mimeType: string;
  readonly kind?: 'voice' | 'voice-with-images';
  readonly segmenting?: { readonly mode: ChunkMode; readonly seconds?: number };
  readonly images?: readonly { readonly mimeType: string }[];
  readonly device?: Readonly<Record<string, string>>;
};

/** PUT the bytes there with exactly these headers, before it expires. */
export type SignedUrl = {
  readonly index: number;
  readonly url: string;
  readonly method: 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: string;
};

export type CreatedSession = {
  readonly sessionId: string;
  readonly strategy: Strategy;
  readonly assignment: {
    readonly flag: string;
    readonly variant: Strategy;
    readonly percent: number;
    readonly reason: string;
  };
  readonly upload: {
    readonly concurrency: number;
    readonly chunkSeconds: number;
    readonly maxChunkBytes: number;
    readonly urls: readonly SignedUrl[];
    readonly imageUrls?: readonly SignedUrl[];
  };
  readonly expiresAt: string;
};

export type ManifestChunk = { readonly index: number; readonly bytes: number; readonly sha256: string };

export type ChunkDetails = {
  readonly startMs?: number;
  readonly endMs?: number;
  readonly levels?: readonly number[];
  readonly uploadMs?: number;
  readonly attempts?: number;
};

export type CompleteRequest = {
  /** So many, from the first on, were acknowledged and need not be listed; 0 when absent. */
  readonly acknowledged?: number;
  readonly chunks: readonly (ManifestChunk & ChunkDetails)[];
  readonly images?: readonly ManifestChunk[];
  readonly durationMs: number;
  readonly stoppedAt: string;
  /** Hex, of the chunks one after the other; compared with the recording as the server joined it. */
  readonly sha256?: string;
};

/** What became of every millisecond: captured, less the gaps, is transcribed. */
export type Coverage = {
  readonly capturedMs: number;
  readonly storedMs: number;
  readonly transcribedMs: number;
  /** In order; `pending` may still be heard, `not_stored` never arrived, the others were not understood. */
  readonly gaps: readonly { readonly startMs: number; readonly endMs: number; readonly reason: string }[];
};

export type SessionState = 'recording' | 'processing' | 'completed' | 'failed' | 'expired' | 'erased';

export type SessionStatus = {
  readonly sessionId: string;
  readonly state: SessionState;
  readonly stage: string;
  readonly progress: number;
  readonly received: readonly number[];
  readonly steps: Readonly<Record<string, { readonly state: string; readonly failedAttempts: number }>>;
  readonly coverage?: Coverage;
  readonly transcript?: { readonly text: string; readonly language?: string };
  /**
   * While recording and until `transcript` is there: what was understood so far, which only grows, and up to which
   * millisecond of the recording. Older servers don't tell it.
   */
  readonly partialTranscript?: { readonly text: string; readonly throughMs: number };
  readonly entry?: {
    readonly title: string;
    readonly text: string;
    readonly emotion: string | null;
    readonly feedback: string | null;
  };
  readonly failure?: {
    readonly code: string;
    readonly message: string;
    readonly retriable: boolean;
    readonly action?: 'upload_whole_file';
  };
  /** Who said that this is all; the server when the recorder had gone quiet. */
  readonly sealedBy?: 'client' | 'server';
  readonly timings: {
    readonly uploadWaitMs: number | null;
    readonly processingMs: number | null;
    readonly totalMs: number | null;
  };
  /** `sandbox` is not the real thing. */
  readonly provider?: string;
  readonly version: number;
};

export type Flags = {
  readonly chunkedUpload: {
    readonly enabled: boolean;
    readonly variant: Strategy;
    readonly chunkSeconds: number;
    readonly concurrency: number;
  };
};

/** Somebody asked to be forgotten. Whoever knows its id may look; who it was about is not kept. */
export type Erasure = {
  /** Null when nothing was known of them: there is nothing to follow. */
  readonly id: string | null;
  readonly requestedAt: string;
  /** When the server had made sure that nothing is left, about a minute later; null until then. */
  readonly finishedAt: string | null;
  /** Recordings and entries that are not erased yet. */
  readonly sessionsLeft: number;
};

export type EntryItem = {
  readonly id: string;
  readonly createdAt: string;
  readonly title: string;
  readonly text: string;
  readonly emotion: string | null;
  readonly feedback: string | null;
};

/** An entry with what was said, what of it was not understood, and whether it can be listened to. */
export type Entry = EntryItem & {
  readonly transcript: string;
  /** Older servers don't tell it. */
  readonly coverage?: Coverage;
  /** `gone`: past its retention; `not_joined`: there is no one file of it. Older servers don't tell it. */
  readonly audio?: 'kept' | 'gone' | 'not_joined';
};

/** The recording, to be got in ranges and without a token, until the URL expires. */
export type EntryAudio = {
  readonly url: string;
  readonly mimeType: string;
  readonly bytes: number;
  readonly durationMs: number;
  readonly expiresAt: string;
};
