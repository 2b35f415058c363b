/** A request failed. `status` 0: no answer at all (not reached, cut off, timed out). */
export class ApiError extends Error {
  readonly status: number;
  /** The problem's stable code; `unreachable`, `timeout` or `not_json` when there was none. */
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** From Retry-After. */
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
    // An HTML page with status 200 is a captive portal: it goes away.
    return (
      this.status === 0 ||
      this.status === 408 ||
      this.status === 429 ||
      this.status >= 500 ||
      this.code === 'not_json'
    );
  }
}

/** The error of an answer that is not what was asked for; reads its body. */
export async function errorOf(response: Response): Promise<ApiError> {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfterMs = Number.isFinite(retryAfter) ? retryAfter * 1000 : undefined;
  const text = await response.text().catch(() => '');
  try {
    const { code, detail, title, ...details } = JSON.parse(text) as Record<string, unknown>;
    const message = String(detail ?? title ?? `the server answered ${response.status}`);
    return new ApiError(
      response.status,
      String(code ?? `http_${response.status}`),
      message,
      details,
      retryAfterMs,
    );
  } catch {
    return new ApiError(
      response.status,
      'not_json',
      `the server answered ${response.status}, not as it should`,
      {},
      retryAfterMs,
    );
  }
}
