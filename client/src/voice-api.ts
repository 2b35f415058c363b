/** The endpoints as functions. No DOM, no Node: `fetch` comes in. Every call has a time-out. */
import { ApiError, errorOf } from './api-error.ts';
import type {
  ChunkDetails,
  CompleteRequest,
  CreatedSession,
  CreateRequest,
  EntryItem,
  Flags,
  ManifestChunk,
  SessionState,
  SessionStatus,
  SignedUrl,
} from './contract.ts';

export type VoiceApiOptions = {
  /** Such as `https://voice.example`, without a slash at the end. */
  readonly baseUrl: string;
  /** The bearer token, or how to get one (asked for each request, so it may be renewed). */
  readonly token: string | (() => string | Promise<string>);
  readonly fetch?: typeof fetch;
  /** Milliseconds for one request; default 15,000. */
  readonly timeoutMs?: number;
};

type Accepted = { readonly sessionId: string; readonly state: SessionState };

export interface VoiceApi {
  flags(): Promise<Flags>;
  create(request: CreateRequest, idempotencyKey?: string): Promise<CreatedSession>;
  presign(sessionId: string, chunks: string): Promise<readonly SignedUrl[]>;
  acknowledge(sessionId: string, chunk: ManifestChunk & ChunkDetails): Promise<readonly number[]>;
  complete(sessionId: string, request: CompleteRequest): Promise<Accepted>;
  fallback(sessionId: string, reason: string): Promise<readonly SignedUrl[]>;
  status(sessionId: string): Promise<SessionStatus>;
  retry(sessionId: string): Promise<Accepted>;
  erase(sessionId: string): Promise<void>;
  entries(page?: {
    readonly limit?: number;
    readonly before?: string;
  }): Promise<{ readonly entries: readonly EntryItem[]; readonly next: string | null }>;
  entry(id: string): Promise<EntryItem & { readonly transcript: string }>;
  /** The open answer of the event stream; see `followStatus`. */
  openEvents(sessionId: string, lastEventId: string | null, signal: AbortSignal): Promise<Response>;
}

const TIMEOUT_MS = 15_000;

export function createVoiceApi({
  baseUrl,
  token,
  fetch: fetchOption,
  timeoutMs = TIMEOUT_MS,
}: VoiceApiOptions): VoiceApi {
  const doFetch = fetchOption ?? fetch;

  async function open(
    method: string,
    path: string,
    init: { body?: unknown; headers?: Record<string, string>; signal: AbortSignal },
  ): Promise<Response> {
    const bearer = typeof token === 'string' ? token : await token();
    const headers: Record<string, string> = { authorization: `Bearer ${bearer}`, ...init.headers };
    if (init.body !== undefined) headers['content-type'] = 'application/json';
    let response: Response;
    try {
      response = await doFetch(`${baseUrl}${path}`, {
        method,
        headers,
        signal: init.signal,
        ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
      });
    } catch (error) {
      throw unreachable(error);
    }
    if (!response.ok) throw await errorOf(response);
    return response;
  }

  async function request<T>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<T> {
    const response = await open(method, path, {
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body }),
      ...(headers === undefined ? {} : { headers }),
    });
    if (response.status === 204) return undefined as T;
    let text: string;
    try {
      text = await response.text();
    } catch (error) {
      throw unreachable(error);
    }
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new ApiError(
        response.status,
        'not_json',
        'the answer is not JSON: is something between us and the server?',
      );
    }
  }

  const session = (sessionId: string, rest: string) =>
    `/audio/session/${encodeURIComponent(sessionId)}${rest}`;
  const urlsOf = async (answer: Promise<{ urls: SignedUrl[] }>) => (await answer).urls;

  return {
    flags: () => request('GET', '/flags'),
    create: (body, key) =>
      request(
        'POST',
        '/audio/session/create',
        body,
        key === undefined ? undefined : { 'idempotency-key': key },
      ),
    presign: (id, chunks) =>
      urlsOf(request('GET', session(id, `/presign?chunks=${encodeURIComponent(chunks)}`))),
    acknowledge: async (id, { index, ...body }) =>
      (await request<{ received: number[] }>('POST', session(id, `/chunks/${index}`), body)).received,
    complete: (id, body) => request('POST', session(id, '/complete'), body),
    fallback: (id, reason) => urlsOf(request('POST', session(id, '/fallback'), { reason })),
    status: (id) => request('GET', session(id, '/status')),
    retry: (id) => request('POST', session(id, '/retry')),
    erase: (id) => request('DELETE', session(id, '')),
    entries: ({ limit, before } = {}) => {
      const query = new URLSearchParams();
      if (limit !== undefined) query.set('limit', String(limit));
      if (before !== undefined) query.set('before', before);
      return request('GET', `/entries?${query}`);
    },
    entry: (id) => request('GET', `/entries/${encodeURIComponent(id)}`),
    openEvents: (id, lastEventId, signal) =>
      open('GET', session(id, '/events'), {
        signal,
        headers: {
          accept: 'text/event-stream',
          ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }),
        },
      }),
  };
}

function unreachable(error: unknown): ApiError {
  const timeout = error instanceof Error && error.name === 'TimeoutError';
  return timeout
    ? new ApiError(0, 'timeout', 'the server took too long')
    : new ApiError(0, 'unreachable', 'the server cannot be reached');
}
