import { describe, expect, it } from '@jest/globals';
import { firstRollback } from './rollback.ts';
import { item } from './testing/documents.ts';
import { record } from './testing/record.ts';

const NOON = '2026-01-01T12:00:00.000Z';
const at = (seconds: number) => new Date(Date.parse(NOON) + seconds * 1000).toISOString();

describe('a rollback', () => {
  it('is told with the chunked sessions that had ended before it, and the time until it was in force', () => {
    const history = [
      item('FlagSynced', at(1)),
      item('GuardrailBreached', at(29)),
      item('RolledBack', at(30), { by: 'autopilot', reason: 'chunked fails more often' }),
      item('FlagSynced', at(30.5)),
    ];
    const ended = (seconds: number) => Date.parse(at(seconds));
    const records = [
      record({ end: 'failed', at: ended(10) }),
      record({ end: 'completed', at: ended(30) }),
      record({ end: 'failed', at: ended(31) }),
      record({ arm: 'single', end: 'failed', at: ended(10) }),
      record({ end: null }),
    ];
    expect(firstRollback(history, records, Date.parse(NOON))).toEqual({
      at: at(30),
      by: 'autopilot',
      reason: 'chunked fails more often',
      afterSeconds: 30,
      chunkedSessions: 2,
      chunkedFailed: 1,
      inForceMs: 1_500,
    });
  });

  it('by a person has no guardrail that spoke', () => {
    const history = [item('RolledBack', at(3), { by: 'person' }), item('FlagSynced', at(4))];
    expect(firstRollback(history, [], Date.parse(NOON))).toMatchObject({ by: 'person', inForceMs: null });
  });

  it('is none when there was none', () => {
    expect(firstRollback([item('StageEntered', at(1))], [], Date.parse(NOON))).toBeNull();
  });
});
