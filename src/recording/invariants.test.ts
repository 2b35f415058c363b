/** Properties that hold for any order, repetition and interleaving of commands. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { acknowledge, complete, create, later, recordResult } from '../../test/support/recording-events.ts';
import type { RecordFailure, RecordingCommand } from './commands.ts';
import { decide } from './decide.ts';
import {
  type ChunkMode,
  type RecordingEvent,
  type SessionKind,
  STEPS,
  type StepName,
  type Strategy,
} from './events.ts';
import { fold } from './evolve.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { pendingSteps } from './pending-steps.ts';
import { progress } from './progress.ts';
import type { Session } from './session.ts';
import { hasEnded } from './session.ts';

const IMAGE = { index: 0, bytes: 5_000, sha256: 'c'.repeat(64) };

type Shape = { kind: SessionKind; strategy: Strategy; mode: ChunkMode; chunks: number };
const shapes: fc.Arbitrary<Shape> = fc
  .record({
    kind: fc.constantFrom<SessionKind>('voice', 'voice-with-images'),
    strategy: fc.constantFrom<Strategy>('chunked', 'single'),
    mode: fc.constantFrom<ChunkMode>('stream', 'segments', 'slices'),
    chunks: fc.integer({ min: 1, max: 6 }),
  })
  .map((shape) => (shape.strategy === 'single' ? { ...shape, chunks: 1 } : shape));

const creation = ({ kind, strategy, mode }: Shape) =>
  create(
    {
      kind,
      strategy,
      segmenting: { mode, seconds: 5 },
      images: kind === 'voice' ? [] : [{ mimeType: 'image/jpeg' }],
    },
    strategy === 'single' ? 1 : 12,
  );

const completion = ({ kind, chunks }: Shape) =>
  complete(
    Array.from({ length: chunks }, (_, index) => index),
    kind === 'voice'
      ? {}
      : {
          images: [IMAGE],
          storedImages: new Map([[0, { key: 'i', bytes: IMAGE.bytes, sha256: IMAGE.sha256 }]]),
        },
  );

const failure = (
  step: StepName,
  kind: RecordFailure['error']['kind'],
  attempt: number,
  generation = 0,
): RecordFailure => ({
  type: 'RecordFailure',
  step,
  generation,
  attempt,
  error: { kind, code: 'x', message: '' },
  random: 0.5,
  now: later(12_000),
});

/** Runs commands one after the other, as the stream serialises them. */
function run(commands: readonly RecordingCommand[], events: RecordingEvent[] = []): RecordingEvent[] {
  for (const command of commands) events.push(...decide(fold(events), command, DEFAULT_LIMITS).events);
  return events;
}

const state = (events: readonly RecordingEvent[]): Session => {
  const session = fold(events);
  if (session === null) throw new Error('no session');
  return session;
};

/** What is left of a state without times and counters of what went wrong on the way. */
const essence = ({ chunks, steps, progressFloor, rejections, ...rest }: Session) => {
  const { milestoneAt, lastHeardAt, endedAt, upload, ...facts } = rest;
  return {
    ...facts,
    chunks: [...chunks.values()].sort((a, b) => a.index - b.index),
    steps: Object.fromEntries(Object.entries(steps).map(([step, { outcome }]) => [step, outcome])),
    uploaded: upload && { chunks: upload.chunks, bytes: upload.bytes, images: upload.images },
  };
};

const anyCommand: fc.Arbitrary<RecordingCommand> = fc.oneof(
  fc.integer({ min: 0, max: 4 }).map((index) => acknowledge(index)),
  fc.integer({ min: 0, max: 4 }).map((index) => acknowledge(index, { stored: null })),
  fc.integer({ min: 1, max: 3 }).map((chunks) => complete(Array.from({ length: chunks }, (_, i) => i))),
  fc.constantFrom(...STEPS).map((step) => recordResult(step)),
  fc.constantFrom(...STEPS).map((step) => recordResult(step, 1)),
  fc
    .tuple(
      fc.constantFrom(...STEPS),
      fc.constantFrom('transient', 'outage', 'permanent', 'input'),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 2 }),
    )
    .map(([step, kind, attempt, generation]) => failure(step, kind as 'transient', attempt, generation)),
  fc.constant({
    ...recordResult('merge'),
    results: [
      { type: 'MergeFailed' as const, data: { at: later(12_000), generation: 0, reason: 'unreadable' } },
    ],
  }),
  fc.constantFrom<RecordingCommand>(
    { type: 'RetrySession', now: later(20_000) },
    { type: 'FallBack', reason: 'x', expiresAt: later(9_999_999), now: later(20_000) },
    { type: 'PassDeadline', now: later(DEFAULT_LIMITS.idleMs * 3) },
    { type: 'PassDeadline', now: later(1_000) },
    { type: 'EraseSession', now: later(30_000) },
    { type: 'AuthorizeUpload', indexes: [0, 15], now: later(500) },
  ),
);

describe('any order, repetition or interleaving', () => {
  it('of acknowledgements, completions, failures and results ends in the same state', () => {
    fc.assert(
      fc.property(shapes, fc.infiniteStream(fc.nat()), (shape, choices) => {
        const steps = STEPS.filter(
          (step) => step !== 'describe-images' || shape.kind === 'voice-with-images',
        );
        const acks = Array.from({ length: shape.chunks }, (_, index) => acknowledge(index));
        const straight = run([
          creation(shape),
          ...acks,
          completion(shape),
          ...steps.map((step) => recordResult(step)),
        ]);
        expect(state(straight).phase).toBe('completed');

        // The same commands drawn at random, again and again, with failing attempts between, until it is over.
        const pool: RecordingCommand[] = [
          ...acks,
          completion(shape),
          ...steps.map((step) => recordResult(step)),
          failure('transcribe', 'transient', 1),
          failure('merge', 'outage', 1),
        ];
        const events = run([creation(shape)]);
        for (let tried = 0; tried < 2_000 && state(events).phase !== 'completed'; tried++) {
          const command = pool[(choices.next().value ?? 0) % pool.length];
          if (command !== undefined) run([command], events);
        }
        // What comes late changes nothing any more.
        const ended = events.length;
        run(pool, events);
        expect(events.length).toBe(ended);
        expect(essence(state(events))).toEqual(essence(state(straight)));
      }),
      { numRuns: 200 },
    );
  });

  it('never brings an ended session back, never hangs one, and never lets progress fall', () => {
    fc.assert(
      fc.property(shapes, fc.array(anyCommand, { maxLength: 60 }), (shape, commands) => {
        const events = run([creation(shape)]);
        let seen = 0;
        let ended = false;
        for (const command of commands) {
          run([command], events);
          const session = state(events);
          if (ended) expect(hasEnded(session)).toBe(true);
          ended = hasEnded(session);
          if (session.phase === 'processing') expect(pendingSteps(session)).not.toEqual([]);
          const shown = progress(session, [command.now, session.milestoneAt].sort().at(-1) ?? command.now);
          expect(shown).toBeGreaterThanOrEqual(session.progressFloor);
          expect(session.progressFloor).toBeGreaterThanOrEqual(seen);
          seen = session.progressFloor;
          if (session.phase === 'completed') expect(shown).toBe(100);
          else expect(shown).toBeLessThan(99);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('decided twice adds nothing the second time, but for what is a new fact each time', () => {
    fc.assert(
      fc.property(shapes, fc.array(anyCommand, { maxLength: 40 }), anyCommand, (shape, before, command) => {
        const events = run([creation(shape), ...before]);
        run([command], events);
        const again = decide(fold(events), command, DEFAULT_LIMITS).events.map(({ type }) => type);
        // A refused chunk is refused again.
        expect(again.filter((type) => type !== 'ChunkRejected')).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('survives JSON: what the log gives back folds to the same state', () => {
    fc.assert(
      fc.property(shapes, fc.array(anyCommand, { maxLength: 40 }), (shape, commands) => {
        const events = run([creation(shape), ...commands]);
        expect(fold(JSON.parse(JSON.stringify(events)))).toEqual(fold(events));
      }),
      { numRuns: 300 },
    );
  });
});
