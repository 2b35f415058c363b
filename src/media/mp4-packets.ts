/**
 * The AAC or Opus packets of an mp4, plain (sample tables in `moov`) or fragmented (`moof` + `mdat`, as Chromium
 * writes it). A cut file gives the packets whose bytes are all there; a cut plain file needs its `moov` in front.
 */
import { MediaError } from './media-error.ts';
import { type Box, boxes } from './mp4-boxes.ts';
import { readFragment } from './mp4-fragment.ts';
import { readSampleTables } from './mp4-sample-tables.ts';
import { type Mp4Track, readMp4Track } from './mp4-track.ts';
import { OPUS_RATE, opusPacketSamples } from './opus.ts';
import { Packets, type PacketTable } from './packets.ts';

/**
 * Null for a codec other than AAC and Opus: the library reads those.
 * @throws MediaError `unreadable`, `not_audio` (no sound track), `unsupported` (encrypted), `too_long`
 */
export function readMp4Packets(bytes: Uint8Array): PacketTable | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const packets = new Packets(bytes);
  let track: Mp4Track | undefined;
  let tables: Box | undefined;
  let wholeBytes = 0;
  let truncated = false;
  let lastFragment: { readonly at: number } | undefined;
  let add: AddPacket | undefined;
  let seen = 0;
  for (const box of boxes(view, 0, bytes.length)) {
    seen = box.end;
    if (box.end > bytes.length) break;
    if (box.type === 'moov' && track === undefined) {
      track = readMp4Track(view, box);
      if (track.codec === 'other') return null;
      tables = track.sampleTable;
      add = adder(bytes, track, packets);
    } else if (box.type === 'moof') {
      lastFragment = { at: wholeBytes };
      if (track !== undefined && add !== undefined) readFragment(view, box, track, add);
    } else if (box.type === 'mdat') {
      lastFragment = undefined;
    }
    wholeBytes = box.end;
  }
  truncated = seen !== bytes.length;
  // A fragment's index without its data is cut off with it.
  if (lastFragment !== undefined) {
    wholeBytes = lastFragment.at;
    truncated = true;
  }
  if (track === undefined || add === undefined) {
    throw new MediaError('unreadable', 'the file is cut before its index');
  }
  if (tables !== undefined && !readSampleTables(view, tables, add)) {
    // A plain mp4 with its index in front, cut in its only `mdat`: the packets before the cut are good as they lie.
    truncated = true;
    wholeBytes = bytes.length;
  }
  return { codec: track.codec, packets, primingSeconds: track.primingSeconds, truncated, wholeBytes };
}

type AddPacket = (offset: number, size: number, ticks: number) => boolean;

/** Adds packets whose bytes are all there; answers false for the others. */
function adder(bytes: Uint8Array, track: Mp4Track, packets: Packets): AddPacket {
  const frameSeconds = aacFrameSeconds(track);
  return (offset, size, ticks) => {
    if (offset < 0 || offset + size > bytes.length) return false;
    const opus = track.codec === 'opus';
    const seconds = opus ? opusPacketSamples(bytes, offset, offset + size) / OPUS_RATE : frameSeconds(ticks);
    packets.add(offset, size, seconds);
    return true;
  };
}

const AAC_FRAME_SAMPLES = [480, 512, 960, 1024, 1920, 2048];

/**
 * AAC frames are all equally long, but files say otherwise: a shortened last one, rounded ones. A decoder gives whole
 * frames, so all count as long as the first, to the nearest length that AAC knows.
 */
function aacFrameSeconds({ timescale, sampleRate }: Mp4Track): (ticks: number) => number {
  let seconds: number | undefined;
  return (ticks) => {
    if (sampleRate === 0) return ticks / timescale;
    if (seconds === undefined) {
      const samples = (ticks / timescale) * sampleRate;
      const distance = (frame: number) => Math.abs(frame - samples);
      const frame = AAC_FRAME_SAMPLES.reduce((best, next) => (distance(next) < distance(best) ? next : best));
      seconds = frame / sampleRate;
    }
    return seconds;
  };
}
