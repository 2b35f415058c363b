/** Where each span stands on a scale of time: pure. */
import type { TimelineSpan } from './admin-types.ts';

/** Of a long recording the steps after it are a sliver: the scale may begin at stop. */
export type Scale = 'whole' | 'after-stop';

export type Bar = {
  readonly span: TimelineSpan;
  /** Milliseconds from the beginning of the session. */
  readonly afterMs: number;
  readonly tookMs: number;
  /** Of the scale, 0–1. Null when it was over before the scale begins. */
  readonly place: { readonly from: number; readonly to: number } | null;
};

export type Waterfall = {
  readonly bars: readonly Bar[];
  /** Of the scale. */
  readonly totalMs: number;
};

/** When the upload was complete; null while it is not. */
export function stopOf(spans: readonly TimelineSpan[]): number | null {
  const ended = spans.findLast(({ name, outcome }) => name === 'recording' && outcome === 'done');
  return ended?.endedAt ? Date.parse(ended.endedAt) : null;
}

/** @param now what goes on ends now, in milliseconds */
export function waterfallOf(spans: readonly TimelineSpan[], scale: Scale, now: number): Waterfall {
  const times = spans.map((span) => {
    const began = Date.parse(span.startedAt);
    return { span, began, ended: Math.max(began, span.endedAt === null ? now : Date.parse(span.endedAt)) };
  });
  const first = Math.min(...times.map(({ began }) => began));
  const begin = (scale === 'after-stop' ? stopOf(spans) : null) ?? first;
  const end = Math.max(...times.map(({ ended }) => ended));
  const totalMs = Math.max(1, end - begin);
  const on = (at: number) => Math.max(0, (at - begin) / totalMs);
  return {
    totalMs,
    bars: times.map(({ span, began, ended }) => ({
      span,
      afterMs: began - first,
      tookMs: ended - began,
      place: ended <= begin && began < begin ? null : { from: on(began), to: on(ended) },
    })),
  };
}
