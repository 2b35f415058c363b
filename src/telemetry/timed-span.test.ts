import { expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { TimedSpan } from './timed-span.ts';

const own = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.SAMPLED };
const begin = () =>
  new TimedSpan({ name: 'POST', kind: SpanKind.SERVER, attributes: {}, links: [], own, parent: undefined });
const nanoseconds = ([seconds, rest]: readonly [number, number]) =>
  BigInt(seconds) * 1_000_000_000n + BigInt(rest);

it('stands where it began, and ends after what it took', () => {
  const before = Date.now();
  const span = begin();
  expect(span.ended).toBe(false);
  span.end();
  expect(span.ended).toBe(true);
  const [start, end] = [nanoseconds(span.startTime), nanoseconds(span.endTime)];
  expect(start).toBeGreaterThanOrEqual(BigInt(before) * 1_000_000n);
  expect(end).toBeGreaterThanOrEqual(start);
  // A number of milliseconds since 1970 has no more than a quarter of a microsecond.
  expect(Math.abs(Number(end - start - nanoseconds(span.duration)))).toBeLessThan(1_000);
});

it('has the name, the attributes and the failure it was given', () => {
  const span = begin();
  span.named('POST /audio/session/create');
  span.set('http.response.status_code', 503);
  span.failed('http_503');
  expect(span).toMatchObject({
    name: 'POST /audio/session/create',
    attributes: { 'http.response.status_code': 503 },
    status: { code: SpanStatusCode.ERROR, message: 'http_503' },
  });
  expect(span.spanContext()).toEqual(own);
});
