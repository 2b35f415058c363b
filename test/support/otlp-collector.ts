/** A double of an OpenTelemetry collector: takes OTLP over HTTP as JSON, as a real one does, and remembers the spans. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type CollectedSpan = {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string }[];
  /** 2: an error (OTLP's STATUS_CODE_ERROR). */
  readonly status: number;
};

export async function startCollector() {
  const spans: CollectedSpan[] = [];
  /** As they came: also what a span object does not show. */
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    bodies.push(body);
    if (request.url !== '/v1/traces') return response.writeHead(404).end();
    const { resourceSpans } = JSON.parse(body) as any;
    for (const { scopeSpans } of resourceSpans)
      for (const scope of scopeSpans)
        for (const span of scope.spans)
          spans.push({
            ...span,
            links: span.links ?? [],
            status: span.status?.code ?? 0,
            attributes: Object.fromEntries(
              span.attributes.map(({ key, value }: any) => [key, Object.values(value)[0]]),
            ),
          });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    bodies,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
