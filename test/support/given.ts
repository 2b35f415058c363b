/** `given(events).when(command).thenAppended(…)`: tests of the pure core read as sentences. */
import { expect } from '@jest/globals';
import type { RecordingCommand } from '../../src/recording/commands.ts';
import { decide } from '../../src/recording/decide.ts';
import type { RecordingEvent } from '../../src/recording/events.ts';
import { fold } from '../../src/recording/evolve.ts';
import { DEFAULT_LIMITS, type RecordingLimits } from '../../src/recording/limits.ts';
import type { RejectionCode } from '../../src/recording/rejected.ts';
import { expectAppended } from './decided.ts';

export function given(events: readonly RecordingEvent[], limits: RecordingLimits = DEFAULT_LIMITS) {
  return {
    when(command: RecordingCommand) {
      const { events: decided, rejected } = decide(fold(events), command, limits);
      const afterwards = fold([...events, ...decided]);
      return {
        /** Exactly these events (each with at least these properties), and no refusal. */
        thenAppended(...expected: readonly { type: RecordingEvent['type']; data?: object }[]) {
          expectAppended({ events: decided, rejected }, expected);
        },
        thenNothing() {
          expect(rejected).toBeUndefined();
          expect(decided).toEqual([]);
        },
        thenRejected(
          code: RejectionCode,
          details?: object,
          recorded: readonly RecordingEvent['type'][] = [],
        ) {
          expect(rejected?.code).toBe(code);
          expect(rejected?.message).toMatch(/^\w+ .*\w$/);
          if (details !== undefined) expect(rejected?.details).toMatchObject(details);
          expect(decided.map(({ type }) => type)).toEqual(recorded);
        },
        events: decided,
        rejected,
        session: afterwards,
      };
    },
  };
}
