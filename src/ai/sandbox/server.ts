/**
 * The sandbox provider's HTTP server: OpenAI's wire protocol, and a control API under `/sandbox/`. Nothing here is
 * remembered but counters and the faults that were asked for.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { ChatRequest, chatAnswer, completion, completionChunks } from './chat.ts';
import { type Fault, FaultSettings, Faults } from './faults.ts';
import type { LatencyModel } from './latency.ts';
import { ApiFailure } from './openai-error.ts';
import { type Ears, MAX_FILE_BYTES, readRequest, transcriptionAnswer } from './transcriptions.ts';

export type SandboxServer = { readonly server: Server; readonly faults: Faults };

const MAX_JSON_BYTES = 32 * 1024 * 1024;
/** The file, and the form around it. */
const MAX_FORM_BYTES = MAX_FILE_BYTES + 1024 * 1024;

export function createSandboxServer(ears: Ears, latency: LatencyModel): SandboxServer {
  const faults = new Faults();
  const requests: Record<string, Record<string, number>> = {};
  const count = (path: string, status: number) => {
    const statuses = requests[path] ?? {};
    requests[path] = statuses;
    statuses[status] = (statuses[status] ?? 0) + 1;
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    response.setHeader('x-provider', 'sandbox');
    response.setHeader('x-request-id', randomUUID());
    response.on('finish', () => count(path, response.statusCode));
    try {
      await route(`${request.method} ${path}`, request, response);
    } catch (error) {
      const failure =
        error instanceof ApiFailure ? error : new ApiFailure(500, 'the sandbox provider failed');
      if (!(error instanceof ApiFailure))
        process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
      if (!response.headersSent) send(response, failure.status, failure.body());
      else response.destroy();
    }
  }

  async function route(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (name) {
      case 'POST /v1/audio/transcriptions':
        authorise(request);
        return await suffer('transcriptions', request, response, () => transcriptions(request, response));
      case 'POST /v1/chat/completions':
        authorise(request);
        return await suffer('chat', request, response, () => chat(request, response));
      case 'POST /sandbox/faults': {
        const settings = FaultSettings.safeParse(await json(request));
        if (!settings.success) throw new ApiFailure(400, settings.error.issues[0]?.message ?? 'not a fault');
        faults.set(settings.data);
        return send(response, 200, faults.settings);
      }
      case 'GET /sandbox/faults':
        return send(response, 200, faults.settings);
      case 'GET /sandbox/stats':
        return send(response, 200, { requests });
      default:
        throw new ApiFailure(404, `Unknown request URL: ${name}`);
    }
  }

  async function transcriptions(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await readRequest(await form(request));
    const started = performance.now();
    const heard = await ears.hear(asked.file);
    await pass(latency.transcription(heard.durationMs) - (performance.now() - started));
    send(response, 200, transcriptionAnswer(asked, heard));
  }

  async function chat(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parsed = ChatRequest.safeParse(await json(request));
    if (!parsed.success) throw new ApiFailure(400, parsed.error.issues[0]?.message ?? 'invalid request');
    const content = await chatAnswer(parsed.data);
    await pass(latency.chat(content.length));
    const head = {
      id: `chatcmpl-sandbox-${randomUUID()}`,
      created: Math.floor(Date.now() / 1000),
      model: parsed.data.model,
    };
    if (!parsed.data.stream) {
      return send(response, 200, completion(head, content, JSON.stringify(parsed.data.messages).length));
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const chunk of completionChunks(head, content)) response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    response.end('data: [DONE]\n\n');
  }

  async function suffer(
    path: 'transcriptions' | 'chat',
    request: IncomingMessage,
    response: ServerResponse,
    otherwise: () => Promise<void>,
  ): Promise<void> {
    const fault = faults.draw(path);
    if (fault === null) return otherwise();
    request.resume();
    inflict(fault, path, response);
  }

  return { server: createServer((request, response) => void handle(request, response)), faults };
}

function inflict({ mode, status, retryAfter }: Fault, path: string, response: ServerResponse): void {
  switch (mode) {
    case 'status':
      if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter));
      send(response, status, new ApiFailure(status, 'a fault that was asked for').body());
      return;
    case 'timeout':
      return; // never answered
    case 'cut':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"text": "');
      setImmediate(() => response.destroy());
      return;
    case 'bad-json':
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"text": "unfinished');
      return;
    default:
      send(
        response,
        200,
        path === 'chat'
          ? completion({ id: 'x', created: 0, model: 'x' }, '{"wrong":true}', 0)
          : { wrong: true },
      );
  }
}

function authorise(request: IncomingMessage): void {
  const key = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (key === undefined) throw new ApiFailure(401, "You didn't provide an API key.");
  if (key === 'sk-invalid')
    throw new ApiFailure(401, 'Incorrect API key provided.', { code: 'invalid_api_key' });
}

async function pass(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await delay(milliseconds);
}

function send(response: ServerResponse, status: number, body: string | object): void {
  const text = typeof body === 'string';
  response.writeHead(status, { 'content-type': text ? 'text/plain; charset=utf-8' : 'application/json' });
  response.end(text ? body : JSON.stringify(body));
}

async function read(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new ApiFailure(413, 'the request is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function json(request: IncomingMessage): Promise<unknown> {
  try {
    return JSON.parse((await read(request, MAX_JSON_BYTES)).toString('utf8'));
  } catch (error) {
    if (error instanceof ApiFailure) throw error;
    throw new ApiFailure(400, 'We could not parse the JSON body of your request.');
  }
}

async function form(request: IncomingMessage): Promise<FormData> {
  const body = await read(request, MAX_FORM_BYTES);
  try {
    const type = request.headers['content-type'] ?? '';
    return await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  } catch {
    throw new ApiFailure(400, 'Could not parse multipart form');
  }
}
