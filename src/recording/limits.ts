/** The bounds and patience of a session. Part of the configuration; `decide` gets them as an argument. */
export type RecordingLimits = {
  /** Chunk indexes are 0 … maxChunks−1. */
  readonly maxChunks: number;
  readonly maxChunkBytes: number;
  /** The whole recording; also what the one file of the single strategy may have. */
  readonly maxRecordingBytes: number;
  readonly maxImages: number;
  readonly maxImageBytes: number;
  /** A session that was not heard of for so long is sealed or expires. */
  readonly idleMs: number;
  /** For so long after the server has sealed a session its client may bring the rest. Chunks are kept for longer. */
  readonly reopenMs: number;
  readonly retry: RetryPolicy;
};

export type RetryPolicy = {
  /** Attempts that count, the first included. */
  readonly tries: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** How long an outage may last before the step is given up. */
  readonly patienceMs: number;
};

export const DEFAULT_LIMITS: RecordingLimits = {
  maxChunks: 1440,
  maxChunkBytes: 8 * 1024 * 1024,
  maxRecordingBytes: 200 * 1024 * 1024,
  maxImages: 9,
  maxImageBytes: 15 * 1024 * 1024,
  idleMs: 30 * 60_000,
  reopenMs: 24 * 3_600_000,
  retry: { tries: 5, firstDelayMs: 1_000, maxDelayMs: 10_000, patienceMs: 10 * 60_000 },
};
