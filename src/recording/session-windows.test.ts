/** A recording that is heard in windows while it arrives: what is due, what is kept, what is given up. */
import { describe, expect, it } from '@jest/globals';
import { given } from '../../test/support/given.ts';
import {
  acknowledge,
  created,
  hash,
  later,
  received,
  recordResult,
  result,
  uploadCompleted,
} from '../../test/support/recording-events.ts';
import { failure, stateOf } from '../../test/support/recording-runs.ts';
import type { RecordingEvent } from './events.ts';
import { pendingSteps } from './pending-steps.ts';
import {
  arrivedMs,
  heardSoFar,
  silencesOf,
  soundClock,
  soundOf,
  toldMs,
  windowsOf,
} from './session-windows.ts';

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
  it('is tried again at once when another one was heard: the provider is there again', () => {
    const tried = failing(arrived(0, 1, 2, 3, 4, 5, 6), 3, 'outage');
    expect(pendingSteps(stateOf(tried))[0]).toMatchObject({ part: 0, notBefore: expect.any(String) });
    expect(pendingSteps(stateOf([...tried, heard(1)]))[0]).toEqual({ ...WINDOW, attempt: 4 });
  });
  it('has its tries anew when the recording ends, and then fails the session, which can be retried', () => {
    const stopped = [...failing(arrived(0, 1, 2, 3), 5, 'transient'), uploadCompleted(4)];
    const pending = pendingSteps(stateOf(stopped)).find(({ part }) => part === 0);
    expect(pending).toEqual({ ...WINDOW, attempt: 6 }); // at once, not in ten seconds
    const once = given(stopped).when(failure({ ...WINDOW, attempt: 6 }, 'transient', later(30_000))).events;
    expect(once.map(({ type }) => type)).toEqual(['StepAttemptFailed']);
    const failed = failing(stopped, 5, 'transient', 6);
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
    expect(due([...long, spoken(0, 40), spoken(1, 40)])).not.toContain('polish 0 of 0');
    const enough = [...long, spoken(0, 40), spoken(1, 50)];
    expect(due(enough)).toContain('polish 0 of 0');
    expect(due([...enough, result('polish', 0, later(12_000), 0)])).not.toContain('polish 1 of 0');
  });
  it('that are being written at stop are taken as long as the tail is being heard, then no more', () => {
    const stopped = [...long, spoken(0, 40), spoken(1, 50), spoken(2, 10), uploadCompleted(13)];
    const written = recordResult('polish', 0, later(20_000), 0);
    given(stopped)
      .when(written)
      .thenAppended({ type: 'ParagraphPolished', data: { paragraph: 0 } });
    const windows = windowsOf(stateOf(stopped)).length;
    const tail = Array.from({ length: windows - 3 }, (_, next) => spoken(next + 3, 10));
    expect(due([...stopped, ...tail])).toEqual(['merge whole of 0', 'transcribe whole of 0']);
    given([...stopped, ...tail])
      .when(written)
      .thenNothing();
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

describe('times of a recorder', () => {
  const timed = (index: number, startMs: number, endMs: number): RecordingEvent => {
    const event = chunkOf(index);
    return event.type === 'ChunkReceived' ? { ...event, data: { ...event.data, startMs, endMs } } : event;
  };
  const lengthOf = (...times: [startMs: number, endMs: number][]) => {
    const chunks = times.map(([startMs, endMs], index) => timed(index, startMs, endMs));
    return windowsOf(stateOf([...created(STREAM), ...chunks, uploadCompleted(times.length)])).at(-1)?.endMs;
  };
  it('that begin anew with each chunk count by their length', () => {
    expect(lengthOf([0, 5_000], [0, 5_000], [0, 4_000])).toBe(14_000);
  });
  it('that leave something out go on to where they say', () => {
    expect(lengthOf([0, 5_000], [6_000, 11_000])).toBe(11_000);
  });
  it('that reach back into the chunk before count from its end', () => {
    expect(lengthOf([0, 5_000], [4_000, 9_000])).toBe(9_000);
    expect(lengthOf([0, 5_000], [5_000, 10_000], [1_000, 5_000])).toBe(14_000);
    expect(lengthOf([0, 5_000], [1_000, 5_000])).toBe(9_000);
  });
  it('of a tab that was asleep for minutes are believed', () => {
    expect(lengthOf([0, 5_000], [5_000, 200_000])).toBe(200_000);
  });
  it('of a clock that leaps by hours are as long as the recorder was asked to make them', () => {
    expect(lengthOf([0, 5_000], [30_000_000, 80_000_000], [80_000_000, 80_005_000])).toBe(15_000);
  });
  it('tell how far it got behind a chunk that never came, not what cannot be', () => {
    const toldBy = (endMs: number) => toldMs(stateOf([...arrived(0, 1), timed(4, 20_000, endMs)]));
    expect(toldBy(25_000)).toBe(25_000);
    expect(toldBy(80_000_000)).toBe(10_000);
  });
  it('tell how far it got when nothing lacks, and nothing before the first chunk', () => {
    expect(toldMs(stateOf(arrived(0, 1, 2)))).toBe(15_000);
    expect(toldMs(stateOf(created(STREAM)))).toBe(0);
  });
  it('behind a hole are believed up to a minute for each chunk that may lie before their end', () => {
    const toldBy = (endMs: number) => toldMs(stateOf([...arrived(0, 1), timed(4, 20_000, endMs)]));
    expect(toldBy(190_000)).toBe(190_000);
    expect(toldBy(190_001)).toBe(10_000);
  });
  it('of several chunks behind holes are believed as far as the last of these may reach', () => {
    const chunks = [timed(3, 15_000, 20_000), timed(9, 195_000, 200_000)];
    expect(toldMs(stateOf([...arrived(0, 1), ...chunks]))).toBe(200_000);
    expect(toldMs(stateOf([...arrived(0, 1), ...chunks.toReversed()]))).toBe(200_000);
  });
  it('that one chunk lacks tell nothing, whatever the others say', () => {
    expect(toldMs(stateOf([...arrived(0, 1), received(2)]))).toBe(0);
    expect(toldMs(stateOf([...created(STREAM), received(0), chunkOf(1)]))).toBe(0);
  });
  it('that are missing tell nothing, but that a chunk behind a hole was recorded', () => {
    const untimed = (...indexes: number[]) =>
      toldMs(stateOf([...created(STREAM), ...indexes.map((index) => received(index))]));
    expect(untimed(0, 1)).toBe(0);
    expect(untimed(0, 1, 3)).toBe(20_000);
  });
});

describe('what the levels of the chunks tell', () => {
  /** Twelve seconds of sound, eighteen of silence, again and again: 5 s a chunk. */
  const isSounding = (tenth: number) => tenth % 300 < 120;
  const levelOf = (tenth: number) => (isSounding(tenth) ? -25 - (tenth % 5) : -60 - (tenth % 3));
  const metered = (count: number): RecordingEvent[] =>
    Array.from({ length: count }, (_, index) => {
      const event = chunkOf(index);
      const levels = Array.from({ length: 50 }, (__, tenth) => levelOf(index * 50 + tenth));
      return event.type === 'ChunkReceived' ? { ...event, data: { ...event.data, levels } } : event;
    });
  const session = (chunks: number, ...more: RecordingEvent[]) =>
    stateOf([...created(STREAM), ...metered(chunks), ...more]);
  const window = { index: 1, startMs: 30_000, endMs: 60_000, fromMs: 30_000, toMs: 60_000 };
  const spanning = (index: number, startMs: number, endMs: number): RecordingEvent => {
    const event = heard(index);
    return event.type === 'WindowTranscribed' ? { ...event, data: { ...event.data, startMs, endMs } } : event;
  };

  it('is how much sounds in a window, and how fast is spoken in the others', () => {
    const { soundMs, neighbourRate } = soundOf(session(18, spanning(2, 60_000, 90_000)), window as never);
    expect(soundMs).toBeGreaterThan(11_500);
    expect(soundMs).toBeLessThan(12_500);
    // 40 units in some twelve seconds of sound.
    expect(neighbourRate).toBeCloseTo(40 / 12, 0);
  });

  it('adds up over the windows that were heard', () => {
    const both = [spanning(2, 60_000, 90_000), spanning(3, 90_000, 120_000)];
    expect(soundOf(session(24, ...both), window as never).neighbourRate).toBeCloseTo(80 / 24, 0);
  });

  it('is the length of the windows where there are no levels, and nothing where none was heard', () => {
    const unmetered = [...arrived(0, 1, 2, 3, 4, 5)];
    expect(soundOf(stateOf([...unmetered, spanning(1, 15_000, 25_000)]), window as never)).toEqual({
      neighbourRate: 4,
    });
    expect(soundOf(stateOf(unmetered), window as never)).toEqual({});
  });

  it('is where nothing sounds, a span for each silence', () => {
    const silences = silencesOf(session(12)).filter(({ startMs, endMs }) => endMs - startMs > 1_000);
    expect(silences).toHaveLength(2);
    const [first, second] = silences;
    expect(first?.startMs).toBeGreaterThanOrEqual(12_000);
    expect(first?.startMs).toBeLessThan(15_000);
    expect(first?.endMs).toBe(30_000);
    expect(second?.startMs).toBeGreaterThanOrEqual(42_000);
    expect(second?.endMs).toBe(60_000);
    expect(silencesOf(stateOf(arrived(0, 1)))).toEqual([]);
  });
});

describe('what was heard so far', () => {
  it('is the windows up to one that was not', () => {
    const all = [...arrived(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), heard(0), heard(2)];
    expect(heardSoFar(stateOf(all)).map(({ startMs }) => startMs)).toEqual([0]);
    expect(heardSoFar(stateOf([...all, heard(1)])).map(({ startMs }) => startMs)).toEqual([
      0, 15_000, 30_000,
    ]);
  });
});

describe('what has arrived', () => {
  it('ends at a hole, and is nothing before the first chunk', () => {
    expect(arrivedMs(stateOf(arrived(0, 1, 3)))).toBe(10_000);
    expect(arrivedMs(stateOf(created(STREAM)))).toBe(0);
  });
});

describe('the clock of the sound', () => {
  const session = stateOf(arrived(0, 1, 2, 3));
  it('puts each chunk where its sound begins, and goes on with the shift of the last that is known', () => {
    const at = soundClock(session, [0, 5_100, 10_300]);
    expect([0, 4_000, 5_000, 6_000, 10_000, 12_000, 17_000].map(at)).toEqual([
      0, 4_000, 5_100, 6_100, 10_300, 12_300, 17_300,
    ]);
  });
  it('does not run past where the next chunk’s sound begins', () => {
    expect(soundClock(session, [0, 4_500, 10_000])(4_900)).toBe(4_500);
  });
  it('stays with the last chunk that has arrived, though more is known of the sound', () => {
    const at = soundClock(stateOf(arrived(0)), [0, 5_100, 10_300]);
    expect([0, 4_000, 9_000].map(at)).toEqual([0, 4_000, 5_100]);
    expect(soundClock(stateOf(created(STREAM)), [100])(7_000)).toBe(7_100);
  });
  it('is the recorder’s where nothing is known', () => {
    expect([0, 7_000].map(soundClock(session, []))).toEqual([0, 7_000]);
  });
});
