/**
 * Traces, as OpenTelemetry has them: sent by OTLP over HTTP when an endpoint is set, and nowhere otherwise. Trace ids are
 * there in any case, for logs and events.
 *
 * A session is one trace, from `create` over every chunk and step to the entry, on whatever node and however much later:
 * its trace id is its session id without the dashes (both are 16 bytes), so that one finds the other without a table. A
 * caller's own trace is linked. Each event carries the span that caused it in its metadata.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Link, type SpanContext, SpanKind, TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, RandomIdGenerator } from '@opentelemetry/sdk-trace-node';
import { TimedSpan } from './timed-span.ts';

export type SpanOptions = {
  /** The session whose trace it belongs to; without one it belongs to what runs around it, or begins a trace. */
  readonly sessionId?: string;
  /** A `traceparent` that somebody sent: linked. */
  readonly linked?: string | undefined;
  readonly kind?: 'internal' | 'server' | 'client' | 'consumer';
  /** Ids, codes and numbers; never speech, text, tokens or URLs. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
};

export interface Tracing {
  /** Runs `work` in a span, which ends with it; what it rejects with is the span's error, by its code. */
  span<T>(name: string, options: SpanOptions, work: (span: RunningSpan) => Promise<T>): Promise<T>;
  /** `traceparent` of what runs now (W3C Trace Context); undefined outside of a span. */
  current(): string | undefined;
  /** Sends what is left. */
  close(): Promise<void>;
}

export type RunningSpan = {
  named(name: string): void;
  set(name: string, value: string | number | boolean): void;
  failed(code: string): void;
};

export type TracingOptions = {
  /** Base URL of a collector, such as http://127.0.0.1:4318; `/v1/traces` is added. */
  readonly endpoint?: string;
  readonly onError: (error: unknown) => void;
};

/** Or 512 spans, whichever is first: each request has its price, and a trace may be seconds late. kill −9 loses them. */
const EXPORT_EVERY_MS = 5_000;
const EXPORT_TIMEOUT_MS = 5_000;
const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
};
/** W3C Trace Context, level 1: version-traceid-parentid-flags. */
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The span that runs; a second application in this process shares it. */
const around = new AsyncLocalStorage<SpanContext>();
const ids = new RandomIdGenerator();
const UNLINKED: Link[] = [];

export function createTracing({ endpoint, onError }: TracingOptions): Tracing {
  const processor =
    endpoint === undefined
      ? null
      : new BatchSpanProcessor(
          new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: EXPORT_TIMEOUT_MS }),
          {
            maxQueueSize: 10_000,
            scheduledDelayMillis: EXPORT_EVERY_MS,
            exportTimeoutMillis: EXPORT_TIMEOUT_MS,
          },
        );

  async function through<T>(span: TimedSpan, work: (span: RunningSpan) => Promise<T>): Promise<T> {
    try {
      return await work(span);
    } catch (error) {
      span.failed(codeOf(error));
      throw error;
    } finally {
      span.end();
      processor?.onEnd(span);
    }
  }

  return {
    span(name, { sessionId, linked, kind = 'internal', attributes }, work) {
      const parent = parentOf(sessionId);
      const own = {
        traceId: parent?.traceId ?? ids.generateTraceId(),
        spanId: ids.generateSpanId(),
        traceFlags: TraceFlags.SAMPLED,
      };
      const span = new TimedSpan({
        name,
        kind: KINDS[kind],
        attributes: sessionId === undefined ? { ...attributes } : { ...attributes, 'session.id': sessionId },
        links: linksTo(linked),
        own,
        parent,
      });
      return around.run(own, () => through(span, work));
    },
    current() {
      const span = around.getStore();
      return span === undefined ? undefined : traceparentOf(span);
    },
    async close() {
      await processor?.shutdown().catch(onError);
    },
  };
}

/** Nothing is traced. */
export const NO_TRACING: Tracing = {
  span: (_name, _options, work) =>
    work({ named: () => undefined, set: () => undefined, failed: () => undefined }),
  current: () => undefined,
  close: async () => undefined,
};

/** The session's id as a trace id. */
export function traceIdOf(sessionId: string): string {
  return sessionId.replaceAll('-', '').toLowerCase();
}

/** Of what runs now; undefined outside of a span. */
export function currentTraceId(): string | undefined {
  return around.getStore()?.traceId;
}

/** Within the session's own trace what runs around it stays the parent; from elsewhere its beginning is. */
function parentOf(sessionId: string | undefined): SpanContext | undefined {
  const outer = around.getStore();
  if (sessionId === undefined) return outer;
  const traceId = traceIdOf(sessionId);
  if (outer?.traceId === traceId) return outer;
  return { traceId, spanId: traceId.slice(16), traceFlags: TraceFlags.SAMPLED, isRemote: true };
}

function linksTo(traceparent: string | undefined): Link[] {
  const match = traceparent === undefined ? null : TRACEPARENT.exec(traceparent);
  if (match === null) return UNLINKED;
  const [, traceId = '', spanId = '', flags = '00'] = match;
  return [{ context: { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true } }];
}

function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** Messages may hold anything; codes are ours. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'failed';
}
