/** What can be wrong with a signed transfer: one table of codes, sent as RFC 9457 problems. */
import type { IncomingMessage, ServerResponse } from 'node:http';

const PROBLEMS = {
  not_found: [404, 'No such object'],
  method_not_allowed: [405, 'This URL was not signed for this method'],
  signature_invalid: [403, 'This URL was not signed by us, or was changed'],
  url_expired: [403, 'This URL has expired; ask for a new one'],
  content_type_mismatch: [415, 'The Content-Type is not the one this URL was signed for'],
  length_required: [411, 'An upload needs a Content-Length'],
  object_too_large: [413, 'More bytes than this URL was signed for'],
  range_not_satisfiable: [416, 'The range lies outside the object'],
  already_uploaded: [412, 'An object was already uploaded here; it was not changed'],
  upload_timeout: [408, 'The upload stood still, or took too long'],
  upload_incomplete: [400, 'The upload ended before its announced length'],
  too_many_transfers: [503, 'Too many transfers at once; try again shortly'],
  storage_full: [507, 'The disk is full'],
  storage_unavailable: [503, 'The object store does not answer'],
} as const satisfies Record<string, readonly [number, string]>;

export type TransferCode = keyof typeof PROBLEMS;

export class TransferProblem extends Error {
  readonly code: TransferCode;
  constructor(code: TransferCode, options?: ErrorOptions) {
    super(PROBLEMS[code][1], options);
    this.code = code;
    this.name = 'TransferProblem';
  }
}

/** How much of an unwanted body is read away, so that a client still writing gets to see our answer. */
const LINGER_BYTES = 1024 * 1024;
const LINGER_MS = 2_000;

/**
 * Answers with the problem. When a body is still under way the connection is closed after it, but not at once: RFC 9112
 * 9.6, "the server would be performing a premature close … a TCP reset … could erase the client's unacknowledged input
 * buffers before they can be read". So the whole answer is written first, then up to 1 MiB or 2 s of body is read away.
 */
export function sendProblem(
  request: IncomingMessage,
  response: ServerResponse,
  code: TransferCode,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const [status, title] = PROBLEMS[code];
  const body = Buffer.from(JSON.stringify({ type: `/docs/errors#${code}`, title, status, code }));
  const unread = !request.complete && !request.destroyed;
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/problem+json',
    'content-length': body.byteLength,
    'cache-control': 'no-store',
    ...(unread ? { connection: 'close' } : {}),
  });
  if (request.method === 'HEAD' || !unread) {
    response.end(body);
    return;
  }
  response.write(body);
  let lingered = 0;
  const close = () => {
    clearTimeout(timer);
    request.off('data', count);
    response.end();
  };
  const count = (chunk: Uint8Array) => {
    lingered += chunk.byteLength;
    if (lingered > LINGER_BYTES) close();
  };
  const timer = setTimeout(close, LINGER_MS);
  request.on('data', count).once('end', close).once('error', close).once('close', close);
}
