/** A refusal in OpenAI's shape: `{"error": {"message", "type", "param", "code"}}`. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
  /** Seconds, for the Retry-After header. */
  readonly retryAfter: number | undefined;
  constructor(
    status: number,
    message: string,
    options: { type?: string; param?: string; code?: string; retryAfter?: number | undefined } = {},
  ) {
    super(message);
    this.status = status;
    this.type = options.type ?? (status >= 500 ? 'server_error' : 'invalid_request_error');
    this.param = options.param ?? null;
    this.code = options.code ?? null;
    this.retryAfter = options.retryAfter;
  }

  body(): object {
    const { message, type, param, code } = this;
    return { error: { message, type, param, code } };
  }
}
