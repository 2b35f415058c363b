import type { Coverage } from './events.ts';

/** Recorded and not transcribed, in milliseconds. */
export function gapMs({ gaps }: Pick<Coverage, 'gaps'>): number {
  return gaps.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
}
