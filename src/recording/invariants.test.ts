/**
 * Properties that hold for any order, repetition and interleaving of commands. A failure prints its seed and the
 * smallest run that shows it (fast-check); the number of runs stands in each title.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { acknowledge, later, recordResult } from '../../test/support/recording-events.ts';
import {
  anyMove,
  anyRun,
  anyShape,
  completion,
  creation,
  failure,
  harmlessMoves,
  opened,
  pendingResults,
  play,
  type Run,
  run,
  type Shape,
  stateOf,
  stepsOf,
} from '../../test/support/recording-runs.ts';
import type { RecordingCommand } from './commands.ts';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { pendingSteps } from './pending-steps.ts';
import type { Session } from './session.ts';
import { statusView } from './status.ts';

/** What is left of a state without times, generations and the count of what went wrong on the way. */
function essence({ chunks, steps, parts: _tries, upload, ...session }: Session) {
  const { progressFloor, rejections, milestoneAt, lastHeardAt, endedAt, authorizedThrough, ...facts } =
    session;
  return {
    ...facts,
    chunks: [...chunks.values()].sort((a, b) => a.index - b.index),
    outcomes: Object.fromEntries(Object.entries(steps).map(([step, { outcome }]) => [step, outcome])),
    uploaded: upload && { chunks: upload.chunks, bytes: upload.bytes, images: upload.images },
  };
}

const acknowledgements = ({ chunks }: Shape) =>
  Array.from({ length: chunks }, (_, index) => acknowledge(index));

/** Everything once, in the usual order. */
function straight(shape: Shape): Session {
  const uploaded = stateOf(run([creation(shape), ...acknowledgements(shape), completion(shape)]));
  return allDone(uploaded);
}

/** The state after commands that come one after the other. */
function stateAfter(session: Session, commands: readonly RecordingCommand[]): Session {
  return commands.reduce<Session>((state, command) => {
    const { events } = decide(state, command, DEFAULT_LIMITS);
    return events.reduce<Session>((before, event) => evolve(before, event) ?? before, state);
  }, session);
}

/** What is waited for is done, until nothing is. */
function allDone(session: Session): Session {
  const results = pendingResults(session);
  return results.length === 0 ? session : allDone(stateAfter(session, results));
}

/** What is still to be done, done without a fault; enrichments given up are asked for again. */
function carriedThrough(session: Session, shape: Shape): Session {
  const retry: RecordingCommand = { type: 'RetrySession', now: later(9 * 3_600_000) };
  let state = stateAfter(session, [...acknowledgements(shape), completion(shape)]);
  for (let round = 0; round < 6; round++) state = allDone(stateAfter(state, [retry]));
  return state;
}

const RUNS = 500;

describe(`any order, repetition or interleaving (${RUNS} runs each)`, () => {
  it('of the same acknowledgements, completions, failures and results ends in the same state', () => {
    fc.assert(
      fc.property(anyShape, fc.infiniteStream(fc.nat()), (shape, choices) => {
        const pool: RecordingCommand[] = [
          ...acknowledgements(shape),
          completion(shape),
          ...stepsOf(shape).map((step) => recordResult(step)),
          ...[0, 1, 2].map((window) => recordResult('transcribe', 0, later(12_000), window)),
          ...stepsOf(shape).map((step) => failure({ step, generation: 0, attempt: 1 }, 'transient')),
          failure({ step: 'transcribe', part: 1, generation: 0, attempt: 1 }, 'transient'),
          failure({ step: 'merge', generation: 0, attempt: 2 }, 'outage'),
          { type: 'RetrySession', now: later(15_000) },
        ];
        let session = opened(shape);
        for (let tried = 0; tried < 2_000 && session.phase !== 'completed'; tried++) {
          const command = pool[(choices.next().value ?? 0) % pool.length];
          if (command !== undefined) session = stateAfter(session, [command]);
        }
        expect(essence(session)).toEqual(essence(straight(shape)));
        expect(stateAfter(session, pool)).toBe(session); // what comes late changes nothing any more
      }),
      { numRuns: RUNS },
    );
  });

  it('and whatever failed and was retried on the way, ends in the same state', () => {
    const runs: fc.Arbitrary<Run> = fc.record({
      shape: anyShape,
      moves: fc.array(
        anyMove.map((move) => ({ ...move, waitMs: move.waitMs % 3_000 })),
        { maxLength: 60 },
      ),
    });
    fc.assert(
      fc.property(runs, ({ shape, moves }) => {
        const session = [...play({ shape, moves }, harmlessMoves)].at(-1)?.session ?? opened(shape);
        expect(essence(carriedThrough(session, shape))).toEqual(essence(straight(shape)));
      }),
      { numRuns: RUNS },
    );
  });

  it('never brings an ended session back into recording or processing, but one that the server had sealed', () => {
    fc.assert(
      fc.property(anyRun(), (moves) => {
        for (const { before, session } of play(moves)) {
          if (before.phase === 'completed' && before.upload?.by === 'client')
            expect(['completed', 'erased']).toContain(session.phase);
          if (before.phase === 'expired') expect(['expired', 'erased']).toContain(session.phase);
          if (before.phase === 'erased') expect(session).toBe(before);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('never hangs a session, and never asks for a result that is there', () => {
    const results = {
      merge: ({ merged, mergeFailed }: Session) => merged ?? mergeFailed,
      transcribe: ({ transcript, windows }: Session, part?: number) =>
        part === undefined ? transcript : windows.get(part),
      'describe-images': ({ imageDescriptions }: Session) => imageDescriptions,
      polish: ({ entry, paragraphs }: Session, part?: number) =>
        part === undefined ? entry : paragraphs.get(part),
      emotion: ({ emotion }: Session) => emotion,
      feedback: ({ feedback }: Session) => feedback,
    };
    fc.assert(
      fc.property(anyRun(), (moves) => {
        for (const { session } of play(moves)) {
          const pending = pendingSteps(session);
          if (session.phase === 'processing') expect(pending).not.toEqual([]);
          for (const { step, part } of pending) expect(results[step](session, part)).toBeUndefined();
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('leaves a way out of every failure that is called retriable, and of no other', () => {
    fc.assert(
      fc.property(anyRun(), (moves) => {
        for (const { session, now } of play(moves)) {
          if (session.phase !== 'failed') continue;
          const retried = decide(session, { type: 'RetrySession', now }, DEFAULT_LIMITS);
          const retriable = statusView(session, now).failure?.retriable;
          expect(retried.rejected?.code).toBe(retriable ? undefined : 'not_retriable');
          expect(retried.events.length > 0).toBe(retriable);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('decides a command twice as once: only a refused chunk is a new fact each time', () => {
    fc.assert(
      fc.property(anyRun(), (moves) => {
        for (const { command, session } of play(moves)) {
          const again = decide(session, command, DEFAULT_LIMITS).events;
          expect(again.filter(({ type }) => type !== 'ChunkRejected')).toEqual([]);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('never gives one attempt of a step to two runs', () => {
    fc.assert(
      fc.property(anyRun(), (moves) => {
        // An attempt that was pending and is no longer has been spent: its job's key must not come again.
        const spent = new Set<string>();
        for (const { before, session } of play(moves)) {
          const keys = (state: Session) =>
            pendingSteps(state).map((each) => `${each.step}-${each.part}/${each.generation}/${each.attempt}`);
          const now = keys(session);
          for (const key of now) expect(spent).not.toContain(key);
          for (const key of keys(before)) if (!now.includes(key)) spent.add(key);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('folds the same from what the log gives back as JSON', () => {
    fc.assert(
      fc.property(anyRun(), (moves) => {
        const steps = [...play(moves)];
        const events = [...run([creation(moves.shape)]), ...steps.flatMap((step) => step.events)];
        const reached = steps.at(-1)?.session ?? opened(moves.shape);
        expect(stateOf(JSON.parse(JSON.stringify(events)))).toEqual(reached);
      }),
      { numRuns: RUNS },
    );
  });

  it('gets everywhere: the runs reach every phase and every event', () => {
    const phases = new Set<string>();
    const types = new Set<string>();
    const runs = fc.sample(anyRun(), { numRuns: RUNS, seed: 11 });
    for (const moves of runs) {
      for (const { session, events } of play(moves)) {
        phases.add(session.phase);
        for (const { type } of events) types.add(type);
      }
    }
    expect([...phases].sort()).toEqual([
      'completed',
      'erased',
      'expired',
      'failed',
      'processing',
      'recording',
    ]);
    expect([...types].sort()).toEqual([
      'ChunkReceived',
      'ChunkRejected',
      'EmotionAnalysed',
      'EntryPolished',
      'FeedbackWritten',
      'ImagesDescribed',
      'MergeFailed',
      'RecordingMerged',
      'SessionCompleted',
      'SessionErased',
      'SessionExpired',
      'SessionFailed',
      'StepAttemptFailed',
      'StepFailed',
      'StepRequeued',
      'TranscriptAssembled',
      'UploadAuthorized',
      'UploadCompleted',
      'UploadFellBack',
      'UploadReopened',
      'WindowTranscribed',
    ]);
  });
});
