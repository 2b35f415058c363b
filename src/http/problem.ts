/** RFC 9457 problem details: the one file that maps our error codes to HTTP. */
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { EventLogUnavailable } from '../eventlog/event-log.ts';
import { ObjectNotFound, ObjectStoreUnavailable } from '../objects/object-store.ts';
import type { Rejected, RejectionCode } from '../recording/rejected.ts';
import type { RolloutRejected, RolloutRejectionCode } from '../rollout/rejected.ts';

const REJECTION_STATUS: Readonly<Record<RejectionCode, number>> = {
  session_not_found: 404,
  session_exists: 409,
  session_not_recording: 409,
  session_ended: 409,
  chunk_index_out_of_range: 422,
  chunk_mismatch: 422,
  chunks_missing: 409,
  chunks_unlisted: 409,
  images_missing: 409,
  recording_empty: 422,
  recording_too_large: 413,
  completed_differently: 409,
  fallback_not_possible: 409,
  not_retriable: 409,
};

const ROLLOUT_STATUS: Readonly<Record<RolloutRejectionCode, number>> = {
  rollout_not_planned: 404,
  rollout_moved: 409,
  rollout_paused: 409,
  rollout_not_running: 409,
  already_there: 409,
  not_paused: 409,
  not_complete_yet: 409,
  percent_invalid: 400,
  reason_missing: 400,
};

/** Thrown by a handler to be answered as it stands. */
export class Problem extends Error {
  readonly status: number;
  /** Stable; clients hold on to it. */
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    code: string,
    detail: string,
    details: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

export function problemOf(rejected: Rejected): Problem {
  return new Problem(REJECTION_STATUS[rejected.code], rejected.code, rejected.message, rejected.details);
}

/** `details`: the rollout as it is now, so that who was refused sees what happened. */
export function problemOfRollout({ code, message }: RolloutRejected, details: Problem['details']): Problem {
  return new Problem(ROLLOUT_STATUS[code], code, message, details);
}

export function flagUnknown(flag: string): Problem {
  return new Problem(404, 'flag_unknown', `there is no rollout of a flag ${flag}`);
}

export function sendProblem(response: Response, problem: Problem): void {
  const { status, code, message, details, headers } = problem;
  response
    .status(status)
    .set(headers)
    .type('application/problem+json')
    // "type": a URI reference that identifies the problem type (RFC 9457 §3.1.1).
    .send(
      JSON.stringify({
        ...details,
        type: `/docs/errors#${code}`,
        title: title(code),
        status,
        code,
        detail: message,
      }),
    );
}

/** `chunk_mismatch` → `Chunk mismatch`. */
function title(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const routeNotFound: RequestHandler = (request) => {
  throw new Problem(404, 'route_not_found', `there is no ${request.method} ${request.path}`);
};

export type ProblemWatch = {
  /** Whether an error says that the database was away or busy, not that what it was asked is wrong. */
  readonly isTransient: (error: unknown) => boolean;
  readonly onUnexpected: (error: unknown, path: string) => void;
  /** Somebody was not let in, or not that far: what whoever looks for an attack looks at. Never who, nor their token. */
  readonly onRefused: (refusal: { status: number; code: string; method: string; path: string }) => void;
};

/** Turns whatever a handler threw into a problem; what is not ours is a 500 without a word of what it was. */
export function problemHandler({ isTransient, onUnexpected, onRefused }: ProblemWatch): ErrorRequestHandler {
  return (error, request, response, _next) => {
    if (response.headersSent) {
      // Cut off in the middle, so that nobody takes it for whole.
      if (!isBodyError(error)) onUnexpected(error, request.path);
      response.destroy();
      return;
    }
    const problem = asProblem(error, isTransient);
    const { status, code } = problem;
    // What was refused on purpose is counted where it is refused.
    if (status >= 500 && !(error instanceof Problem)) onUnexpected(error, request.path);
    if (status === 401 || status === 403)
      onRefused({ status, code, method: request.method, path: request.path.slice(0, MAX_LOGGED_PATH) });
    sendProblem(response, problem);
  };
}

/** Longer ones are made up. */
const MAX_LOGGED_PATH = 120;
function asProblem(error: unknown, isTransient: ProblemWatch['isTransient']): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof EventLogUnavailable || error instanceof ObjectStoreUnavailable) {
    return new Problem(503, error.code, 'try again in a moment', {}, { 'Retry-After': '2' });
  }
  if (error instanceof ObjectNotFound) return new Problem(404, 'object_not_found', 'the object is gone');
  if (isBodyError(error)) {
    if (error.type === 'entity.too.large')
      return new Problem(413, 'body_too_large', 'the request body is too large');
    if (error.status === 415)
      return new Problem(415, 'content_type_unsupported', 'send application/json, in UTF-8, not compressed');
    return new Problem(400, 'body_not_json', 'the request body is not valid JSON');
  }
  if (error instanceof URIError) return new Problem(400, 'url_malformed', 'the URL cannot be decoded');
  if (isTransient(error))
    return new Problem(503, 'database_unavailable', 'try again in a moment', {}, { 'Retry-After': '2' });
  return new Problem(500, 'internal_error', 'something went wrong on our side; it was logged');
}

/** What express's body parser throws. */
function isBodyError(error: unknown): error is { type: string; status: number } {
  return (
    error instanceof Error &&
    'type' in error &&
    typeof error.type === 'string' &&
    (error.type.startsWith('entity.') ||
      error.type.startsWith('charset.') ||
      error.type.startsWith('encoding.') ||
      error.type.startsWith('request.'))
  );
}
