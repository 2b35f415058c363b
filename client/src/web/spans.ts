import type { LevelMeter } from './level-meter.ts';
import type { RecordedTime } from './recorded-time.ts';

/** What a capture says of its bytes. */
export type Span = { readonly startMs: number; readonly endMs: number; readonly levels: readonly number[] };

export type Spans = {
  /** Milliseconds of recorded time since the last cut. */
  openMs(): number;
  /** Ends the span here; the next one begins. */
  cut(): Span;
};

/** So many levels more or fewer than the time has tenths may come of where the cuts fall. */
const TOLERANCE = 2;

/** Cuts recorded time into spans without a gap, with their levels; levels that would be out of place are left out. */
export function createSpans(time: RecordedTime, meter: Pick<LevelMeter, 'take'>): Spans {
  let startMs = 0;
  return {
    openMs: () => time.elapsed() - startMs,
    cut() {
      const endMs = Math.max(startMs, Math.round(time.elapsed()));
      const levels = meter.take();
      const inPlace = Math.abs(levels.length - (endMs - startMs) / 100) <= TOLERANCE;
      const span = { startMs, endMs, levels: inPlace ? levels : [] };
      startMs = endMs;
      return span;
    },
  };
}

/** Two spans that touch, as one. */
export function spanOver(first: Span, second: Span): Span {
  return { startMs: first.startMs, endMs: second.endMs, levels: [...first.levels, ...second.levels] };
}
