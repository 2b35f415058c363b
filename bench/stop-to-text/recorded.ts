/** How one recording fared, from the tap on stop on. */
import type { Length } from '../upload/plan.ts';
import type { LinkKind } from './plan.ts';

export type ArmName = 'chunked' | 'single (control)' | 'tus + whole file';

/** A request of the client's. Milliseconds since 1970. */
export type ClientRequest = {
  readonly method: string;
  readonly path: string;
  readonly startedAt: number;
  readonly endedAt: number;
};

export type AfterStop = {
  /** When stop was tapped: milliseconds since 1970. */
  readonly stoppedAt: number;
  /** From there until the client knew: that the server has all of it, the transcript, the entry. */
  readonly uploadedMs: number;
  readonly transcriptMs: number;
  readonly entryMs: number;
  readonly sessionId: string;
  readonly transcript: string;
  readonly requests: readonly ClientRequest[];
};

export type Recorded = AfterStop & {
  readonly arm: ArmName;
  readonly length: Length;
  readonly link: LinkKind;
  readonly durationMs: number;
  readonly bytes: number;
};
