/** What a client reads of a session, computed from the fold: the answer of `GET status`, less the texts. */
import { defined } from './defined.ts';
import { type Coverage, STEPS, type StepName } from './events.ts';
import { ledgerOf } from './ledger.ts';
import { failedAttempts } from './parts.ts';
import { pendingSteps } from './pending-steps.ts';
import { progress } from './progress.ts';
import type { Failure, Phase, Session } from './session.ts';

export type StepView = {
  readonly state: 'waiting' | 'running' | 'retrying' | 'done' | 'failed' | 'not-needed';
  /** Attempts that failed so far. */
  readonly failedAttempts: number;
  readonly retryAt?: string;
  readonly error?: { readonly code: string; readonly message: string };
};

export type Stage =
  | 'recording'
  | 'merging'
  | 'transcribing'
  | 'writing'
  | 'completed'
  | 'failed'
  | 'expired'
  | 'erased';

export type StatusView = {
  readonly state: Phase;
  readonly stage: Stage;
  /** 0–100; never goes backwards, unless more of a sealed recording comes. */
  readonly progress: number;
  readonly received: readonly number[];
  readonly steps: Readonly<Record<StepName, StepView>>;
  readonly coverage?: Coverage;
  readonly failure?: Omit<Failure, 'step'>;
  /** Who said that this is all; the server when the recorder had gone quiet. */
  readonly sealedBy?: 'client' | 'server';
  readonly timings: {
    readonly uploadWaitMs: number | null;
    readonly processingMs: number | null;
    readonly totalMs: number | null;
  };
};

export function statusView(session: Session, now: string): StatusView {
  const { failure, upload } = session;
  return {
    state: session.phase,
    stage: stageOf(session),
    progress: progress(session, now),
    received: [...session.chunks.keys()].sort((a, b) => a - b),
    steps: stepViews(session, now),
    ...defined({ coverage: ledgerOf(session) }),
    ...(failure === undefined ? {} : { failure: withoutStep(failure) }),
    ...(upload === undefined ? {} : { sealedBy: upload.by }),
    timings: timingsOf(session),
  };
}

function stageOf(session: Session): Stage {
  if (session.phase !== 'processing') return session.phase;
  if (session.transcript !== undefined) return 'writing';
  return session.steps.merge.outcome === 'open' ? 'merging' : 'transcribing';
}

function stepViews(session: Session, now: string): Record<StepName, StepView> {
  const pending = new Set(pendingSteps(session).map(({ step }) => step));
  const view = (step: StepName): StepView => {
    const { outcome, retryAt, error } = session.steps[step];
    const waitsForRetry = retryAt !== undefined && retryAt > now;
    const open = pending.has(step) ? (waitsForRetry ? 'retrying' : 'running') : undefined;
    const idle = session.phase === 'completed' ? 'not-needed' : 'waiting';
    return {
      state: outcome === 'open' ? (open ?? idle) : outcome,
      failedAttempts: failedAttempts(session, step),
      ...(open === 'retrying' && retryAt !== undefined ? { retryAt } : {}),
      ...(error !== undefined && outcome !== 'done' ? { error } : {}),
    };
  };
  return Object.fromEntries(STEPS.map((step) => [step, view(step)])) as Record<StepName, StepView>;
}

function timingsOf({ upload, endedAt }: Session): StatusView['timings'] {
  const uploadWaitMs = upload?.uploadWaitMs ?? null;
  const processingMs =
    upload === undefined || endedAt === undefined
      ? null
      : Math.max(0, Date.parse(endedAt) - Date.parse(upload.at));
  const totalMs = uploadWaitMs === null || processingMs === null ? null : uploadWaitMs + processingMs;
  return { uploadWaitMs, processingMs, totalMs };
}

function withoutStep({ step: _step, ...failure }: Failure): Omit<Failure, 'step'> {
  return failure;
}
