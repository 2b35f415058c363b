import { readText } from './read-text.ts';

/** A request failed. `status` 0: no answer at all (not reached, cut off, timed out). */
export class ApiError extends Error {
  readonly status: number;
  /** The problem's stable code; without one `unreachable`, `timeout`, `not_json` or `http_<status>`. */
  readonly code: string;
  /** The problem's other members, such as `missing`. */
  readonly details: Readonly<Record<string, unknown>>;
  /** From Retry-After, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  constructor(
    status: number,
    code: string,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    retryAfterMs?: number,
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.details = details;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether the same request may succeed a moment later. */
  get passing(): boolean {
    if (this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500) return true;
    // A page of HTML where JSON was due, but with status 200: a captive portal. It goes away.
    return this.code === 'not_json' && this.status < 300;
  }
}

const MAX_ERROR_BYTES = 64 * 1024;

/** The error of an answer that is not what was asked for; reads its body. */
export async function errorOf(response: Response, now: number = Date.now()): Promise<ApiError> {
  const retryAfterMs = retryAfterOf(response.headers.get('retry-after'), now);
  const text = await readText(response, MAX_ERROR_BYTES).then(
    (read) => read.text,
    () => '',
  );
  const problem = asObject(text);
  if (problem === null) {
    const message = `the server answered ${response.status}, and not as Thankly Voice does`;
    return new ApiError(response.status, 'not_json', message, {}, retryAfterMs);
  }
  const { code, detail, title, type: _type, status: _status, ...details } = problem;
  const message = detail ?? title ?? `the server answered ${response.status}`;
  return new ApiError(
    response.status,
    typeof code === 'string' ? code : `http_${response.status}`,
    String(message),
    details,
    retryAfterMs,
  );
}

/** Milliseconds. "Retry-After = HTTP-date / delay-seconds" (RFC 9110, 10.2.3). */
export function retryAfterOf(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  // Only what looks like a date: Date.parse also takes "-5".
  const at = /^[A-Z][a-z]{2}/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

function asObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
