/**
 * The Opus packets of a WebM file (RFC 9559), in one flat walk: master elements are entered, all others stepped over,
 * so a Segment or Cluster of unknown length (a recorder writes them while it records) needs no special case, and
 * neither does a file that ends in the middle of a block: the walk ends at the last whole one.
 */
import { MediaError } from './media-error.ts';
import { OPUS_RATE, opusPacketSamples, opusPreSkip } from './opus.ts';
import { Packets, type PacketTable } from './packets.ts';

// Looked up once: in a test runner's own global object each look-up costs more than the rest of the walk.
const { clz32 } = Math;
const UNKNOWN = Number.POSITIVE_INFINITY;

const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const TRACKS = 0x1654ae6b;
const TRACK_ENTRY = 0xae;
const TRACK_NUMBER = 0xd7;
const TRACK_TYPE = 0x83;
const CODEC_ID = 0x86;
const CODEC_PRIVATE = 0x63a2;
const CONTENT_ENCODINGS = 0x6d80;
const SIMPLE_BLOCK = 0xa3;
const BLOCK_GROUP = 0xa0;
const BLOCK = 0xa1;
const AUDIO = 2;
const LACING = 0x06;

type Element = { readonly id: number; readonly start: number; readonly end: number };
type Track = { number: number; type: number; codec: string; opusHead: Uint8Array; encoded: boolean };

/**
 * Null for what is not plain Opus (another codec, laced or compressed blocks): the library reads those.
 * @throws MediaError `unreadable` (cut before its tracks), `not_audio` (no sound track), `too_long`
 */
export function readWebmPackets(bytes: Uint8Array): PacketTable | null {
  const packets = new Packets(bytes);
  let track: Track | undefined;
  let at = 0;
  let wholeBytes = 0;
  let truncated = false;
  while (at < bytes.length) {
    const element = readElement(bytes, at);
    if (element === null) break;
    const { id, start, end } = element;
    const fits = end <= bytes.length;
    if (id === SEGMENT || id === CLUSTER || (id === BLOCK_GROUP && fits)) {
      truncated ||= !fits && end !== UNKNOWN;
      at = start;
      continue;
    }
    if (!fits) break;
    if (id === TRACKS) {
      track ??= audioTrack(bytes, element);
      if (track === undefined) throw new MediaError('not_audio', 'the file has no sound track');
      if (track.codec !== 'A_OPUS' || track.encoded) return null;
    }
    if ((id === SIMPLE_BLOCK || id === BLOCK) && track !== undefined) {
      const payload = payloadOf(bytes, element, track.number);
      if (payload === 'laced') return null;
      if (payload !== 'other track') {
        packets.add(payload, end - payload, opusPacketSamples(bytes, payload, end) / OPUS_RATE);
      }
    }
    at = end;
    wholeBytes = at;
  }
  if (track === undefined) throw new MediaError('unreadable', 'the file is cut before it says what it holds');
  truncated ||= wholeBytes < bytes.length;
  return {
    codec: 'opus',
    packets,
    primingSeconds: opusPreSkip(track.opusHead) / OPUS_RATE,
    truncated,
    wholeBytes,
  };
}

/** The first sound track; a recording has one. */
function audioTrack(bytes: Uint8Array, tracks: Element): Track | undefined {
  for (const entry of children(bytes, tracks)) {
    if (entry.id !== TRACK_ENTRY) continue;
    const track: Track = { number: 0, type: 0, codec: '', opusHead: new Uint8Array(), encoded: false };
    for (const { id, start, end } of children(bytes, entry)) {
      const value = bytes.subarray(start, end);
      if (id === TRACK_NUMBER) track.number = unsigned(value);
      else if (id === TRACK_TYPE) track.type = unsigned(value);
      else if (id === CODEC_ID) track.codec = String.fromCharCode(...value.subarray(0, 32));
      else if (id === CODEC_PRIVATE) track.opusHead = value;
      else if (id === CONTENT_ENCODINGS) track.encoded = true;
    }
    if (track.type === AUDIO) return track;
  }
  return undefined;
}

function* children(bytes: Uint8Array, parent: Element): Generator<Element> {
  for (let at = parent.start; at < parent.end; ) {
    const child = readElement(bytes, at);
    if (child === null || child.end > parent.end) return;
    yield child;
    at = child.end;
  }
}

/** "Block Structure: Track Number (EBML variable size), timestamp (int16), flags (the 0x06 bits: lacing), frame." */
function payloadOf(bytes: Uint8Array, block: Element, track: number): number | 'laced' | 'other track' {
  const number = readVint(bytes, block.start);
  if (number === null || number.value !== track) return 'other track';
  const payload = number.next + 3;
  if (payload > block.end) return 'other track';
  return ((bytes[payload - 1] ?? 0) & LACING) === 0 ? payload : 'laced';
}

/** Null at what cannot be an element; `end` is UNKNOWN for an unknown length. */
function readElement(bytes: Uint8Array, at: number): Element | null {
  const idLength = clz32(bytes[at] ?? 0) - 23;
  if (idLength > 4 || at + idLength >= bytes.length) return null;
  let id = 0;
  for (let i = 0; i < idLength; i += 1) id = id * 256 + (bytes[at + i] ?? 0);
  const size = readVint(bytes, at + idLength);
  return size === null ? null : { id, start: size.next, end: size.next + size.value };
}

/** A variable-size integer; all value bits set means UNKNOWN. */
function readVint(bytes: Uint8Array, at: number): { value: number; next: number } | null {
  const first = bytes[at] ?? 0;
  const length = clz32(first) - 23;
  if (length > 8 || at + length > bytes.length) return null;
  let value = first & (0xff >> length);
  let unknown = value === 0xff >> length;
  for (let i = 1; i < length; i += 1) {
    const byte = bytes[at + i] ?? 0;
    value = value * 256 + byte;
    unknown &&= byte === 0xff;
  }
  return { value: unknown ? UNKNOWN : value, next: at + length };
}

function unsigned(bytes: Uint8Array): number {
  return bytes.subarray(0, 8).reduce((value, byte) => value * 256 + byte, 0);
}
