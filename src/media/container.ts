/** Tells a container by its first bytes; what a client declares is not believed. */
import type { Container } from './media.ts';
import { MediaError } from './media-error.ts';

const MIME_TYPES: Readonly<Record<Container, string>> = {
  wav: 'audio/wav',
  webm: 'audio/webm',
  mp4: 'audio/mp4',
  ogg: 'audio/ogg',
  mp3: 'audio/mpeg',
};

export function mimeTypeOf(container: Container): string {
  return MIME_TYPES[container];
}

/** @throws MediaError `empty`, `not_audio`, `unsupported` */
export function containerOf(bytes: Uint8Array): Container {
  if (bytes.length === 0) throw new MediaError('empty', 'there are no bytes');
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  const start = text(0, 4);
  if ((start === 'RIFF' || start === 'RF64') && text(8, 12) === 'WAVE') return 'wav';
  if (start === '\x1a\x45\xdf\xa3') return 'webm';
  if (text(4, 8) === 'ftyp' || text(4, 8) === 'styp' || text(4, 8) === 'moov') return 'mp4';
  if (start === 'OggS') return 'ogg';
  if (text(0, 3) === 'ID3' || isMp3Frame(bytes)) return 'mp3';
  const known = OTHERS.find(({ magic }) => start.startsWith(magic));
  if (known !== undefined || isAdts(bytes)) {
    throw new MediaError('unsupported', `${known?.name ?? 'ADTS'} files are not supported`);
  }
  throw new MediaError('not_audio', 'the file does not begin like any audio file');
}

const OTHERS = [
  { magic: 'fLaC', name: 'FLAC' },
  { magic: '#!AM', name: 'AMR' },
  { magic: 'caff', name: 'CAF' },
  { magic: 'FORM', name: 'AIFF' },
  { magic: 'RIFX', name: 'big-endian WAVE' },
];

/** An MPEG audio header: 11 bits of sync, layer III, and no reserved value in the fields that have one. */
function isMp3Frame(bytes: Uint8Array): boolean {
  const [sync = 0, version = 0, rates = 0] = bytes;
  const layerIII = (version & 0x06) === 0x02;
  const reserved = (version & 0x18) === 0x08 || (rates & 0xf0) === 0xf0 || (rates & 0x0c) === 0x0c;
  return sync === 0xff && (version & 0xe0) === 0xe0 && layerIII && !reserved && (rates & 0xf0) !== 0;
}

function isAdts(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xf6) === 0xf0;
}
