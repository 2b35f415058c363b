/**
 * Between an application and its provider: passes every call on and writes down what it was, for whose session, when,
 * and what it will be billed for, by the provider's own answer. Nothing of what was said is kept.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export type ProviderCall = {
  /** The session's id without its dashes (see telemetry/tracing.ts); empty when nothing told. */
  readonly traceId: string;
  /** `transcribe`, or the name of the schema that was asked for. */
  readonly what: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly status: number;
  readonly audioSeconds: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
};

export type ProviderGateway = {
  readonly url: string;
  readonly calls: readonly ProviderCall[];
  close(): Promise<void>;
};

const TIMEOUT_MS = 5 * 60_000;
const PASSED_ON = ['authorization', 'content-type', 'traceparent', 'accept'] as const;

/** @param target its origin */
export async function startProviderGateway(target: string): Promise<ProviderGateway> {
  const calls: ProviderCall[] = [];

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = Date.now();
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const body = await buffer(request);
    const headers = PASSED_ON.flatMap((name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? [[name, value] as [string, string]] : [];
    });
    const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const answer = await fetch(`${target}${request.url}`, {
      method: request.method ?? 'POST',
      headers,
      body,
      signal,
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const passedBack = ['content-type', 'x-provider', 'x-request-id', 'retry-after'].flatMap((name) => {
      const value = answer.headers.get(name);
      return value === null ? [] : [[name, value] as const];
    });
    response.writeHead(answer.status, Object.fromEntries(passedBack)).end(bytes);
    calls.push({
      traceId: String(request.headers.traceparent ?? '').split('-')[1] ?? '',
      what: whatOf(request, body),
      startedAt,
      endedAt: Date.now(),
      status: answer.status,
      ...billed(answer.ok ? bytes : Buffer.from('{}')),
    });
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function whatOf({ url = '' }: IncomingMessage, body: Buffer): string {
  if (url.endsWith('/audio/transcriptions')) return 'transcribe';
  const { response_format: format } = JSON.parse(body.toString('utf8')) as {
    response_format?: { json_schema?: { name?: string } };
  };
  return format?.json_schema?.name ?? 'chat';
}

/** By `usage`, as OpenAI's answers have it; of a transcription with word times its exact `duration`. */
function billed(answer: Buffer): Pick<ProviderCall, 'audioSeconds' | 'tokensIn' | 'tokensOut'> {
  const { duration, usage } = JSON.parse(answer.toString('utf8')) as {
    duration?: number;
    usage?: { seconds?: number; prompt_tokens?: number; completion_tokens?: number };
  };
  return {
    audioSeconds: Number(duration ?? usage?.seconds ?? 0),
    tokensIn: usage?.prompt_tokens ?? 0,
    tokensOut: usage?.completion_tokens ?? 0,
  };
}
