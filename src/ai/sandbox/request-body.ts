/**
 * Reads request bodies, bounded twice: each by its own limit, and all that are held at a time by one budget, beyond
 * which callers are asked to come back. A body that is too large is read to its end (and thrown away) before it is
 * refused: a client that is still sending does not read the refusal, it sees a broken connection.
 */
import type { IncomingMessage } from 'node:http';
import { ApiFailure } from './openai-error.ts';

const MAX_HELD_BYTES = 512 * 1024 * 1024;
/** More than this is not even read to its end. */
const MAX_DRAINED_BYTES = 256 * 1024 * 1024;

export type BodyReader = {
  /**
   * Its bytes count as held until `release`.
   * @throws ApiFailure: what `tooLarge` gives for the bytes sent; 503 when too much is held already
   */
  read(
    request: IncomingMessage,
    maxBytes: number,
    tooLarge: (bytes: number) => ApiFailure,
  ): Promise<HeldBody>;
};

export type HeldBody = { readonly bytes: Buffer<ArrayBuffer>; release(): void };

export function createBodyReader(maxHeldBytes: number = MAX_HELD_BYTES): BodyReader {
  let held = 0;
  return {
    async read(request, maxBytes, tooLarge) {
      let chunks: Buffer[] = [];
      let bytes = 0;
      let counted = 0;
      let refused: 'too_large' | 'busy' | null = null;
      const release = () => {
        held -= counted;
        counted = 0;
      };
      const refuse = (reason: 'too_large' | 'busy') => {
        refused = reason;
        chunks = [];
        release();
      };
      try {
        for await (const chunk of request as AsyncIterable<Buffer>) {
          bytes += chunk.length;
          if (bytes > MAX_DRAINED_BYTES) break;
          if (refused !== null) continue;
          if (bytes > maxBytes) refuse('too_large');
          else if (held + chunk.length > maxHeldBytes) refuse('busy');
          else {
            held += chunk.length;
            counted += chunk.length;
            chunks.push(chunk);
          }
        }
      } catch (error) {
        release();
        throw error;
      }
      if (refused === 'too_large') throw tooLarge(bytes);
      if (refused === 'busy') {
        throw new ApiFailure(503, 'The sandbox provider is overloaded.', {
          code: 'overloaded',
          retryAfter: 1,
        });
      }
      return { bytes: Buffer.concat(chunks), release };
    },
  };
}

/** @throws ApiFailure 400 */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new ApiFailure(400, 'We could not parse the JSON body of your request.');
  }
}

/** @throws ApiFailure 400 */
export async function parseForm(bytes: Buffer<ArrayBuffer>, contentType: string): Promise<FormData> {
  try {
    return await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw new ApiFailure(400, 'Could not parse multipart form');
  }
}
