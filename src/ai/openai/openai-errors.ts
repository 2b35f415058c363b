import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { AiError, type AiErrorCode } from '../ai.ts';
import { AnswerTooLarge } from './bounded-fetch.ts';
import { retryAfterMs } from './retry-after.ts';

/**
 * Any failure of a call as one of ours. Neither the provider's message nor the error itself is passed on: it may quote
 * our key ("Incorrect API key provided: sk-…") or what someone said.
 */
export function toAiError(error: unknown, call: string): AiError {
  if (error instanceof AiError) return error;
  if (error instanceof APIConnectionTimeoutError) return new AiError('timeout', `${call}: no answer in time`);
  if (error instanceof APIConnectionError) {
    return isAnswerTooLarge(error)
      ? new AiError('bad_answer', `${call}: the answer is too large`)
      : new AiError('unavailable', `${call}: the provider cannot be reached`);
  }
  if (error instanceof APIError && typeof error.status === 'number') {
    const code = codeOf(error.status);
    return new AiError(code, `${call}: the provider answered ${error.status}`, retryAfterMs(error.headers));
  }
  if (isAnswerTooLarge(error)) return new AiError('bad_answer', `${call}: the answer is too large`);
  if (error instanceof SyntaxError) return new AiError('bad_answer', `${call}: the answer is not JSON`);
  // What is left comes from reading the body: a connection that was cut in the middle of it.
  return new AiError('unavailable', `${call}: the connection broke before the answer was whole`);
}

function codeOf(status: number): AiErrorCode {
  if (status === 429) return 'rate_limited';
  if (status === 401 || status === 403) return 'unauthorised';
  if (status === 502 || status === 503 || status === 504) return 'unavailable';
  if (status === 408) return 'timeout';
  // 409 is a lock of theirs, 425 too early: another try may pass. Other 4xx are about what we sent.
  if (status >= 500 || status === 409 || status === 425) return 'server_error';
  return 'rejected';
}

function isAnswerTooLarge(error: unknown): boolean {
  return error instanceof AnswerTooLarge || (error instanceof Error && error.cause instanceof AnswerTooLarge);
}
