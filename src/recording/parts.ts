/**
 * Steps done in parts: the windows of `transcribe`, the paragraphs of `polish`. A part has attempts and patience of its
 * own; its generation is its step's.
 */
import { defined } from './defined.ts';
import type { StepAttemptFailed, StepFailed, StepName } from './events.ts';
import type { PartedStep, PartState, Session, StepState } from './session.ts';

export const NO_PARTS: Session['parts'] = { transcribe: new Map(), polish: new Map() };

const UNTRIED: PartState = {
  outcome: 'open',
  attempts: 0,
  outages: 0,
  forgiven: { attempts: 0, outages: 0 },
};

export function isParted(step: StepName): step is PartedStep {
  return step === 'transcribe' || step === 'polish';
}

export function partOf(session: Session, step: StepName, part: number): PartState {
  return (isParted(step) ? session.parts[step].get(part) : undefined) ?? UNTRIED;
}

export function withPart(session: Session, step: StepName, part: number, state: PartState): Session {
  if (!isParted(step)) return session;
  const parts = new Map(session.parts[step]).set(part, state);
  return { ...session, parts: { ...session.parts, [step]: parts } };
}

/** The provider is there (again): what of this step was to be tried later is tried at once. */
export function partDone(session: Session, step: PartedStep, part: number): Session {
  const done = withPart(session, step, part, { ...partOf(session, step, part), outcome: 'done' });
  const parts = new Map(done.parts[step]);
  for (const [each, { retryAt: _later, ...state }] of parts) parts.set(each, state);
  return { ...done, parts: { ...done.parts, [step]: parts } };
}

/** Attempts of a step and of its parts that failed. */
export function failedAttempts(session: Session, step: StepName): number {
  let failed = session.steps[step].attempts;
  if (isParted(step)) for (const { attempts } of session.parts[step].values()) failed += attempts;
  return failed;
}

/** The step is tried anew: so are those of its parts that have no result. */
export function withoutParts<S extends Pick<Session, 'parts'>>(session: S, step: StepName): S {
  return isParted(step) ? { ...session, parts: { ...session.parts, [step]: new Map() } } : session;
}

/** A window given up is the failure of its step; a paragraph given up is written with the others in the end. */
export function partFailed(session: Session, { step, part = 0, code, message }: StepFailed['data']): Session {
  const error = { code, message };
  const given = withPart(session, step, part, { ...partOf(session, step, part), outcome: 'failed', error });
  if (step !== 'transcribe') return given;
  const steps = {
    ...session.steps,
    transcribe: { ...session.steps.transcribe, outcome: 'failed' as const, error },
  };
  return { ...given, steps };
}

export function afterFailedAttempt<S extends StepState | PartState>(
  before: S,
  { code, message, at, outage, retryAt }: StepAttemptFailed['data'],
): S {
  const { retryAt: _before, ...rest } = before;
  return {
    ...rest,
    attempts: before.attempts + 1,
    outages: before.outages + (outage ? 1 : 0),
    firstFailedAt: before.firstFailedAt ?? at,
    error: { code, message },
    ...defined({ retryAt }),
  } as S;
}

/** The recording has ended: from now on somebody waits. What was to be tried later is tried at once, with new patience. */
export function forgiven(parts: Session['parts']): Session['parts'] {
  const each = (of: ReadonlyMap<number, PartState>) =>
    new Map(
      [...of].map(([part, { firstFailedAt: _first, retryAt: _later, ...state }]) => {
        const { attempts, outages } = state;
        return [part, { ...state, forgiven: { attempts, outages } }];
      }),
    );
  return { transcribe: each(parts.transcribe), polish: each(parts.polish) };
}

/** What the retry policy is to look at: attempts since the recording ended. */
export function counted({ attempts, outages, forgiven, ...state }: PartState): Omit<StepState, 'generation'> {
  return { ...state, attempts: attempts - forgiven.attempts, outages: outages - forgiven.outages };
}
