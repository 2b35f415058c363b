/**
 * Traces: OpenTelemetry, sent by OTLP over HTTP when an endpoint is set, and nowhere otherwise. Trace ids are there in any
 * case, for logs and events.
 *
 * A session is one trace, from `create` over every chunk and step to the entry, on whatever node and however much later:
 * its trace id is its session id without the dashes (both are 16 bytes), so that one finds the other without a table. A
 * caller's own trace is linked. Each event carries the span that caused it in its metadata.
 */
import {
  type Attributes,
  context,
  type Link,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

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
  name(name: string): void;
  set(name: string, value: string | number | boolean): void;
  failed(code: string): void;
};

export type TracingOptions = {
  /** Base URL of a collector, such as http://127.0.0.1:4318; `/v1/traces` is added. */
  readonly endpoint?: string;
  readonly onError: (error: unknown) => void;
};

const EXPORT_TIMEOUT_MS = 5_000;
const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
};
/** W3C Trace Context, level 1: version-traceid-parentid-flags. */
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

export function createTracing({ endpoint, onError }: TracingOptions): Tracing {
  const spanProcessors =
    endpoint === undefined
      ? []
      : [
          new BatchSpanProcessor(
            new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: EXPORT_TIMEOUT_MS }),
            { maxQueueSize: 10_000, scheduledDelayMillis: 1_000, exportTimeoutMillis: EXPORT_TIMEOUT_MS },
          ),
        ];
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'thankly-voice' }),
    spanProcessors,
  });
  provider.register(); // the context of what runs; a second application in this process shares it
  const tracer = provider.getTracer('thankly-voice');

  return {
    span(name, { sessionId, linked, kind = 'internal', attributes = {} }, work) {
      const parent = parentContext(sessionId);
      const links = linksTo(linked);
      const all: Attributes = {
        ...attributes,
        ...(sessionId === undefined ? {} : { 'session.id': sessionId }),
      };
      return tracer.startActiveSpan(
        name,
        { kind: KINDS[kind], attributes: all, links },
        parent,
        async (span) => {
          try {
            return await work(running(span));
          } catch (error) {
            span.setStatus({ code: SpanStatusCode.ERROR, message: codeOf(error) });
            throw error;
          } finally {
            span.end();
          }
        },
      );
    },
    current() {
      const span = trace.getSpan(context.active())?.spanContext();
      return span === undefined ? undefined : traceparentOf(span);
    },
    async close() {
      await provider.shutdown().catch(onError);
    },
  };
}

/** Nothing is traced. */
export const NO_TRACING: Tracing = {
  span: (_name, _options, work) =>
    work({ name: () => undefined, set: () => undefined, failed: () => undefined }),
  current: () => undefined,
  close: async () => undefined,
};

/** The session's id as a trace id. */
export function traceIdOf(sessionId: string): string {
  return sessionId.replaceAll('-', '').toLowerCase();
}

/** Within the session's own trace what runs around it stays the parent; from elsewhere its beginning is. */
function parentContext(sessionId: string | undefined) {
  const active = context.active();
  if (sessionId === undefined) return active;
  const traceId = traceIdOf(sessionId);
  if (trace.getSpan(active)?.spanContext().traceId === traceId) return active;
  const beginning = { traceId, spanId: traceId.slice(16), traceFlags: TraceFlags.SAMPLED, isRemote: true };
  return trace.setSpanContext(active, beginning);
}

function linksTo(traceparent: string | undefined): Link[] {
  const match = traceparent === undefined ? null : TRACEPARENT.exec(traceparent);
  if (match === null) return [];
  const [, traceId = '', spanId = '', flags = '00'] = match;
  return [{ context: { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true } }];
}

function running(span: Span): RunningSpan {
  return {
    name: (name) => void span.updateName(name),
    set: (name, value) => void span.setAttribute(name, value),
    failed: (code) => void span.setStatus({ code: SpanStatusCode.ERROR, message: code }),
  };
}

function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** Messages may hold anything; codes are ours. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'failed';
}
