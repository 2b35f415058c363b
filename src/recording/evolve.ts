import { defined } from './defined.ts';
import { type RecordingEvent, type SessionCreated, STEPS, type StepName, type StepResult } from './events.ts';
import {
  afterFailedAttempt,
  forgiven,
  NO_PARTS,
  partDone,
  partFailed,
  partOf,
  withoutParts,
  withPart,
} from './parts.ts';
import { progress } from './progress.ts';
import { type Chunk, hasEnded, type Session, type StepState } from './session.ts';
import { windowsOf } from './session-windows.ts';

/** Folds a stream's events; null when there are none. */
export function fold(events: Iterable<RecordingEvent>): Session | null {
  let session: Session | null = null;
  for (const event of events) session = evolve(session, event);
  return session;
}

/** Events that move the phase (erasure and requeue aside, which have their own rules). */
const MOVES_PHASE: ReadonlySet<RecordingEvent['type']> = new Set([
  'UploadFellBack',
  'UploadCompleted',
  'SessionCompleted',
  'SessionFailed',
  'SessionExpired',
]);

/** The state after `event`. Total: it never throws, and no event leads out of the end of a session but erasure. */
export function evolve(session: Session | null, event: RecordingEvent): Session | null {
  if (session === null) return event.type === 'SessionCreated' ? created(event.data) : null;
  if (session.phase === 'erased') return session;
  if (hasEnded(session) && MOVES_PHASE.has(event.type)) return session;
  const seen = progress(session, event.data.at);
  const next = apply(session, event);
  if (next === session) return session;
  // Of a longer recording less is done: the one way back that there is.
  if (event.type === 'UploadReopened') return { ...next, progressFloor: 0 };
  return { ...next, progressFloor: Math.max(session.progressFloor, seen) };
}

const FRESH: StepState = { generation: 0, outcome: 'open', attempts: 0, outages: 0 };

function created(data: SessionCreated['data']): Session {
  const { at, device: _device, ...facts } = data;
  return {
    ...facts,
    phase: 'recording',
    createdAt: at,
    fellBack: false,
    authorizedThrough: -1,
    chunks: new Map(),
    rejections: 0,
    lastHeardAt: at,
    steps: eachStep(() => FRESH),
    parts: NO_PARTS,
    windows: new Map(),
    paragraphs: new Map(),
    milestoneAt: at,
    progressFloor: 0,
  };
}

function apply(session: Session, event: RecordingEvent): Session {
  switch (event.type) {
    case 'SessionCreated':
      return session;
    case 'UploadAuthorized':
      return {
        ...session,
        lastHeardAt: event.data.at,
        authorizedThrough: Math.max(session.authorizedThrough, event.data.toIndex),
      };
    case 'ChunkReceived': {
      const { index, key, bytes, sha256, startMs, endMs, levels, at } = event.data;
      const chunk = { index, key, bytes, sha256, ...defined({ startMs, endMs, levels }) };
      const before = session.chunks.get(index);
      const replaced = before !== undefined && before.sha256 !== sha256;
      const kept = replaced ? unheard(session, before) : session;
      return { ...kept, lastHeardAt: at, chunks: new Map(session.chunks).set(index, chunk) };
    }
    case 'ChunkRejected':
      return { ...session, lastHeardAt: event.data.at, rejections: session.rejections + 1 };
    case 'UploadFellBack':
      return fellBack(session, event.data.at, event.data.expiresAt);
    case 'UploadReopened':
      return session.upload?.by === 'server' ? reopened(session, event.data.at) : session;
    case 'UploadCompleted': {
      const { by, chunks, bytes, images, durationMs, uploadWaitMs, sha256, at } = event.data;
      const upload = { by, chunks, bytes, images, at, ...defined({ durationMs, uploadWaitMs, sha256 }) };
      const parts = forgiven(session.parts);
      return { ...session, phase: 'processing', upload, parts, milestoneAt: at, lastHeardAt: at };
    }
    case 'StepAttemptFailed': {
      const { step, part } = event.data;
      if (part !== undefined) {
        return withPart(session, step, part, afterFailedAttempt(partOf(session, step, part), event.data));
      }
      return withStep(session, step, afterFailedAttempt(session.steps[step], event.data));
    }
    case 'StepFailed':
      if (event.data.part !== undefined) return partFailed(session, event.data);
      return withStep(session, event.data.step, {
        ...session.steps[event.data.step],
        outcome: 'failed',
        error: { code: event.data.code, message: event.data.message },
      });
    case 'StepRequeued': {
      const step = event.data.step;
      const {
        failure: _failure,
        mergeFailed,
        ...others
      } = step === 'transcribe' ? withoutGaps(session) : session;
      const rest = step === 'merge' ? others : { ...others, ...defined({ mergeFailed }) };
      const resumed =
        session.phase === 'failed'
          ? {
              ...rest,
              phase: 'processing' as const,
              steps: openStepsAnew(session.steps),
              parts: NO_PARTS,
            }
          : withoutParts(rest, step);
      return withStep({ ...resumed, milestoneAt: event.data.at }, step, anew(session.steps[step]));
    }
    case 'SessionCompleted':
      return { ...session, phase: 'completed', endedAt: event.data.at };
    case 'SessionFailed': {
      const { at, ...failure } = event.data;
      return { ...session, phase: 'failed', failure, milestoneAt: at };
    }
    case 'SessionExpired':
      return { ...session, phase: 'expired', endedAt: event.data.at };
    case 'SessionErased':
      return { ...session, phase: 'erased', endedAt: event.data.at };
    default:
      return applyResult(session, event);
  }
}

function applyResult(session: Session, event: StepResult): Session {
  const done = (step: StepName, facts: Partial<Session>): Session => ({
    ...withStep(session, step, { ...session.steps[step], outcome: 'done' }),
    milestoneAt: event.data.at,
    ...facts,
  });
  const { key, bytes, sha256 } = event.type === 'MergeFailed' ? NOTHING : event.data;
  const reference = { key, bytes, sha256 };
  switch (event.type) {
    case 'RecordingMerged': {
      const { mimeType, durationMs } = event.data;
      return done('merge', { merged: { ...reference, mimeType, durationMs } });
    }
    case 'MergeFailed':
      return done('merge', { mergeFailed: { reason: event.data.reason } });
    case 'WindowTranscribed': {
      const { window, startMs, endMs, units, gap } = event.data;
      const heard = { ...reference, startMs, endMs, units, ...defined({ gap }) };
      return {
        ...partDone(session, 'transcribe', window),
        windows: new Map(session.windows).set(window, heard),
      };
    }
    case 'ParagraphPolished': {
      const { paragraph, units } = event.data;
      return {
        ...partDone(session, 'polish', paragraph),
        paragraphs: new Map(session.paragraphs).set(paragraph, { ...reference, units }),
      };
    }
    case 'TranscriptAssembled': {
      const { characters, coverage } = event.data;
      return done('transcribe', { transcript: { ...reference, characters, coverage } });
    }
    case 'ImagesDescribed':
      return done('describe-images', { imageDescriptions: reference });
    case 'EntryPolished':
      return done('polish', { entry: reference });
    case 'EmotionAnalysed':
      return done('emotion', { emotion: reference });
    case 'FeedbackWritten':
      return done('feedback', { feedback: reference });
    default:
      return event satisfies never;
  }
}

const NOTHING = { key: '', bytes: 0, sha256: '' };

/** The upload starts anew as one whole file; what the chunks had led to is forgotten, the chunks' objects stay. */
function fellBack(session: Session, at: string, expiresAt: string): Session {
  const kept = withoutResults(session);
  const steps = eachStep((step) => {
    // Images were uploaded beside the chunks: what became of them stays.
    const before = session.steps[step];
    const stays = step === 'describe-images' && before.outcome !== 'open';
    return stays ? before : anew(before);
  });
  return {
    ...kept,
    phase: 'recording',
    strategy: 'single',
    fellBack: true,
    authorizedThrough: 0,
    chunks: new Map(),
    parts: NO_PARTS,
    windows: new Map(),
    paragraphs: new Map(),
    steps,
    expiresAt,
    lastHeardAt: at,
    milestoneAt: at,
  };
}

/** Of the recording as a whole. */
function withoutResults(session: Session) {
  const { upload: _u, merged: _m, mergeFailed: _f, transcript: _t, failure: _x, ...rest } = session;
  const { entry: _p, emotion: _e, feedback: _w, ...kept } = rest;
  return kept;
}

/**
 * More of the recording is coming: what was made of it as a whole is forgotten, and what was heard of it stays as far as
 * more cannot change it.
 */
function reopened(session: Session, at: string): Session {
  const { endedAt: _e, imageDescriptions: _i, ...rest } = withoutResults(session);
  const open: Session = {
    ...rest,
    phase: 'recording',
    steps: eachStep((step) => anew(session.steps[step])),
    parts: NO_PARTS,
    paragraphs: new Map(),
    lastHeardAt: at,
    milestoneAt: at,
  };
  // More chunks only add to these; the others are the tail as it was sealed.
  const firm = new Set(windowsOf(open).map(({ index }) => index));
  return { ...open, windows: new Map([...session.windows].filter(([index]) => firm.has(index))) };
}

/** Another try is one for the windows, too, that were not understood. */
function withoutGaps(session: Session): Session {
  return { ...session, windows: new Map([...session.windows].filter(([, { gap }]) => gap === undefined)) };
}

/**
 * A chunk was recorded anew: what was heard of the old one no longer counts, and what is under way with it is of an
 * older generation. Paragraphs are written from the beginning on, so all of them go.
 */
function unheard(session: Session, replaced: Chunk): Session {
  const first = windowsOf(session).find(({ toMs }) => toMs > (replaced.startMs ?? 0))?.index ?? 0;
  const { transcribe, polish } = session.steps;
  return {
    ...session,
    windows: new Map([...session.windows].filter(([index]) => index < first)),
    paragraphs: new Map(),
    parts: NO_PARTS,
    steps: { ...session.steps, transcribe: anew(transcribe), polish: anew(polish) },
  };
}

function anew(step: StepState): StepState {
  return { ...FRESH, generation: step.generation + 1 };
}

/**
 * A failed session takes no results, so what runs of its open steps were still on their way with is lost. Going on
 * they begin anew: as the same attempt they would share its job's key, and the queue might drop the new for the old.
 */
function openStepsAnew(steps: Session['steps']): Session['steps'] {
  return eachStep((step) => (steps[step].outcome === 'open' ? anew(steps[step]) : steps[step]));
}

function eachStep(stateOf: (step: StepName) => StepState): Record<StepName, StepState> {
  return Object.fromEntries(STEPS.map((step) => [step, stateOf(step)])) as Record<StepName, StepState>;
}

function withStep(session: Session, step: StepName, state: StepState): Session {
  return { ...session, steps: { ...session.steps, [step]: state } };
}
