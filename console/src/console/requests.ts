/** Requests with the token of who looks. Every one has a time-out and fails with an ApiError. */
import { ApiError } from '@thankly/voice-client';

export type RequestOptions = {
  readonly baseUrl: string;
  /** Asked for each request, and once more with the token that was `rejected` when the server answered 401. */
  readonly token: (rejected?: string) => Promise<string>;
  readonly fetch?: typeof fetch;
  /** Milliseconds for one request, its answer read. */
  readonly timeoutMs?: number;
};

export type Call = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Milliseconds, for what is known to take longer. */
  readonly timeoutMs?: number;
};

export interface Requests {
  /** The answer's JSON, believed to be a T. */
  request<T>(path: string, call?: Call): Promise<T>;
  /** The open answer; the time-out holds until it is open, and `signal` for as long as it is. */
  open(path: string, call: Call, signal: AbortSignal): Promise<Response>;
}

export function createRequests(options: RequestOptions): Requests {
  const { baseUrl, token, timeoutMs = 15_000 } = options;
  // Called as a window's own, which fetch insists on.
  const doFetch: typeof fetch = options.fetch ?? ((...args) => fetch(...args));

  async function send(path: string, call: Call, bearer: string, signal: AbortSignal): Promise<Response> {
    const { method = 'GET', body } = call;
    const headers: Record<string, string> = { ...call.headers, authorization: `Bearer ${bearer}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    try {
      const content = body === undefined ? {} : { body: JSON.stringify(body) };
      return await doFetch(`${baseUrl}${path}`, { method, headers, signal, cache: 'no-store', ...content });
    } catch {
      throw signal.reason instanceof ApiError ? signal.reason : UNREACHABLE();
    }
  }

  async function open(path: string, call: Call, signal: AbortSignal): Promise<Response> {
    const first = await token();
    let response = await send(path, call, first, signal);
    if (response.status === 401) {
      const renewed = await token(first);
      if (renewed !== first) response = await send(path, call, renewed, signal);
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  async function request<T>(path: string, call: Call = {}): Promise<T> {
    return within(call.timeoutMs ?? timeoutMs, undefined, async (signal) => {
      const response = await open(path, call, signal);
      const text = await response.text().catch(() => {
        throw signal.reason instanceof ApiError ? signal.reason : UNREACHABLE();
      });
      const value = jsonObject(text);
      if (value === null) throw new ApiError(response.status, 'not_json', 'The answer is not JSON.');
      return value as T;
    });
  }

  return {
    request,
    open: (path, call, signal) => within(timeoutMs, signal, (limited) => open(path, call, limited)),
  };
}

const UNREACHABLE = () => new ApiError(0, 'unreachable', 'The server cannot be reached.');

/** An `outer` signal goes on holding after the time-out no longer does. */
async function within<T>(
  milliseconds: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limited = new AbortController();
  outer?.addEventListener('abort', () => limited.abort(outer.reason), { once: true });
  const late = new ApiError(0, 'timeout', 'The server took too long to answer.');
  const timer = setTimeout(() => limited.abort(late), milliseconds);
  try {
    return await work(limited.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** RFC 9457. */
async function problemOf(response: Response): Promise<ApiError> {
  const problem = jsonObject(await response.text().catch(() => ''));
  if (problem === null) {
    return new ApiError(response.status, 'not_json', `The server answered ${response.status}, and no more.`);
  }
  const { code, detail, ...details } = problem;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiError(
    response.status,
    typeof code === 'string' ? code : `http_${response.status}`,
    typeof detail === 'string' ? detail : `The server answered ${response.status}.`,
    details,
    Number.isFinite(seconds) ? seconds * 1000 : undefined,
  );
}

function jsonObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
