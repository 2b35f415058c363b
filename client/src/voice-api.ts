/** The endpoints as functions. No DOM, no Node: `fetch` comes in. Every call has a time-out and fails with an ApiError. */
import { ApiError, errorOf } from './api-error.ts';
import type {
  ChunkDetails,
  CompleteRequest,
  CreatedSession,
  CreateRequest,
  Entry,
  EntryAudio,
  EntryItem,
  Erasure,
  Flags,
  ManifestChunk,
  SessionState,
  SessionStatus,
  SignedUrl,
} from './contract.ts';
import { type FollowErasureOptions, followErasure } from './follow-erasure.ts';
import { type FollowOptions, followStatus } from './follow-status.ts';
import { systemPatience } from './patiently.ts';
import { type PersonArchive, personArchive } from './person-archive.ts';
import { readText } from './read-text.ts';

export type VoiceApiOptions = {
  /** Such as `https://voice.example`; a path is kept, a slash at the end is not. */
  readonly baseUrl: string;
  /**
   * The bearer token, or how to get one: asked for each request, and once more, with the token that was `rejected`, when
   * the server answered 401.
   */
  readonly token: string | ((rejected?: string) => string | Promise<string>);
  readonly fetch?: typeof fetch;
  /** Milliseconds for one request, its answer read; default 15,000. */
  readonly timeoutMs?: number;
};

export type Role = 'user' | 'viewer' | 'release-manager' | 'sre';

type Accepted = { readonly sessionId: string; readonly state: SessionState };

/** The HTTP contract as typed functions. Each rejects with an ApiError. */
export interface VoiceApi {
  flags(): Promise<Flags>;
  /** With an idempotency key a repeated create finds the session of the first. */
  create(request: CreateRequest, idempotencyKey?: string): Promise<CreatedSession>;
  /** @param chunks indexes such as `3-5` or `0-2,9`, at most 100; an expired URL is renewed */
  presign(sessionId: string, chunks: string): Promise<readonly SignedUrl[]>;
  /** Answers with the indexes received so far; `chunk_mismatch` when what is stored is something else. */
  acknowledge(sessionId: string, chunk: ManifestChunk & ChunkDetails): Promise<readonly number[]>;
  /**
   * May be repeated; `chunks_missing` with `details.missing` when some have not arrived, also not within `waitSeconds` (0;
   * the server waits 10 at most): so it can be sent beside the last PUT.
   */
  complete(
    sessionId: string,
    request: CompleteRequest,
    options?: { readonly waitSeconds?: number },
  ): Promise<Accepted>;
  /** From now on the whole file is chunk 0. @param reason a code such as `chunk_rejected` */
  fallback(sessionId: string, reason: string): Promise<readonly SignedUrl[]>;
  status(sessionId: string): Promise<SessionStatus>;
  retry(sessionId: string): Promise<Accepted>;
  erase(sessionId: string): Promise<void>;
  entries(page?: {
    readonly limit?: number;
    readonly before?: string;
  }): Promise<{ readonly entries: readonly EntryItem[]; readonly next: string | null }>;
  entry(id: string): Promise<Entry>;
  /** `audio_gone` when it is past its retention. */
  entryAudio(id: string): Promise<EntryAudio>;
  /** Each status until the session's end; resumes over lost connections, for a minute unless `patience` says other. */
  events(sessionId: string, options?: Partial<FollowOptions>): AsyncGenerator<SessionStatus, void, void>;
  /**
   * Forgets the caller on the server: recordings, texts, entries, and who they were. From the answer on the same token is
   * somebody new. Discard what is on the device first (`manager.eraseMe` does both), or it is sent again as theirs.
   */
  eraseMe(): Promise<Erasure>;
  /** @throws ApiError `erasure_not_found` */
  erasure(id: string): Promise<Erasure>;
  /** Each look at it until it is finished; over lost connections, for a minute unless `patience` says other. */
  erasureProgress(
    begun: Erasure,
    options?: Partial<FollowErasureOptions>,
  ): AsyncGenerator<Erasure, void, void>;
  /** All that is kept of the caller, as it is made. @throws ApiError `too_many_exports` (try again), `no_stream` */
  exportMe(signal?: AbortSignal): Promise<PersonArchive>;
  /** A token from a development server on this machine (needs none itself). */
  devToken(userId: string, role?: Role): Promise<string>;
}

const TIMEOUT_MS = 15_000;
const PATIENCE_MS = 60_000;
/** A page of 100 entries of an hour's speech each would be some 10 MB. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** @throws TypeError when `baseUrl` is no URL */
export function createVoiceApi({
  baseUrl,
  token,
  fetch: fetchOption,
  timeoutMs = TIMEOUT_MS,
}: VoiceApiOptions): VoiceApi {
  const doFetch = fetchOption ?? fetch;
  const root = new URL(baseUrl).href.replace(/\/+$/, '');

  async function open(method: string, path: string, init: Call, signal: AbortSignal): Promise<Response> {
    const first = init.anonymous === true ? null : await bearer();
    const response = await send(method, path, init, first, signal);
    if (response.status !== 401 || first === null) return answered(response);
    const renewed = await bearer(first);
    if (renewed === first) return answered(response);
    await response.body?.cancel().catch(() => undefined);
    return answered(await send(method, path, init, renewed, signal));
  }

  async function bearer(rejected?: string): Promise<string> {
    if (typeof token === 'string') return token;
    try {
      return await token(rejected);
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw new ApiError(0, 'token_unavailable', 'there is no token to be had just now');
    }
  }

  async function answered(response: Response): Promise<Response> {
    if (!response.ok) throw await errorOf(response);
    return response;
  }

  async function send(method: string, path: string, init: Call, token: string | null, signal: AbortSignal) {
    const headers: Record<string, string> = { ...init.headers };
    if (token !== null) headers.authorization = `Bearer ${token}`;
    if (init.body !== undefined) headers['content-type'] = 'application/json';
    const body = init.body === undefined ? {} : { body: JSON.stringify(init.body) };
    try {
      return await doFetch(`${root}${path}`, { method, headers, signal, ...body });
    } catch (error) {
      throw unreachable(error);
    }
  }

  async function request<T>(method: string, path: string, init: Call = {}): Promise<T> {
    return withTimeLimit(timeoutMs, async (signal) => {
      const response = await open(method, path, init, signal);
      if (response.status === 204) return undefined as T;
      const { text } = await readText(response, MAX_ANSWER_BYTES).catch((error) => {
        throw unreachable(error);
      });
      return parsed<T>(text, response.status);
    });
  }

  /** The time-out holds until the stream is open; then whoever reads it watches. */
  async function openEvents(id: string, lastEventId: string | null, signal: AbortSignal): Promise<Response> {
    const resume: Record<string, string> = lastEventId === null ? {} : { 'last-event-id': lastEventId };
    const headers = { accept: 'text/event-stream', ...resume };
    return withTimeLimit(
      timeoutMs,
      (limited) => open('GET', session(id, '/events'), { headers }, limited),
      signal,
    );
  }

  const session = (sessionId: string, rest: string) =>
    `/audio/session/${encodeURIComponent(sessionId)}${rest}`;
  const urlsOf = async (answer: Promise<{ urls: SignedUrl[] }>) => (await answer).urls;

  const erasure = (id: string) => request<Erasure>('GET', `/users/me/erasures/${encodeURIComponent(id)}`);

  const status = (id: string) => request<SessionStatus>('GET', session(id, '/status'));

  return {
    flags: () => request('GET', '/flags'),
    create: (body, key) =>
      request('POST', '/audio/session/create', {
        body,
        ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
      }),
    presign: (id, chunks) =>
      urlsOf(request('GET', session(id, `/presign?chunks=${encodeURIComponent(chunks)}`))),
    acknowledge: async (id, { index, ...body }) =>
      (await request<{ received: number[] }>('POST', session(id, `/chunks/${index}`), { body })).received,
    complete: (id, body, { waitSeconds = 0 } = {}) => {
      const headers: Record<string, string> = waitSeconds > 0 ? { prefer: `wait=${waitSeconds}` } : {};
      return request('POST', session(id, '/complete'), { body, headers });
    },
    fallback: (id, reason) => urlsOf(request('POST', session(id, '/fallback'), { body: { reason } })),
    status,
    retry: (id) => request('POST', session(id, '/retry')),
    erase: (id) => request('DELETE', session(id, '')),
    entries: ({ limit, before } = {}) => {
      const query = new URLSearchParams();
      if (limit !== undefined) query.set('limit', String(limit));
      if (before !== undefined) query.set('before', before);
      return request('GET', `/entries?${query}`);
    },
    entry: (id) => request('GET', `/entries/${encodeURIComponent(id)}`),
    entryAudio: (id) => request('GET', `/entries/${encodeURIComponent(id)}/audio`),
    events: (id, options = {}) =>
      followStatus({ openEvents, status }, id, { patience: systemPatience(PATIENCE_MS), ...options }),
    eraseMe: () => request('DELETE', '/users/me'),
    erasure,
    erasureProgress: (begun, options = {}) =>
      followErasure(erasure, begun, { patience: systemPatience(PATIENCE_MS), ...options }),
    exportMe: async (signal) =>
      personArchive(
        await withTimeLimit(timeoutMs, (limited) => open('GET', '/users/me/export', {}, limited), signal),
      ),
    devToken: async (userId, role = 'user') => {
      const body = { userId, role };
      return (await request<{ token: string }>('POST', '/dev/token', { body, anonymous: true })).token;
    },
  };
}

type Call = {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** No token is sent, nor asked for. */
  readonly anonymous?: boolean;
};

function parsed<T>(text: string, status: number): T {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as T;
  } catch {
    // Said below.
  }
  throw new ApiError(status, 'not_json', 'the answer is not JSON: is something between us and the server?');
}

/**
 * By hand: React Native's AbortSignal has no `timeout`. An `outer` signal goes on holding after the time-out no longer does.
 */
async function withTimeLimit<T>(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  const limited = new AbortController();
  outer?.addEventListener('abort', () => limited.abort(outer.reason), { once: true });
  const timer = setTimeout(() => limited.abort(timedOut()), milliseconds);
  try {
    return await work(limited.signal);
  } catch (error) {
    throw limited.signal.aborted && outer?.aborted !== true ? timedOut() : error;
  } finally {
    clearTimeout(timer);
  }
}

const timedOut = () => new ApiError(0, 'timeout', 'the server took too long');

function unreachable(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(0, 'unreachable', 'the server cannot be reached');
}
