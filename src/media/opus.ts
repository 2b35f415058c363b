/** The few facts of Opus that container headers get wrong: a packet's true length, and what a decoder drops first. */

/** Opus always counts in 48 kHz samples (RFC 7845, 4). */
export const OPUS_RATE = 48_000;

/** RFC 6716, table 2: the frame size of each of the 32 configurations, in 48 kHz samples. */
const FRAME_SAMPLES = [
  ...[480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 1920, 2880],
  ...[480, 960, 480, 960],
  ...[120, 240, 480, 960, 120, 240, 480, 960, 120, 240, 480, 960, 120, 240, 480, 960],
];

/** Samples at 48 kHz in one packet, by its table-of-contents byte (RFC 6716, 3.1–3.2); 0 for a packet of no bytes. */
export function opusPacketSamples(packet: Uint8Array, at = 0, end = packet.length): number {
  if (at >= end) return 0;
  const toc = packet[at] ?? 0;
  const code = toc & 0b11;
  // "code 0: one frame; 1 and 2: two frames; 3: an arbitrary number of frames", in the next byte's low six bits.
  const frames = code === 0 ? 1 : code < 3 ? 2 : at + 1 < end ? (packet[at + 1] ?? 0) & 0x3f : 0;
  return (FRAME_SAMPLES[toc >> 3] ?? 0) * frames;
}

/** "Pre-skip: the number of samples (at 48 kHz) to discard from the decoder output when starting playback." */
export function opusPreSkip(opusHead: Uint8Array): number {
  return opusHead.length < 12 ? 0 : (opusHead[10] ?? 0) | ((opusHead[11] ?? 0) << 8);
}

/** A copy of an OpusHead that drops nothing: for a file that begins in the middle of a stream. */
export function withoutPreSkip(opusHead: Uint8Array): Uint8Array {
  const copy = opusHead.slice();
  if (copy.length >= 12) copy.fill(0, 10, 12);
  return copy;
}
