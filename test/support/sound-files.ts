/** Small files made by hand, for tests that count packets and samples: no encoder is needed, and nobody listens. */
import { type Compressed, FileWriter } from '../../src/media/file-writer.ts';

/** Configurations 1 and 3 of RFC 6716: SILK, 20 and 60 ms, one frame. */
export function opusPacket({ frame, body }: { frame: 20 | 60; body: Uint8Array }): Uint8Array {
  return Uint8Array.from([(frame === 20 ? 1 : 3) << 3, ...body]);
}

/** @param preSkip samples at 48 kHz that a decoder drops; encoders write 312 */
export async function opusFile(
  container: Exclude<Compressed, 'mp3'>,
  packets: readonly Uint8Array[],
  preSkip = 0,
): Promise<Uint8Array> {
  const description = Uint8Array.from([...Buffer.from('OpusHead'), 1, 1, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0]);
  new DataView(description.buffer).setUint16(10, preSkip, true);
  const config = { codec: 'opus', sampleRate: 48_000, numberOfChannels: 1, description };
  const expectedBytes = packets.reduce((sum, { length }) => sum + length + 8, 0);
  const track = { codec: 'opus', config };
  const writer = await FileWriter.open(container, track, { expectedBytes, fromSeconds: 0 });
  for (const packet of packets) await writer.add(packet, packet[0] === 8 ? 0.02 : 0.06);
  return (await writer.close()).slice();
}

/** A `fmt ` chunk's content: PCM. */
export function pcmFormat(channels: number, rate: number, bits: number): Uint8Array {
  const format = new Uint8Array(16);
  const view = new DataView(format.buffer);
  view.setUint16(0, 1, true);
  view.setUint16(2, channels, true);
  view.setUint32(4, rate, true);
  view.setUint32(8, (rate * channels * bits) / 8, true);
  view.setUint16(12, (channels * bits) / 8, true);
  view.setUint16(14, bits, true);
  return format;
}
