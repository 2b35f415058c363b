/**
 * One object is one file: its bytes, then a footer of 512 bytes with content type, size and SHA-256.
 *
 * Why a footer and not a file beside it: the two would be two renames, and a crash between them leaves a digest that
 * is not the data's. In one file they appear, are replaced and vanish together. Why at the end and not at the start:
 * the digest is known when the last byte has passed, and audio players ignore what follows the audio, so a file can
 * still be listened to as it lies.
 */
import type { FileHandle } from 'node:fs/promises';

export const FOOTER_BYTES = 512;
const MAGIC = '\nthankly-object 1 ';

export interface ObjectMeta {
  readonly bytes: number;
  readonly sha256: string;
  readonly contentType: string;
}

export function encodeFooter(meta: ObjectMeta): Uint8Array {
  const text = MAGIC + JSON.stringify(meta);
  const footer = Buffer.alloc(FOOTER_BYTES, 0x20);
  if (Buffer.byteLength(text) >= FOOTER_BYTES) throw new RangeError('object footer too long');
  footer.write(text);
  footer.write('\n', FOOTER_BYTES - 1);
  return footer;
}

/** @throws Error when the file does not end in a footer that fits its length: the disk was tampered with or is bad. */
export async function readFooter(handle: FileHandle): Promise<ObjectMeta & { lastModified: string }> {
  const { size, mtime } = await handle.stat();
  const footer = Buffer.alloc(FOOTER_BYTES);
  const { bytesRead } = await handle.read(footer, 0, FOOTER_BYTES, Math.max(0, size - FOOTER_BYTES));
  const meta = bytesRead === FOOTER_BYTES ? decodeFooter(footer) : null;
  if (meta === null || meta.bytes !== size - FOOTER_BYTES)
    throw new Error('stored object is damaged: no valid footer');
  return { ...meta, lastModified: mtime.toISOString() };
}

function decodeFooter(footer: Buffer): ObjectMeta | null {
  const text = footer.toString('latin1');
  if (!text.startsWith(MAGIC)) return null;
  try {
    const { bytes, sha256, contentType } = JSON.parse(text.slice(MAGIC.length)) as Record<string, unknown>;
    if (typeof bytes !== 'number' || typeof sha256 !== 'string' || typeof contentType !== 'string')
      return null;
    return { bytes, sha256, contentType };
  } catch {
    return null;
  }
}
