/**
 * The state of one recording session, folded from its events.
 *
 *   (none) ──SessionCreated──▶ recording ──UploadCompleted──▶ processing ──SessionCompleted──▶ completed
 *                               ▲  │                            │    ▲
 *                UploadFellBack │  └─SessionExpired─▶ expired   │    └─StepRequeued── failed (retriable)
 *                               └───────────────────────────────┴──SessionFailed────▶ failed
 *   SessionErased leads from anywhere to erased. expired and erased are ends: nothing leads back from them. completed is
 *   one too (it may still be enriched by a requeued step, and be erased), unless the server had sealed the upload: its
 *   client may come back with the rest, and UploadReopened leads back into recording (so from processing and failed).
 *
 * A crash in any phase loses nothing: the phase is in the log, and `pendingSteps` says what is to be done next.
 */
import type {
  Assignment,
  Coverage,
  ObjectReference,
  Segmenting,
  SessionKind,
  StepName,
  Strategy,
} from './events.ts';

export type Phase = 'recording' | 'processing' | 'completed' | 'failed' | 'expired' | 'erased';

export type Chunk = {
  readonly index: number;
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly startMs?: number;
  readonly endMs?: number;
  /** dBFS, ten a second. */
  readonly levels?: readonly number[];
};

export type StepState = {
  /**
   * Raised when the step is requeued, when it was open as its failed session went on, and when the upload starts
   * anew; results of an older generation don't count.
   */
  readonly generation: number;
  readonly outcome: 'open' | 'done' | 'failed';
  /** Attempts of this generation that failed. */
  readonly attempts: number;
  /** Those of them that were the provider's or the store's absence, and don't count as tries. */
  readonly outages: number;
  readonly firstFailedAt?: string;
  readonly retryAt?: string;
  readonly error?: { readonly code: string; readonly message: string };
};

/** One window or paragraph of a step that is done in parts. Its generation is the step's. */
export type PartState = Omit<StepState, 'generation'> & {
  /** Attempts (and outages among them) while it was still being recorded: patience begins anew when that ends. */
  readonly forgiven: Pick<StepState, 'attempts' | 'outages'>;
};

/** The steps that are done in parts while the recording goes on. */
export type PartedStep = 'transcribe' | 'polish';

export type HeardWindow = ObjectReference & {
  readonly startMs: number;
  readonly endMs: number;
  readonly units: number;
  readonly gap?: string;
};
export type WrittenParagraph = ObjectReference & { readonly units: number };

export type Upload = {
  readonly chunks: number;
  readonly bytes: number;
  readonly by: 'client' | 'server';
  readonly images: readonly (ObjectReference & { readonly index: number })[];
  readonly durationMs?: number;
  readonly uploadWaitMs?: number;
  readonly sha256?: string;
  readonly at: string;
};

export type Merged = ObjectReference & { readonly mimeType: string; readonly durationMs: number };

export type Failure = {
  readonly code: string;
  readonly message: string;
  readonly retriable: boolean;
  readonly action?: 'upload_whole_file';
  readonly step: StepName;
};

export type Session = {
  readonly sessionId: string;
  readonly userId: string;
  readonly phase: Phase;
  readonly kind: SessionKind;
  /** `single` from the start (control arm) or after a fallback. */
  readonly strategy: Strategy;
  readonly assignment: Assignment;
  readonly mimeType: string;
  readonly segmenting: Segmenting;
  readonly images: readonly { readonly mimeType: string }[];
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly requestSha256?: string;
  readonly fellBack: boolean;
  /** Highest chunk index that a URL was given for; −1 before the first. */
  readonly authorizedThrough: number;
  readonly chunks: ReadonlyMap<number, Chunk>;
  readonly rejections: number;
  readonly lastHeardAt: string;
  readonly upload?: Upload;
  readonly steps: Readonly<Record<StepName, StepState>>;
  /** Parts that were tried in the step's generation. */
  readonly parts: Readonly<Record<PartedStep, ReadonlyMap<number, PartState>>>;
  readonly windows: ReadonlyMap<number, HeardWindow>;
  readonly paragraphs: ReadonlyMap<number, WrittenParagraph>;
  readonly merged?: Merged;
  readonly mergeFailed?: { readonly reason: string };
  readonly transcript?: ObjectReference & { readonly characters: number; readonly coverage: Coverage };
  readonly imageDescriptions?: ObjectReference;
  readonly entry?: ObjectReference;
  readonly emotion?: ObjectReference;
  readonly feedback?: ObjectReference;
  readonly failure?: Failure;
  /** When the state last changed by a milestone, and the progress that readers may already have seen then. */
  readonly milestoneAt: string;
  readonly progressFloor: number;
  readonly endedAt?: string;
};

/** No event leads out of these into recording or processing, but UploadReopened where the server had sealed it. */
export function hasEnded(session: Session): boolean {
  return session.phase === 'completed' || session.phase === 'expired' || session.phase === 'erased';
}

/** Enrichments: without them an entry is still an entry. */
export function isOptional(step: StepName): boolean {
  return step === 'emotion' || step === 'feedback' || step === 'describe-images';
}
