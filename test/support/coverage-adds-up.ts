import { expect } from '@jest/globals';
import type { Coverage } from '../../src/recording/events.ts';

/** captured ≥ stored ≥ transcribed; the gaps are in order, don't overlap, and are exactly what is not transcribed. */
export function expectAddsUp({ capturedMs, storedMs, transcribedMs, gaps }: Coverage): void {
  expect(capturedMs).toBeGreaterThanOrEqual(storedMs);
  expect(storedMs).toBeGreaterThanOrEqual(transcribedMs);
  let at = 0;
  let lost = 0;
  for (const { startMs, endMs } of gaps) {
    expect(startMs).toBeGreaterThanOrEqual(at);
    expect(endMs).toBeGreaterThan(startMs);
    lost += endMs - startMs;
    at = endMs;
  }
  expect(at).toBeLessThanOrEqual(capturedMs);
  expect(transcribedMs + lost).toBe(capturedMs);
}
