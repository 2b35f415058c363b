import type { Container } from './media.ts';
import { readMp4Packets } from './mp4-packets.ts';
import { readWebmPackets } from './webm-packets.ts';

/**
 * The bytes up to the last whole block (WebM) or the last whole `mdat` or `moov` (mp4): a media library may read nothing
 * from a file that ends in the middle of one. A view, not a copy; what needs no trimming comes back as it is.
 * @throws MediaError `unreadable` when the cut is before anything that can be read
 */
export function trimTruncatedTail(bytes: Uint8Array, container: Container): Uint8Array {
  if (container !== 'webm' && container !== 'mp4') return bytes;
  const table = container === 'webm' ? readWebmPackets(bytes) : readMp4Packets(bytes);
  return table === null ? bytes : bytes.subarray(0, table.wholeBytes);
}
