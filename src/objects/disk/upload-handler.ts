/**
 * Serves the signed URLs of the disk store: PUT, GET and HEAD, and the CORS preflight of browsers that record on other
 * origins. The signature is the whole authority: no cookie or token is read, and the Host header is never trusted.
 *
 * Mount it at the root or under `/objects`; what is not under `/objects/` goes to `next`. It parses no body before it, so
 * mount it before body parsers.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkKey } from '../object-key.ts';
import { StorageFull } from './disk-errors.ts';
import type { DiskObjectStore } from './disk-object-store.ts';
import { receiveUpload, type UploadPatience } from './receive-upload.ts';
import { sendObject } from './send-object.ts';
import { sendProblem, type TransferCode, TransferProblem } from './transfer-problem.ts';

const PATH = '/objects/';
const METHODS = 'GET, HEAD, PUT, OPTIONS';

export interface UploadHandlerOptions {
  /** Origins whose pages may use the URLs; `*` (the default) is safe: who has a signed URL may use it anyway. */
  readonly allowedOrigins?: '*' | readonly string[];
  /** Transfers at once; more are answered 503 with Retry-After. Default 256. */
  readonly maxTransfers?: number;
  /** Default: given up after 20 s without a byte, or 10 minutes in all. */
  readonly patience?: UploadPatience;
  /** Told of every failure of ours (never of a client's mistake). */
  readonly onError?: (error: unknown) => void;
}

export type RequestHandler = (request: IncomingMessage, response: ServerResponse, next?: () => void) => void;

export function createUploadHandler(
  store: DiskObjectStore,
  options: UploadHandlerOptions = {},
): RequestHandler {
  const patience = options.patience ?? { idleMs: 20_000, totalMs: 600_000 };
  const maxTransfers = options.maxTransfers ?? 256;
  const allowedOrigins = options.allowedOrigins ?? '*';
  let transfers = 0;

  return (request, response, next) => {
    const [path, query] = target(request);
    if (path === null) {
      if (next === undefined) sendProblem(request, response, 'not_found');
      else next();
      return;
    }
    allowOrigin(request, response, allowedOrigins);
    if (request.method === 'OPTIONS') {
      preflight(response);
      return;
    }
    if (transfers >= maxTransfers) {
      sendProblem(request, response, 'too_many_transfers', { 'retry-after': '1' });
      return;
    }
    transfers += 1;
    transfer(store, path, query, request, response, patience)
      .catch((error: unknown) => {
        const code = problemCode(error);
        if (code === 'storage_unavailable' || code === 'storage_full') options.onError?.(error);
        sendProblem(request, response, code, code === 'method_not_allowed' ? { allow: METHODS } : {});
      })
      .finally(() => {
        transfers -= 1;
      });
  };
}

async function transfer(
  store: DiskObjectStore,
  key: string,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
  patience: UploadPatience,
): Promise<void> {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (method !== 'GET' && method !== 'PUT') throw new TransferProblem('method_not_allowed');
  const grant = isKey(key) ? store.signer.verify(key, query) : null;
  if (grant === null) throw new TransferProblem('signature_invalid');
  if (grant.method !== method) throw new TransferProblem('method_not_allowed');
  if (store.clock().getTime() >= grant.expires * 1000) throw new TransferProblem('url_expired');
  if (grant.method === 'GET') {
    await sendObject(store.files, key, request, response, AbortSignal.timeout(patience.totalMs));
    return;
  }
  const stored = await receiveUpload(store.files, grant, request, patience);
  response.writeHead(200, { etag: `"${stored.sha256}"`, 'content-length': 0 }).end();
}

function target(request: IncomingMessage): [string | null, URLSearchParams] {
  const url = 'originalUrl' in request ? String(request.originalUrl) : (request.url ?? '');
  const [path = '', query = ''] = url.split('?', 2);
  return [path.startsWith(PATH) ? path.slice(PATH.length) : null, new URLSearchParams(query)];
}

function isKey(text: string): boolean {
  try {
    checkKey(text);
    return true;
  } catch {
    return false;
  }
}

function allowOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  allowed: '*' | readonly string[],
): void {
  const origin = request.headers.origin;
  if (allowed !== '*') response.setHeader('vary', 'Origin');
  if (allowed === '*') response.setHeader('access-control-allow-origin', '*');
  else if (origin !== undefined && allowed.includes(origin)) {
    response.setHeader('access-control-allow-origin', origin);
  }
  response.setHeader('access-control-expose-headers', 'ETag, Content-Range, Retry-After');
  response.setHeader('cross-origin-resource-policy', 'cross-origin');
}

function preflight(response: ServerResponse): void {
  response
    .writeHead(204, {
      'access-control-allow-methods': METHODS,
      'access-control-allow-headers': 'content-type, if-none-match, range',
      'access-control-max-age': '7200',
    })
    .end();
}

function problemCode(error: unknown): TransferCode {
  if (error instanceof TransferProblem) return error.code;
  return error instanceof StorageFull ? 'storage_full' : 'storage_unavailable';
}
