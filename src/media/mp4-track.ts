import { MediaError } from './media-error.ts';
import { type Box, boxes, findBox } from './mp4-boxes.ts';
import { OPUS_RATE } from './opus.ts';

/** What `moov` says about the sound track. */
export interface Mp4Track {
  readonly id: number;
  readonly codec: 'aac' | 'opus' | 'other';
  /** Ticks a second of the track's times. */
  readonly timescale: number;
  readonly sampleRate: number;
  readonly primingSeconds: number;
  /** `stbl`: empty in a fragmented file. */
  readonly sampleTable: Box;
  /** `trex`: what a fragment's samples have when it doesn't say. */
  readonly defaults: { readonly ticks: number; readonly size: number };
}

/** @throws MediaError `unreadable`, `not_audio`, `unsupported` */
export function readMp4Track(view: DataView, moov: Box): Mp4Track {
  for (const trak of boxes(view, moov.start, moov.end)) {
    if (trak.type !== 'trak' || trak.end > moov.end) continue;
    const handler = findBox(view, trak, 'mdia', 'hdlr');
    if (handler !== undefined && fourCc(view, handler.start + 8, handler) === 'soun') {
      return readSoundTrack(view, moov, trak);
    }
  }
  throw new MediaError('not_audio', 'the file has no sound track');
}

function readSoundTrack(view: DataView, moov: Box, trak: Box): Mp4Track {
  const sampleTable = need(findBox(view, trak, 'mdia', 'minf', 'stbl'));
  const description = need(findBox(view, sampleTable, 'stsd'));
  // stsd: version and flags (4), entry count (4), then the entries, each a box.
  const [entry] = boxes(view, description.start + 8, description.end);
  const { type, start } = need(entry);
  if (type === 'enca') throw new MediaError('unsupported', 'the sound is encrypted');
  const timescale = uint32(view, versioned(view, need(findBox(view, trak, 'mdia', 'mdhd')), 12, 20));
  if (timescale === 0) throw new MediaError('unreadable', 'the track has no time scale');
  const id = uint32(view, versioned(view, need(findBox(view, trak, 'tkhd')), 12, 20));
  const sampleRate = uint32(view, start + 24) >>> 16;
  const codec = codecOf(view, need(entry));
  const primingSeconds =
    codec === 'opus'
      ? opusPriming(view, need(entry))
      : Math.max(0, editedAway(view, trak) / timescale - emptyEdit(view, moov, trak));
  return {
    id,
    codec,
    timescale,
    sampleRate,
    primingSeconds,
    sampleTable,
    defaults: readDefaults(view, moov, id),
  };
}

function codecOf(view: DataView, entry: Box): Mp4Track['codec'] {
  if (entry.type === 'Opus') return 'opus';
  if (entry.type !== 'mp4a') return 'other';
  // AudioSampleEntry: 28 bytes of fields, then boxes. QuickTime's versions 1 and 2 have more: the library reads those.
  if (uint16(view, entry.start + 8) !== 0) return 'other';
  for (const box of boxes(view, entry.start + 28, entry.end)) {
    // esds: an object type of 0x40 is MPEG-4 audio; 0x69 and 0x6B are MP3.
    if (box.type === 'esds') return objectType(view, box) === 0x40 ? 'aac' : 'other';
  }
  return 'other';
}

/** ISO/IEC 14496-1: ES_Descriptor (tag 3) holds DecoderConfigDescriptor (tag 4), which begins with the object type. */
function objectType(view: DataView, esds: Box): number {
  let at = esds.start + 4;
  const enter = (tag: number): boolean => {
    if (at >= esds.end || view.getUint8(at) !== tag) return false;
    at += 1;
    while (at < esds.end && (view.getUint8(at) & 0x80) !== 0) at += 1;
    at += 1;
    return at < esds.end;
  };
  if (!enter(3)) return 0;
  const flags = at + 2 < esds.end ? view.getUint8(at + 2) : 0;
  at += 3 + ((flags & 0x80) === 0 ? 0 : 2) + ((flags & 0x20) === 0 ? 0 : 2);
  if ((flags & 0x40) !== 0 || !enter(4)) return 0;
  return view.getUint8(at);
}

/** dOps: version (1), channels (1), pre-skip (2, big-endian here, unlike in OpusHead). */
function opusPriming(view: DataView, entry: Box): number {
  for (const box of boxes(view, entry.start + 28, entry.end)) {
    if (box.type === 'dOps') return uint16(view, box.start + 2) / OPUS_RATE;
  }
  throw new MediaError('unreadable', 'the Opus track has no header');
}

/** elst: the first edit with sound begins this many ticks into the media; what is before is priming. */
function editedAway(view: DataView, trak: Box): number {
  return Math.max(0, edits(view, trak).find(({ mediaTime }) => mediaTime >= 0)?.mediaTime ?? 0);
}

/** "media_time −1: an empty edit": silence before the sound, in the movie's time scale; seconds. */
function emptyEdit(view: DataView, moov: Box, trak: Box): number {
  const header = findBox(view, moov, 'mvhd');
  if (header === undefined) return 0;
  const timescale = uint32(view, versioned(view, header, 12, 20));
  const [first] = edits(view, trak);
  return first !== undefined && first.mediaTime === -1 && timescale > 0 ? first.duration / timescale : 0;
}

function edits(view: DataView, trak: Box): { readonly duration: number; readonly mediaTime: number }[] {
  const list = findBox(view, trak, 'edts', 'elst');
  if (list === undefined || list.end - list.start < 8) return [];
  const long = view.getUint8(list.start) === 1;
  const entryBytes = long ? 20 : 12;
  const count = Math.min(
    uint32(view, list.start + 4),
    Math.floor((list.end - list.start - 8) / entryBytes),
    16,
  );
  return Array.from({ length: count }, (_, index) => {
    const at = list.start + 8 + index * entryBytes;
    return long
      ? { duration: Number(view.getBigUint64(at)), mediaTime: Number(view.getBigInt64(at + 8)) }
      : { duration: view.getUint32(at), mediaTime: view.getInt32(at + 4) };
  });
}

function readDefaults(view: DataView, moov: Box, trackId: number): Mp4Track['defaults'] {
  const extends_ = findBox(view, moov, 'mvex');
  if (extends_ !== undefined) {
    for (const box of boxes(view, extends_.start, extends_.end)) {
      if (box.type === 'trex' && uint32(view, box.start + 4) === trackId) {
        return { ticks: uint32(view, box.start + 12), size: uint32(view, box.start + 16) };
      }
    }
  }
  return { ticks: 0, size: 0 };
}

/** A field's place depends on the box's version: 32-bit times before it, or 64-bit ones. */
function versioned(view: DataView, box: Box, version0: number, version1: number): number {
  return box.start + (uint32(view, box.start) >>> 24 === 1 ? version1 : version0);
}

function need<T>(part: T | undefined): T {
  if (part === undefined) throw new MediaError('unreadable', 'a part of the file’s index is missing');
  return part;
}

function fourCc(view: DataView, at: number, box: Box): string {
  if (at + 4 > box.end) return '';
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, 4));
}

function uint32(view: DataView, at: number): number {
  if (at + 4 > view.byteLength) throw new MediaError('unreadable', 'the file’s index is cut');
  return view.getUint32(at);
}

function uint16(view: DataView, at: number): number {
  if (at + 2 > view.byteLength) throw new MediaError('unreadable', 'the file’s index is cut');
  return view.getUint16(at);
}
