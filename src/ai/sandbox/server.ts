/**
 * The sandbox provider's HTTP server: OpenAI's wire protocol, and a control API under `/sandbox/`. Nothing here is
 * remembered but counters and the faults that were asked for.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createCallCounts } from './call-counts.ts';
import { chatAnswer, readChatRequest } from './chat.ts';
import { completion, completionChunks } from './completion.ts';
import type { Ears } from './ears.ts';
import { FaultSettings, Faults, type FaultyPath, inflict } from './faults.ts';
import type { ChatLatency, LatencyModel } from './latency.ts';
import { ApiFailure } from './openai-error.ts';
import { createBodyReader, parseForm, parseJson } from './request-body.ts';
import { sendFailure, sendJson, sendText } from './send.ts';
import { MAX_FILE_BYTES, readTranscriptionRequest, tooLarge, transcriptionAnswer } from './transcriptions.ts';

const MAX_CHAT_BYTES = 32 * 1024 * 1024;
const MAX_CONTROL_BYTES = 64 * 1024;
/** The file, and the form around it. */
const MAX_FORM_BYTES = MAX_FILE_BYTES + 1024 * 1024;

export type SandboxParts = {
  readonly ears: Ears;
  readonly latency: LatencyModel;
  /** Failures of ours, never what was said. */
  readonly onError: (error: unknown) => void;
};

/** A call with what it is told by: its signal is aborted when the caller goes away. */
type Call = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
};

export function createSandboxServer({ ears, latency, onError }: SandboxParts): Server {
  const faults = new Faults();
  const counts = createCallCounts();
  const bodies = createBodyReader();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const gone = new AbortController();
    response.once('close', () => gone.abort(new Error('the caller went away')));
    response.setHeader('x-provider', 'sandbox');
    response.setHeader('x-request-id', `req_${randomUUID()}`);
    if (!path.startsWith('/sandbox/')) counts.count(path, response);
    try {
      await route(`${request.method} ${path}`, { request, response, signal: gone.signal });
    } catch (error) {
      if (response.destroyed) return;
      if (!(error instanceof ApiFailure)) onError(error);
      // What was not read of a refused request would stand before the connection's next one.
      if (!request.complete) response.setHeader('connection', 'close');
      if (response.headersSent) response.destroy();
      else sendFailure(response, error instanceof ApiFailure ? error : OUR_FAILURE);
    }
  }

  async function route(name: string, call: Call): Promise<void> {
    const { request, response } = call;
    switch (name) {
      case 'POST /v1/audio/transcriptions':
        return await answer('transcriptions', call, transcribe);
      case 'POST /v1/chat/completions':
        return await answer('chat', call, chat);
      case 'POST /sandbox/faults': {
        const settings = FaultSettings.safeParse(await readJson(request, MAX_CONTROL_BYTES));
        if (!settings.success) throw invalidControl(settings.error.issues[0]);
        faults.set(settings.data);
        return sendJson(response, 200, faults.state);
      }
      case 'GET /sandbox/faults':
        return sendJson(response, 200, faults.state);
      case 'GET /sandbox/stats':
        return sendJson(response, 200, counts.summary());
      default:
        throw new ApiFailure(
          404,
          `Unknown request URL: ${name}. It is the sandbox provider that you asked.`,
          {
            code: 'unknown_url',
          },
        );
    }
  }

  async function answer(
    path: FaultyPath,
    call: Call,
    otherwise: (call: Call) => Promise<void>,
  ): Promise<void> {
    authorise(call.request);
    const fault = faults.draw(path);
    if (fault?.mode === 'slow') await pass(fault.delayMs, call.signal);
    if (fault === null || fault.mode === 'slow') return otherwise(call);
    inflict(fault, path, call);
  }

  async function transcribe({ request, response, signal }: Call): Promise<void> {
    const started = performance.now();
    const body = await bodies.read(request, MAX_FORM_BYTES, tooLarge);
    response.once('close', body.release);
    const form = await parseForm(body.bytes, request.headers['content-type'] ?? '');
    const asked = readTranscriptionRequest(form);
    const heard = await ears.hear(new Uint8Array(await asked.file.arrayBuffer()), signal);
    const passed = performance.now() - started;
    await pass(latency.transcription(heard.durationMs) - passed, signal);
    const result = transcriptionAnswer(asked, heard);
    if (typeof result === 'string') sendText(response, result);
    else sendJson(response, 200, result);
  }

  async function chat({ request, response, signal }: Call): Promise<void> {
    const asked = readChatRequest(await readJson(request, MAX_CHAT_BYTES));
    const content = await chatAnswer(asked);
    const head = {
      id: `chatcmpl-sandbox-${randomUUID()}`,
      created: Math.floor(Date.now() / 1000),
      model: asked.model,
    };
    const pace = latency.chat();
    const promptCharacters = JSON.stringify(asked.messages).length;
    if (asked.stream === true) {
      const counted = asked.stream_options?.include_usage === true ? promptCharacters : null;
      return stream(completionChunks(head, content, counted), pace, { response, signal });
    }
    await pass(pace.firstTokenMs + pace.perCharacterMs * content.length, signal);
    sendJson(response, 200, completion(head, content, promptCharacters));
  }

  async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
    const tooLong = () => new ApiFailure(413, 'The request is too large.');
    const { bytes, release } = await bodies.read(request, maxBytes, tooLong);
    try {
      return parseJson(bytes);
    } finally {
      release();
    }
  }

  return createServer((request, response) => void handle(request, response));
}

const OUR_FAILURE = new ApiFailure(500, 'The sandbox provider failed.');

function authorise({ headers }: IncomingMessage): void {
  const [, key] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
  if (key === undefined) throw new ApiFailure(401, "You didn't provide an API key.");
  if (key !== 'sk-invalid') return;
  throw new ApiFailure(401, 'Incorrect API key provided.', { code: 'invalid_api_key' });
}

function invalidControl(issue: { path: PropertyKey[]; message: string } | undefined): ApiFailure {
  const param = issue?.path.join('.') ?? '';
  return new ApiFailure(400, `${param === '' ? 'the body' : param}: ${issue?.message ?? 'not a fault'}`, {
    param,
  });
}

async function pass(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) await delay(milliseconds, undefined, { signal });
}

async function stream(
  chunks: ReturnType<typeof completionChunks>,
  { firstTokenMs, perCharacterMs }: ChatLatency,
  { response, signal }: Pick<Call, 'response' | 'signal'>,
): Promise<void> {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  await pass(firstTokenMs, signal);
  for (const { data, characters } of chunks) {
    await pass(characters * perCharacterMs, signal);
    response.write(`data: ${JSON.stringify(data)}\n\n`);
  }
  response.end('data: [DONE]\n\n');
}
