/**
 * Runs of a session for property tests: random moves, drawn from what could be tried in the state that was reached,
 * so that a run gets deep (fallback, retry, enrichment) instead of being refused at the door.
 */
import fc from 'fast-check';
import type { RecordFailure, RecordingCommand, StepError } from '../../src/recording/commands.ts';
import { decide } from '../../src/recording/decide.ts';
import { deadlineOf } from '../../src/recording/decide-upload.ts';
import {
  type ChunkMode,
  type RecordingEvent,
  type SessionKind,
  STEPS,
  type StepName,
  type Strategy,
} from '../../src/recording/events.ts';
import { evolve, fold } from '../../src/recording/evolve.ts';
import { DEFAULT_LIMITS } from '../../src/recording/limits.ts';
import { type PendingStep, pendingSteps } from '../../src/recording/pending-steps.ts';
import type { Session } from '../../src/recording/session.ts';
import { acknowledge, complete, create, hash, later, recordResult, result, T0 } from './recording-events.ts';

export type Shape = { kind: SessionKind; strategy: Strategy; mode: ChunkMode; chunks: number };

const KINDS = ['voice', 'voice-with-images'] as const;
const STRATEGIES = ['chunked', 'single'] as const;
export const MODES = ['stream', 'segments', 'slices'] as const;

/** Both kinds, both strategies, the three modes. Seven chunks without levels are three windows of 15 s and less. */
export const SHAPES: readonly Shape[] = KINDS.flatMap((kind) =>
  STRATEGIES.flatMap((strategy) =>
    MODES.map((mode) => ({ kind, strategy, mode, chunks: strategy === 'single' ? 1 : 7 })),
  ),
);

/** How many windows a session of this shape is heard in. */
export function windowCount({ strategy, mode }: Pick<Shape, 'strategy' | 'mode'>): number {
  return strategy === 'chunked' && mode !== 'slices' ? 3 : 0;
}

export const anyShape: fc.Arbitrary<Shape> = fc.constantFrom(...SHAPES);

/** The steps that a session of this shape goes through. */
export function stepsOf({ kind }: Pick<Shape, 'kind'>): StepName[] {
  return STEPS.filter((step) => step !== 'describe-images' || kind === 'voice-with-images');
}

export function creation({ kind, strategy, mode }: Shape): RecordingCommand {
  return create(
    {
      kind,
      strategy,
      segmenting: { mode, seconds: 5 },
      images: kind === 'voice' ? [] : [{ mimeType: 'image/jpeg' }],
    },
    strategy === 'single' ? 1 : 12,
  );
}

const IMAGE = { index: 0, bytes: 5_000, sha256: hash(50) };

/** `complete` with everything of the shape, at `milliseconds` after the start. */
export function completion({ kind, chunks }: Pick<Shape, 'kind' | 'chunks'>, milliseconds = 11_000) {
  const images =
    kind === 'voice'
      ? {}
      : { images: [IMAGE], storedImages: new Map([[0, { key: 'i', bytes: 5_000, sha256: hash(50) }]]) };
  const indexes = Array.from({ length: chunks }, (_, index) => index);
  return complete(indexes, { ...images, stoppedAt: later(milliseconds - 1_000), now: later(milliseconds) });
}

export function failure(
  { step, generation, attempt, part }: Omit<PendingStep, 'notBefore'>,
  kind: StepError['kind'],
  now = later(12_000),
): RecordFailure {
  const error = { kind, code: 'provider_server_error', message: 'the provider failed (500)' };
  const ofPart = part === undefined ? {} : { part };
  return { type: 'RecordFailure', step, generation, ...ofPart, attempt, error, random: 0.5, now };
}

/** The merge ends in this: a fact, not a failed attempt. */
export function mergeFailed(generation = 0, now = later(12_000)): RecordingCommand {
  const data = { at: now, generation, reason: 'unreadable' };
  return { type: 'RecordResult', step: 'merge', generation, results: [{ type: 'MergeFailed', data }], now };
}

/** A transcript in which nothing was said. */
export function silence(generation = 0, now = later(12_000)): RecordingCommand {
  const spoken = result('transcribe', generation, now);
  if (spoken.type !== 'TranscriptAssembled') throw new Error('transcribe ends in a transcript');
  const results = [{ ...spoken, data: { ...spoken.data, characters: 0 } }];
  return { type: 'RecordResult', step: 'transcribe', generation, results, now };
}

/** What can heal: the run still ends as it would have without it. */
export function harmlessMoves(session: Session, shape: Shape, milliseconds: number): RecordingCommand[] {
  const now = later(milliseconds);
  const chunks = session.strategy === 'single' ? 1 : shape.chunks;
  const indexes = Array.from({ length: chunks }, (_, index) => index);
  return [
    ...indexes.map((index) => acknowledge(index, { now })),
    acknowledge(0, { stored: null, now }),
    acknowledge(chunks - 1, { claimed: { index: chunks - 1, bytes: 1, sha256: hash(77) }, now }),
    { type: 'AuthorizeUpload', indexes: [0, 15], now },
    completion({ ...shape, chunks }, milliseconds),
    complete([...indexes, chunks], { storedChunks: new Map(), now }),
    complete(indexes.slice(1), { now }),
    ...pendingSteps(session).flatMap((pending) => {
      const { step, generation, attempt, part } = pending;
      return [
        recordResult(step, generation, now, part),
        recordResult(step, generation - 1, now, part),
        recordResult(step, generation + 1, now, part),
        failure(pending, 'transient', now),
        failure(pending, 'outage', now),
        failure(pending, 'permanent', now),
        failure({ ...pending, attempt: attempt - 1 }, 'permanent', now),
        failure({ ...pending, generation: generation - 1 }, 'permanent', now),
      ];
    }),
    ...STEPS.map((step) => recordResult(step, session.steps[step].generation, now)),
    { type: 'RetrySession', now },
  ];
}

/** What an undisturbed session would see next. */
function forward(session: Session, shape: Shape, milliseconds: number): RecordingCommand[] {
  const now = later(milliseconds);
  const chunks = session.strategy === 'single' ? 1 : shape.chunks;
  if (session.phase === 'recording') return [completion({ ...shape, chunks }, milliseconds)];
  return pendingResults(session, now);
}

/** Everything that is waited for, done. */
export function pendingResults(session: Session, now = later(12_000)): RecordingCommand[] {
  return pendingSteps(session).map(({ step, generation, part }) => recordResult(step, generation, now, part));
}

/** What ends a session or begins it anew. */
function decisive(session: Session, shape: Shape, milliseconds: number): RecordingCommand[] {
  const now = later(milliseconds);
  const expiresAt = later(milliseconds + DEFAULT_LIMITS.idleMs);
  return [
    { type: 'FallBack', reason: 'chunk_rejected', expiresAt, now },
    { type: 'PassDeadline', now },
    { type: 'PassDeadline', now: deadlineOf(session, DEFAULT_LIMITS) ?? now },
    { type: 'EraseSession', now },
    completion({ ...shape, chunks: 1 }, milliseconds),
    ...pendingSteps(session).flatMap((pending) => [
      failure(pending, 'input', now),
      ...(pending.step === 'merge' ? [mergeFailed(pending.generation, now)] : []),
      ...(pending.step === 'transcribe' && pending.part === undefined
        ? [silence(pending.generation, now)]
        : []),
    ]),
  ];
}

function anyMoves(session: Session, shape: Shape, milliseconds: number, luck: number): RecordingCommand[] {
  const now = later(milliseconds);
  const failed: RecordingCommand[] = [
    { type: 'RetrySession', now },
    { type: 'FallBack', reason: 'audio_unreadable', expiresAt: later(milliseconds + 1), now },
  ];
  if (luck < 6 && session.upload?.by === 'server')
    // its client comes back
    return [...Array(shape.chunks).keys()].map((index) => acknowledge(index, { now }));
  if (luck < 2) return decisive(session, shape, milliseconds);
  if (luck < 10 && session.phase === 'failed') return failed;
  if (luck < 10) return forward(session, shape, milliseconds);
  return [...harmlessMoves(session, shape, milliseconds), creation(shape)];
}

/** A move: which of the commands that could be tried (`luck` says of what sort), how long after the one before. */
type Move = { readonly luck: number; readonly pick: number; readonly waitMs: number };

export const anyMove: fc.Arbitrary<Move> = fc.record({
  luck: fc.nat(19),
  pick: fc.nat(10_000),
  waitMs: fc.oneof(
    { arbitrary: fc.nat(3_000), weight: 9 },
    { arbitrary: fc.nat(2 * DEFAULT_LIMITS.idleMs), weight: 1 },
  ),
});

export type Run = {
  readonly shape: Shape;
  readonly moves: readonly Move[];
  /** It begins with two chunks and a client that goes quiet: by chance alone that would hardly ever be met. */
  readonly sealed?: boolean;
};

export function anyRun(maxLength = 60): fc.Arbitrary<Run> {
  const sealed = fc.constantFrom(false, false, false, true);
  return fc.record({ shape: anyShape, moves: fc.array(anyMove, { maxLength }), sealed });
}

/** One command of a run, what it led to, and when. */
export type Step = {
  readonly command: RecordingCommand;
  readonly events: readonly RecordingEvent[];
  readonly before: Session;
  readonly session: Session;
  readonly now: string;
};

type Moves = (session: Session, shape: Shape, milliseconds: number, luck: number) => RecordingCommand[];

/** The state after creation, and the run's moves one by one. */
export function* play({ shape, moves, sealed }: Run, movesOf: Moves = anyMoves): Generator<Step, void> {
  let session = opened(shape);
  let milliseconds = 0;
  const beginning: RecordingCommand[] =
    sealed === true
      ? [acknowledge(0), acknowledge(1), { type: 'PassDeadline', now: later(2 * DEFAULT_LIMITS.idleMs) }]
      : [];
  const commandOf = ({ luck, pick, waitMs }: Move) => {
    milliseconds += waitMs;
    const possible = movesOf(session, shape, milliseconds, luck);
    return possible[pick % possible.length];
  };
  for (const next of [...beginning, ...moves]) {
    const command = 'type' in next ? next : commandOf(next);
    if (command === undefined) continue;
    milliseconds = Math.max(milliseconds, Date.parse(command.now) - Date.parse(T0)); // a deadline lies ahead
    const { events } = decide(session, command, DEFAULT_LIMITS);
    const before = session;
    session = events.reduce<Session>((state, event) => evolve(state, event) ?? state, session);
    yield { command, events, before, session, now: later(milliseconds) };
  }
}

export function opened(shape: Shape): Session {
  return stateOf(run([creation(shape)]));
}

/** Commands one after the other, as the stream serialises them; returns all events so far. */
export function run(
  commands: readonly RecordingCommand[],
  events: readonly RecordingEvent[] = [],
): RecordingEvent[] {
  const all = [...events];
  let session = fold(all);
  for (const command of commands) {
    for (const event of decide(session, command, DEFAULT_LIMITS).events) {
      all.push(event);
      session = evolve(session, event);
    }
  }
  return all;
}

export function stateOf(events: readonly RecordingEvent[]): Session {
  const session = fold(events);
  if (session === null) throw new Error('no session');
  return session;
}
