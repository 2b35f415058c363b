import { describe, expect, it } from '@jest/globals';
import { givenUpTimeline, timelineEvent } from './testing/documents.ts';
import { eventGroups, factText, mendingOf, traceIdsOf } from './timeline-events.ts';

const AT = '2026-11-24T03:00:00.000Z';
const event = (type: string, facts = {}, traceId: string | null = null) =>
  timelineEvent(1, type, AT, facts, { traceId });
const failed = (step: string, retriable = true) => [
  event('StepFailed', { step }),
  event('SessionFailed', { step, retriable }),
];

describe('the events of a session', () => {
  it('are told one by one, but for long runs of the same chunks', () => {
    const told = eventGroups(givenUpTimeline().events).map((group) => `${group.length} ${group[0].type}`);
    expect(told).toEqual([
      '1 SessionCreated',
      '1 UploadAuthorized',
      '24 ChunkReceived',
      '1 UploadCompleted',
      '1 RecordingMerged',
      '1 StepAttemptFailed',
      '1 StepAttemptFailed',
      '1 StepAttemptFailed',
      '1 StepFailed',
      '1 SessionFailed',
    ]);
    const three = [event('ChunkReceived'), event('ChunkReceived'), event('ChunkReceived')];
    expect(eventGroups(three)).toHaveLength(3);
  });

  it('name each trace once', () => {
    expect(traceIdsOf([event('A', {}, 'a'), event('B', {}, 'b'), event('C', {}, 'a'), event('D')])).toEqual([
      'a',
      'b',
    ]);
  });
});

describe('what was given up', () => {
  it('may be requeued when the session has ended', () => {
    const events = failed('transcribe');
    expect(mendingOf({ state: 'failed', events })).toEqual({ givenUp: ['transcribe'], mayRequeue: true });
    const enrichment = [event('StepFailed', { step: 'emotion' })];
    expect(mendingOf({ state: 'completed', events: enrichment }).mayRequeue).toBe(true);
    expect(mendingOf({ state: 'processing', events: enrichment }).mayRequeue).toBe(false);
  });

  it('may not when only the app can help', () => {
    expect(mendingOf({ state: 'failed', events: failed('merge', false) })).toEqual({
      givenUp: ['merge'],
      mayRequeue: false,
    });
  });

  it('is forgotten once it was requeued, or the recording is sent anew', () => {
    const requeued = [...failed('transcribe'), event('StepRequeued', { step: 'transcribe' })];
    expect(mendingOf({ state: 'completed', events: requeued }).givenUp).toEqual([]);
    const anew = [...failed('merge', false), event('UploadFellBack', { reason: 'asked' })];
    expect(mendingOf({ state: 'completed', events: anew }).givenUp).toEqual([]);
  });
});

describe('a fact', () => {
  it('is one line, whatever it is made of', () => {
    expect(factText(1204)).toBe('1204');
    expect(factText(null)).toBe('–');
    expect(factText([])).toBe('none');
    expect(factText({ mode: 'stream', seconds: 5 })).toBe('mode: stream, seconds: 5');
    expect(
      factText([
        { startMs: 0, endMs: 40 },
        { startMs: 90, endMs: 95 },
      ]),
    ).toBe('(startMs: 0, endMs: 40); (startMs: 90, endMs: 95)');
  });
});
