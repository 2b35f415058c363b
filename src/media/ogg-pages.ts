/** Bytes of a page's header before its segment table, whose length stands in the last of them (RFC 3533, 6). */
const PAGE_HEADER = 27;
const CAPTURE_PATTERN = 0x4f676753;

/**
 * How many bytes of an Ogg file are pages that are all there, up to one that ends with a packet's end; all of them when
 * what follows is no page. The library reads nothing of a file that ends in the middle of one.
 */
export function wholeOggBytes(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let whole = 0;
  for (let at = 0; at < bytes.length; ) {
    if (at + PAGE_HEADER > bytes.length) return whole;
    if (view.getUint32(at) !== CAPTURE_PATTERN) return bytes.length;
    const table = at + PAGE_HEADER;
    const data = table + view.getUint8(table - 1);
    if (data > bytes.length) return whole;
    let size = 0;
    for (let i = table; i < data; i += 1) size += view.getUint8(i);
    at = data + size;
    // "a lacing value of 255 implies that a second lacing value follows in the packet", here on the next page.
    if (at <= bytes.length && (data === table || view.getUint8(data - 1) < 255)) whole = at;
  }
  return whole;
}
