/** The body of one signed PUT into the store: as long as announced, in time, and only where nothing stands yet. */
import type { IncomingMessage } from 'node:http';
import { ObjectLengthMismatch, type StoredObject } from '../object-store.ts';
import { errorCode, ObjectExists, StorageFull } from './disk-errors.ts';
import type { ObjectFiles } from './object-files.ts';
import { TransferProblem } from './transfer-problem.ts';
import type { Grant } from './url-signer.ts';

export interface UploadPatience {
  /** Without a byte for so long, an upload is given up. */
  readonly idleMs: number;
  /** However it trickles, an upload is given up after so long. */
  readonly totalMs: number;
}

/** @throws TransferProblem, ObjectStoreUnavailable */
export async function receiveUpload(
  files: ObjectFiles,
  grant: Grant & { method: 'PUT' },
  request: IncomingMessage,
  patience: UploadPatience,
): Promise<StoredObject> {
  if (request.headers['content-type'] !== grant.contentType)
    throw new TransferProblem('content_type_mismatch');
  // Node has already refused a Content-Length that is no number, or is given beside Transfer-Encoding.
  const announced = request.headers['content-length'];
  if (announced === undefined) throw new TransferProblem('length_required');
  const bytes = Number(announced);
  if (bytes > grant.maxBytes) throw new TransferProblem('object_too_large');
  const standing = await files.open(grant.key);
  if (standing !== null) {
    await standing.handle.close();
    throw new TransferProblem('already_uploaded');
  }
  try {
    const body = patientBody(request, patience);
    return await files.write(grant.key, body, { contentType: grant.contentType, bytes, mode: 'create' });
  } catch (error) {
    throw asTransferProblem(error);
  }
}

/** The request's chunks, one at a time (so TCP holds the sender back); unlike its own iterator it keeps the socket. */
async function* patientBody(request: IncomingMessage, patience: UploadPatience): AsyncGenerator<Uint8Array> {
  let late: TransferProblem | undefined;
  let stopWaiting: ((reason: unknown) => void) | undefined;
  const giveUp = () => {
    late = new TransferProblem('upload_timeout');
    stopWaiting?.(late);
  };
  const idle = setTimeout(giveUp, patience.idleMs);
  const total = setTimeout(giveUp, patience.totalMs);
  const chunks: AsyncIterator<Uint8Array> = request.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      // A promise of its own for each wait: racing with one that lives as long as the upload would hold every chunk.
      const { done, value } = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        stopWaiting = reject;
        chunks.next().then(resolve, reject);
      });
      if (late !== undefined) throw late;
      if (done) return;
      idle.refresh();
      yield value;
    }
  } finally {
    clearTimeout(idle);
    clearTimeout(total);
  }
}

function asTransferProblem(error: unknown): unknown {
  if (error instanceof ObjectExists) return new TransferProblem('already_uploaded');
  if (error instanceof StorageFull) return new TransferProblem('storage_full', { cause: error });
  if (error instanceof ObjectLengthMismatch || errorCode(error) === 'ECONNRESET') {
    return new TransferProblem('upload_incomplete', { cause: error });
  }
  return error;
}
