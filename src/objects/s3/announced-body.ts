/**
 * A stream on its way into a PUT of announced length, counted and digested as it passes.
 *
 * S3 stores an object the moment the announced number of bytes has arrived. So one chunk is always held back until the
 * source has said what follows: a source that is too long fails before its object is complete, and nothing is kept.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { ObjectLengthMismatch } from '../object-store.ts';

export interface AnnouncedBody {
  readonly stream: Readable;
  /** Of what has passed; complete when the stream has ended. */
  sha256(): string;
  /** Why the source failed, if it did; the upload's own error then only follows from it. */
  failure(): Error | undefined;
}

export function announcedBody(key: string, source: AsyncIterable<Uint8Array>, bytes: number): AnnouncedBody {
  const hash = createHash('sha256');
  let failure: Error | undefined;

  async function* passing(): AsyncGenerator<Uint8Array> {
    let received = 0;
    let held: Uint8Array | undefined;
    for await (const chunk of source) {
      received += chunk.byteLength;
      if (received > bytes) throw new ObjectLengthMismatch(key, bytes, received);
      hash.update(chunk);
      if (held !== undefined) yield held;
      held = chunk;
    }
    if (received !== bytes) throw new ObjectLengthMismatch(key, bytes, received);
    if (held !== undefined) yield held;
  }

  const stream = Readable.from(passing(), { objectMode: false });
  stream.on('error', (error) => {
    failure = error;
  });
  return { stream, sha256: () => hash.digest('hex'), failure: () => failure };
}
