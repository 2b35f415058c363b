import type { Meter } from './meter.ts';
import { TENTH_MS } from './tenths.ts';
import type { WindowPolicy } from './window-policy.ts';

/** In tenths. */
export type Span = { readonly from: number; readonly to: number };

/**
 * The span without the long silences that it begins and ends in, as far as they can be believed after `seen` tenths;
 * null when nothing sounds in it. A silence counts in its whole length, also what lies outside of the span.
 */
export function trimSilence(span: Span, meter: Meter, seen: number, policy: WindowPolicy): Span | null {
  const isSilent = (tenth: number) => tenth >= 0 && tenth < seen && meter.isSilent(tenth, seen - 1);
  const long = policy.silenceMs / TENTH_MS;
  const keep = policy.keepMs / TENTH_MS;
  const end = Math.floor(span.to); // a recording's last tenth may be a part of one
  let before = span.from;
  while (isSilent(before - 1)) before -= 1;
  let first = span.from;
  while (isSilent(first)) first += 1;
  if (first >= end && first - before >= long) return null;
  let last = end;
  while (isSilent(last - 1)) last -= 1;
  let after = end;
  while (isSilent(after)) after += 1;
  return {
    from: first - before >= long ? Math.max(span.from, first - keep) : span.from,
    to: after - last >= long ? Math.min(span.to, last + keep) : span.to,
  };
}
