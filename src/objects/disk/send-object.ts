/** Answers a signed GET or HEAD: the object, or one range of it (players seek by ranges). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { errorCode } from './disk-errors.ts';
import { readRange } from './disk-object-store.ts';
import type { ObjectFiles, OpenObject } from './object-files.ts';
import { TransferProblem } from './transfer-problem.ts';

export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** @throws TransferProblem, ObjectStoreUnavailable */
export async function sendObject(
  files: ObjectFiles,
  key: string,
  request: IncomingMessage,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const object = await files.open(key);
  if (object === null) throw new TransferProblem('not_found');
  const range = parseRange(request.headers.range, object.bytes);
  if (range === 'outside') {
    await object.handle.close();
    response.setHeader('content-range', `bytes */${object.bytes}`);
    throw new TransferProblem('range_not_satisfiable');
  }
  writeHead(response, object, range);
  if (request.method === 'HEAD') {
    await object.handle.close();
    response.end();
    return;
  }
  const { first, last } = range ?? { first: 0, last: object.bytes - 1 };
  await pipeline(readRange(object, first, last), response, { signal }).catch((error: unknown) => {
    // A client that went away, or read too slowly to the end: no failure of ours.
    const gone = errorCode(error) === 'ERR_STREAM_PREMATURE_CLOSE' || signal.aborted;
    if (!gone) throw error;
    response.destroy();
  });
}

function writeHead(response: ServerResponse, object: OpenObject, range: ByteRange | null): void {
  response.writeHead(range === null ? 200 : 206, {
    'content-type': object.contentType,
    'content-length': range === null ? object.bytes : range.last - range.first + 1,
    ...(range === null ? {} : { 'content-range': `bytes ${range.first}-${range.last}/${object.bytes}` }),
    'accept-ranges': 'bytes',
    etag: `"${object.sha256}"`,
    'last-modified': new Date(object.lastModified).toUTCString(),
    'cache-control': 'private, no-store',
    // What users upload is never run by a browser as a page of ours.
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  });
}

/**
 * RFC 9110 14.2: "A server MAY ignore the Range header field"; we ignore what is not one plain byte range. 14.1.1: "An
 * int-range is satisfiable if it … has a first-pos that is less than the current length of the selected representation".
 */
export function parseRange(header: string | undefined, bytes: number): ByteRange | null | 'outside' {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  const [from = '', to = ''] = match?.slice(1) ?? [];
  if (from === '' && to === '') return null;
  if (from === '') {
    if (Number(to) === 0 || bytes === 0) return 'outside';
    return { first: Math.max(0, bytes - Number(to)), last: bytes - 1 };
  }
  if (to !== '' && Number(to) < Number(from)) return null;
  if (Number(from) >= bytes) return 'outside';
  return { first: Number(from), last: to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1) };
}
