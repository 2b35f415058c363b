/** A recording that is heard in windows while it arrives: what is due, what is kept, what is given up. */
import { describe, expect, it } from '@jest/globals';
import { given } from '../../test/support/given.ts';
import {
  acknowledge,
  created,
  hash,
  later,
  recordResult,
  result,
  uploadCompleted,
} from '../../test/support/recording-events.ts';
import { failure, stateOf } from '../../test/support/recording-runs.ts';
import type { RecordingEvent } from './events.ts';
import { pendingSteps } from './pending-steps.ts';

const STREAM = { segmenting: { mode: 'stream', seconds: 5 } } as const;
/** Without levels a window is cut every 15 s, and is due when a second more has arrived. */
const arrived = (...indexes: number[]): RecordingEvent[] => [
  ...created(STREAM),
  ...indexes.map((index): RecordingEvent => chunkOf(index)),
];
const chunkOf = (index: number, sha = hash(index)): RecordingEvent => ({
  type: 'ChunkReceived',
  data: {
    at: later(1_000),
    index,
    key: `c${index}`,
    bytes: 40_000,
    sha256: sha,
    startMs: index * 5_000,
    endMs: (index + 1) * 5_000,
  },
});
const heard = (window: number): RecordingEvent => result('transcribe', 0, later(12_000), window);
const due = (events: readonly RecordingEvent[]) =>
  pendingSteps(stateOf(events)).map(
    ({ step, part, generation }) => `${step} ${part ?? 'whole'} of ${generation}`,
  );
const WINDOW = { step: 'transcribe', part: 0, generation: 0, attempt: 1 } as const;

describe('windows', () => {
  it('are due as soon as their sound has arrived, one after the other', () => {
    expect(due(arrived(0, 1, 2))).toEqual([]);
    expect(due(arrived(0, 1, 2, 3))).toEqual(['transcribe 0 of 0']);
    expect(due([...arrived(0, 1, 2, 3), heard(0)])).toEqual([]);
    expect(due([...arrived(0, 1, 2, 3, 4, 5, 6), heard(0)])).toEqual(['transcribe 1 of 0']);
  });
  it('wait for a chunk that is missing, however much has come behind it', () => {
    expect(due(arrived(0, 1, 3, 4, 5, 6))).toEqual([]);
    expect(due(arrived(0, 1, 3, 4, 5, 6, 2))).toEqual(['transcribe 0 of 0', 'transcribe 1 of 0']);
  });
  it('leave the tail for the end, and then put everything together beside the merge', () => {
    const stopped = [...arrived(0, 1, 2, 3), heard(0), uploadCompleted(4)];
    expect(due(stopped)).toEqual(['transcribe 1 of 0', 'merge whole of 0']);
    expect(due([...stopped, heard(1)])).toEqual(['merge whole of 0', 'transcribe whole of 0']);
  });
  it('are only so many at once after an outage', () => {
    expect(due(arrived(...Array.from({ length: 60 }, (_, index) => index)))).toHaveLength(6);
  });
  it('are not cut out of slices of a finished file, nor of a whole one', () => {
    const slices = [...created(), ...[0, 1, 2, 3].map((index) => chunkOf(index))];
    expect(due(slices)).toEqual([]);
    expect(
      due([
        ...arrived(0, 1, 2, 3),
        { type: 'UploadFellBack', data: { at: later(1), reason: 'x', expiresAt: later(9) } },
      ]),
    ).toEqual([]);
  });
  it('of a chunk that was recorded anew are heard again, those before it are kept', () => {
    const two = [...arrived(0, 1, 2, 3, 4, 5, 6), heard(0), heard(1)];
    expect(due([...two, chunkOf(5, hash(77))])).toEqual(['transcribe 1 of 1']);
    expect(due([...two, chunkOf(0, hash(77))])).toEqual(['transcribe 0 of 1', 'transcribe 1 of 1']);
    expect(due([...two, chunkOf(5)])).toEqual([]);
  });
  it('of an older generation are dropped', () => {
    given([...arrived(0, 1, 2, 3), chunkOf(0, hash(77))])
      .when(recordResult('transcribe', 0, later(12_000), 0))
      .thenNothing();
  });
});

describe('a window that cannot be heard', () => {
  type Kind = 'transient' | 'permanent' | 'outage';
  const failing = (events: readonly RecordingEvent[], times: number, kind: Kind, first = 1) => {
    const all = [...events];
    for (let attempt = first; attempt < first + times; attempt++)
      all.push(...given(all).when(failure({ ...WINDOW, attempt }, kind, later(20_000 + attempt))).events);
    return all;
  };
  it.each(['transient', 'permanent', 'outage'] as const)(
    'while recording is tried again for as long as it takes: %s',
    (kind) => {
      const tried = failing(arrived(0, 1, 2, 3), 9, kind);
      expect(pendingSteps(stateOf(tried))).toMatchObject([{ step: 'transcribe', part: 0, attempt: 10 }]);
      expect(stateOf(tried).phase).toBe('recording');
    },
  );
  it('has its tries anew when the recording ends, and then fails the session, which can be retried', () => {
    const stopped = [...failing(arrived(0, 1, 2, 3), 5, 'transient'), uploadCompleted(4)];
    const pending = pendingSteps(stateOf(stopped)).find(({ part }) => part === 0);
    expect(pending).toEqual({ ...WINDOW, attempt: 6 }); // at once, not in ten seconds
    const once = given(stopped).when(failure({ ...WINDOW, attempt: 6 }, 'transient', later(30_000))).events;
    expect(once.map(({ type }) => type)).toEqual(['StepAttemptFailed']);
    const failed = failing(stopped, 3, 'transient', 6);
    expect(failed.slice(-2)).toMatchObject([
      { type: 'StepFailed', data: { step: 'transcribe', part: 0 } },
      { type: 'SessionFailed', data: { step: 'transcribe', retriable: true } },
    ]);
    const retried = [...failed, ...given(failed).when({ type: 'RetrySession', now: later(40_000) }).events];
    expect(due(retried)).toEqual(['transcribe 0 of 1', 'transcribe 1 of 1', 'merge whole of 1']);
  });
});

describe('paragraphs', () => {
  const spoken = (window: number, units: number): RecordingEvent => {
    const event = heard(window);
    return event.type === 'WindowTranscribed' ? { ...event, data: { ...event.data, units } } : event;
  };
  const long = arrived(...Array.from({ length: 13 }, (_, index) => index));
  it('are written while recording, when one is surely finished', () => {
    expect(due([...long, spoken(0, 60), spoken(1, 60)])).not.toContain('polish 0 of 0');
    const enough = [...long, spoken(0, 60), spoken(1, 60), spoken(2, 60)];
    expect(due(enough)).toContain('polish 0 of 0');
    expect(due([...enough, result('polish', 0, later(12_000), 0)])).not.toContain('polish 1 of 0');
  });
  it('are not written across a hole', () => {
    expect(due([...long, spoken(0, 60), spoken(2, 200)])).toEqual(['transcribe 1 of 0', 'transcribe 3 of 0']);
  });
  it('that the provider will not write are left to the end, and fail nothing', () => {
    const enough = [...long, spoken(0, 60), spoken(1, 60), spoken(2, 60)];
    const failed = given(enough).when(
      failure({ step: 'polish', part: 0, generation: 0, attempt: 1 }, 'permanent', later(20_000)),
    ).events;
    expect(failed.map(({ type }) => type)).toEqual(['StepAttemptFailed', 'StepFailed']);
    expect(due([...enough, ...failed])).toEqual(['transcribe 3 of 0']);
  });
});

it('a chunk that is sent again with the same content is no new fact', () => {
  given([...arrived(0, 1, 2, 3), heard(0)])
    .when(acknowledge(0))
    .thenNothing();
});
