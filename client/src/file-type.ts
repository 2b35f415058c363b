/** What a file is, by its first bytes: names lie, and the server decides by the same bytes. */

/** Null when it is no recording we know. */
export function mimeTypeOf(bytes: Uint8Array): string | null {
  const text = textOf(bytes);
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WAVE') return 'audio/wav';
  if (text(0, 4) === '\x1aE\xdf\xa3') return 'audio/webm';
  if (text(4, 8) === 'ftyp') return imageTypeOf(bytes) === null ? 'audio/mp4' : null;
  if (text(0, 4) === 'OggS') return 'audio/ogg';
  if (text(0, 3) === 'ID3' || isMp3Frame(bytes)) return 'audio/mpeg';
  return null;
}

/** Eleven set bits, then version (01 is reserved), then layer III (01): ISO/IEC 11172-3, 2.4.2.3. */
function isMp3Frame([first = 0, second = 0]: Uint8Array): boolean {
  return first === 0xff && (second & 0xe0) === 0xe0 && (second & 0x18) !== 0x08 && (second & 0x06) === 0x02;
}

/** Null when it is no image that the server takes. */
export function imageTypeOf(bytes: Uint8Array): string | null {
  const text = textOf(bytes);
  if (text(0, 3) === '\xff\xd8\xff') return 'image/jpeg';
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp';
  if (text(4, 8) === 'ftyp' && /^(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(text(8, 12))) return 'image/heic';
  return null;
}

function textOf(bytes: Uint8Array): (from: number, to: number) => string {
  return (from, to) => String.fromCharCode(...bytes.subarray(from, to));
}
