import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent as KurrentDbEvent } from '@kurrent/kurrentdb-client';
import { withOrigin } from './origin.ts';
import { START } from './position.ts';
import { recordedAtMs, toRecordedEvent } from './recorded-event.ts';

const metadata = { correlationId: 'c', actor: 'system:test' };
const created = new Date('2026-11-30T12:00:00.789Z');
const recorded = (given: object) => {
  const event = { streamId: 's', revision: 3n, type: 'A', data: {}, metadata: given, created };
  return event as unknown as KurrentDbEvent;
};

describe('when an event of KurrentDB was recorded', () => {
  it('is when it was appended, in that second', () => {
    expect(toRecordedEvent(recorded(metadata), START)).toMatchObject({
      recordedAt: '2026-11-30T12:00:00.000Z',
      metadata,
    });
    expect(recordedAtMs(recorded(metadata))).toBe(created.getTime());
  });

  it('is when the log that it was copied from recorded it, and its metadata are as they were there', () => {
    const at = '2026-01-02T03:04:05.678Z';
    const event = toRecordedEvent(recorded(withOrigin(metadata, at)), START);
    expect(event.recordedAt).toBe(at);
    expect(event.metadata).toEqual(metadata);
    expect(recordedAtMs(recorded(withOrigin(metadata, at)))).toBe(Date.parse(at));
  });

  it('is never what cannot be a time', () => {
    for (const recordedAt of ['soon', 7, null])
      expect(recordedAtMs(recorded({ ...metadata, recordedAt }))).toBe(created.getTime());
  });
});
