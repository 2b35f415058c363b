/**
 * A DOUBLE of the server for tests of the client: a real HTTP server on a free port of 127.0.0.1 that keeps chunks in
 * memory and understands nothing of sound. It has the contract's shapes, status codes and headers, never more: what
 * the server refuses, it refuses. The rest a test scripts: what the session's end is, and which call fails how.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CompleteRequest, ManifestChunk, SessionStatus, Strategy } from '../contract.ts';

export type Call = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
};
/** Answers instead of the double (true), or lets it answer (false). */
export type Interference = (call: Call, response: ServerResponse) => boolean | Promise<boolean>;

type DoubleSession = {
  readonly id: string;
  readonly mimeType: string;
  strategy: Strategy;
  round: number;
  version: number;
  readonly objects: Map<string, Buffer>;
  readonly received: Set<number>;
  completed: CompleteRequest | null;
  /** What its status says more while it is recorded. */
  news: Partial<SessionStatus>;
  readonly followers: Set<() => void>;
};

export type ApiDouble = {
  readonly url: string;
  readonly calls: readonly Call[];
  readonly sessions: ReadonlyMap<string, DoubleSession>;
  /** The bytes put for a chunk of the session as it now is; null when there are none. */
  chunk(sessionId: string, index: number): Buffer | null;
  /** From now on the session's status says this too, until it is completed; pushed to who follows it. */
  tell(sessionId: string, news: Partial<SessionStatus>): void;
  /** Event streams that are open. */
  following(sessionId: string): number;
  close(): Promise<void>;
};

export type DoubleOptions = {
  readonly strategy?: Strategy;
  readonly interfere?: Interference;
  /** The end of a session that was completed; the first by default. @param round 0, and 1 after a fallback */
  readonly end?: (round: number) => Partial<SessionStatus>;
  /** 0 (default): free. */
  readonly port?: number;
};

const END = {
  state: 'completed',
  stage: 'completed',
  progress: 100,
  transcript: { text: 'one two' },
  entry: { title: 'One', text: 'One, two.', emotion: 'calm', feedback: 'Well said.' },
} as const satisfies Partial<SessionStatus>;

export async function startApiDouble(options: DoubleOptions = {}): Promise<ApiDouble> {
  const { strategy = 'chunked', interfere = () => false, end = () => END } = options;
  const sessions = new Map<string, DoubleSession>();
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const { method = '', url: path = '', headers } = request;
      const call = { method, path, headers, body: Buffer.concat(parts) };
      calls.push(call);
      if (!(await interfere(call, response))) answer(call, response);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const urlOf = (session: DoubleSession, index: number) => ({
    index,
    url: `${url}/objects/${session.id}/${session.round}/${index}?sig=right`,
    method: 'PUT',
    headers: { 'content-type': session.mimeType, 'if-none-match': '*' },
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
  });

  function answer(call: Call, response: ServerResponse): ServerResponse {
    const { pathname, searchParams } = new URL(call.path, url);
    const [, object, sessionId = '', round, index] =
      /^\/(objects)\/([^/]+)\/(\d+)\/(\d+)$/.exec(pathname) ?? [];
    if (object !== undefined) {
      return putObject(call, response, sessions.get(sessionId), `${round}/${index}`, searchParams);
    }
    if (pathname === '/dev/token' && call.method === 'POST')
      return sendJson(response, 201, { token: 'dev-token' });
    if (!call.headers.authorization?.startsWith('Bearer ')) {
      return sendProblem(response, 401, 'token_missing');
    }
    if (pathname === '/flags') {
      const flag = { enabled: strategy === 'chunked', variant: strategy, chunkSeconds: 5, concurrency: 2 };
      return sendJson(response, 200, { chunkedUpload: flag });
    }
    if (pathname === '/audio/session/create') return create(call, response);
    const [, id = '', action = ''] = /^\/audio\/session\/([^/]+)(?:\/(.+))?$/.exec(pathname) ?? [];
    const session = sessions.get(id);
    if (session === undefined) return sendProblem(response, 404, 'session_not_found');
    const chunk = /^chunks\/(\d+)$/.exec(action)?.[1];
    if (chunk !== undefined) return acknowledge(call, response, session, Number(chunk));
    if (action === 'presign') {
      const indexes = (searchParams.get('chunks') ?? '').split(',').flatMap(range);
      return sendJson(response, 200, { urls: indexes.map((each) => urlOf(session, each)) });
    }
    if (action === 'complete') return complete(call, response, session);
    if (action === 'fallback') {
      session.strategy = 'single';
      session.round = 1;
      session.received.clear();
      session.completed = null;
      return sendJson(response, 200, { urls: [urlOf(session, 0)] });
    }
    if (action === 'status') return sendJson(response, 200, statusOf(session));
    if (action === 'events') return events(call, response, session);
    if (action === 'retry') return sendJson(response, 202, { sessionId: id, state: 'processing' });
    if (call.method === 'DELETE') {
      sessions.delete(id);
      return response.writeHead(204).end();
    }
    return sendProblem(response, 404, 'route_not_found');
  }

  function create(call: Call, response: ServerResponse): ServerResponse {
    const { mimeType } = JSON.parse(call.body.toString()) as { mimeType: string };
    const id = String(call.headers['idempotency-key'] ?? randomUUID());
    const session: DoubleSession = sessions.get(id) ?? {
      id,
      mimeType,
      strategy,
      round: 0,
      version: 1,
      objects: new Map(),
      received: new Set(),
      completed: null,
      news: {},
      followers: new Set(),
    };
    sessions.set(id, session);
    return sendJson(response, 201, {
      sessionId: id,
      strategy,
      assignment: { flag: 'chunked-upload', variant: strategy, percent: 100, reason: 'default' },
      upload: {
        concurrency: 2,
        chunkSeconds: 5,
        maxChunkBytes: 8 * 1024 * 1024,
        urls: [0, 1].slice(0, strategy === 'single' ? 1 : 2).map((index) => urlOf(session, index)),
      },
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
    });
  }

  function statusOf(session: DoubleSession): SessionStatus {
    return {
      sessionId: session.id,
      state: session.completed === null ? 'recording' : 'processing',
      stage: session.completed === null ? 'recording' : 'merging',
      progress: 10,
      received: [...session.received],
      steps: {},
      timings: { uploadWaitMs: 1, processingMs: 2, totalMs: 3 },
      version: session.version,
      ...(session.completed === null ? session.news : end(session.round)),
    };
  }

  function events(call: Call, response: ServerResponse, session: DoubleSession): ServerResponse {
    if (call.headers['last-event-id'] === String(session.version) && session.completed !== null) {
      return response.writeHead(204).end();
    }
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write('retry: 2000\n\n');
    const push = () => {
      const status = statusOf(session);
      response.write(`id: ${status.version}\nevent: status\ndata: ${JSON.stringify(status)}\n\n`);
      if (status.state !== 'recording' && status.state !== 'processing') response.end();
    };
    session.followers.add(push);
    response.once('close', () => session.followers.delete(push));
    push();
    return response;
  }

  return {
    url,
    calls,
    sessions,
    chunk: (sessionId, index) => {
      const session = sessions.get(sessionId);
      return session?.objects.get(`${session.round}/${index}`) ?? null;
    },
    tell: (sessionId, news) => {
      const session = sessions.get(sessionId);
      if (session === undefined) throw new RangeError(`no session ${sessionId}`);
      session.news = news;
      changed(session);
    },
    following: (sessionId) => sessions.get(sessionId)?.followers.size ?? 0,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function changed(session: DoubleSession): void {
  session.version++;
  for (const push of [...session.followers]) push();
}

/** `3-5` → 3, 4, 5. */
function range(text: string): number[] {
  const [first = 0, last = first] = text.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, next) => first + next);
}

function putObject(
  { method, headers, body }: Call,
  response: ServerResponse,
  session: DoubleSession | undefined,
  key: string,
  query: URLSearchParams,
): ServerResponse {
  if (method !== 'PUT') return sendProblem(response, 405, 'method_not_allowed');
  if (session === undefined || query.get('sig') !== 'right') {
    return sendProblem(response, 403, 'signature_invalid');
  }
  if (headers['content-type'] !== session.mimeType || headers['if-none-match'] !== '*') {
    return sendProblem(response, 415, 'content_type_mismatch');
  }
  if (session.objects.has(key)) return sendProblem(response, 412, 'already_uploaded');
  session.objects.set(key, body);
  return response.writeHead(200, { 'content-length': 0 }).end();
}

function acknowledge(
  call: Call,
  response: ServerResponse,
  session: DoubleSession,
  index: number,
): ServerResponse {
  const claimed = JSON.parse(call.body.toString()) as ManifestChunk;
  if (!isStored(session, { ...claimed, index })) {
    session.objects.delete(`${session.round}/${index}`);
    return sendProblem(response, 422, 'chunk_mismatch');
  }
  session.received.add(index);
  changed(session);
  return sendJson(response, 200, { received: [...session.received].sort((a, b) => a - b) });
}

function isStored({ objects, round }: DoubleSession, { index, bytes, sha256 }: ManifestChunk): boolean {
  const object = objects.get(`${round}/${index}`);
  return object !== undefined && object.length === bytes && sha256Of(object) === sha256;
}

function complete(call: Call, response: ServerResponse, session: DoubleSession): ServerResponse {
  const request = JSON.parse(call.body.toString()) as CompleteRequest;
  const { acknowledged = 0, chunks } = request;
  const open = chunks.filter(({ index }) => !session.received.has(index));
  const counted = Array.from({ length: acknowledged }, (_, index) => index);
  const missing = [
    ...counted.filter((index) => !session.received.has(index)),
    ...open.map(({ index }) => index).filter((index) => !session.objects.has(`${session.round}/${index}`)),
  ];
  if (missing.length > 0) return sendProblem(response, 409, 'chunks_missing', { missing });
  const mismatched = open.filter((chunk) => !isStored(session, chunk)).map(({ index }) => index);
  if (mismatched.length > 0) {
    for (const index of mismatched) session.objects.delete(`${session.round}/${index}`);
    return sendProblem(response, 422, 'chunk_mismatch', { mismatched });
  }
  for (const { index } of open) session.received.add(index);
  const isNews = session.completed === null;
  session.completed = request;
  if (isNews) changed(session);
  return sendJson(response, 202, { sessionId: session.id, state: 'processing' });
}

export function sendJson(response: ServerResponse, status: number, body: unknown): ServerResponse {
  return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function sendProblem(
  response: ServerResponse,
  status: number,
  code: string,
  details: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): ServerResponse {
  const problem = {
    ...details,
    type: `/docs/errors#${code}`,
    title: code,
    status,
    code,
    detail: `it is ${code}`,
  };
  return response
    .writeHead(status, { 'content-type': 'application/problem+json', ...headers })
    .end(JSON.stringify(problem));
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
