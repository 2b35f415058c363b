/** Opens an audio file and gives its sound as mono samples. Really decodes; AAC by a GPL decoder, so only here. */
import decodeAac, { decoder as aacDecoder } from '@audio/decode-aac';
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny';
import { OpusDecoder } from 'opus-decoder';
import { containerOf } from '../../media/container.ts';
import { MediaError } from '../../media/media-error.ts';
import { readPacketTable } from '../../media/packet-table.ts';
import type { PacketTable } from '../../media/packets.ts';
import { readWav, type Wav } from '../../media/wav.ts';

export type Sound = { readonly samples: Float32Array; readonly rate: number };

/** @throws MediaError */
export async function decodeAudio(bytes: Uint8Array): Promise<Sound> {
  const container = containerOf(bytes);
  if (container === 'wav') return decodeWav(bytes, readWav(bytes));
  const table = await readPacketTable(bytes, container);
  if (table.codec.startsWith('opus')) return decodeOpus(table);
  if (table.codec.startsWith('aac') || table.codec.startsWith('mp4a')) return decodeAacPackets(bytes, table);
  throw new MediaError('unsupported', `the sandbox provider does not decode ${table.codec}`);
}

type ReadSample = (view: DataView, at: number) => number;
const READERS: Readonly<Record<string, ReadSample>> = {
  pcm_u8: (view, at) => (view.getUint8(at) - 128) / 128,
  pcm_s16le: (view, at) => view.getInt16(at, true) / 32_768,
  pcm_s24le: (view, at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 8_388_608,
  pcm_s32le: (view, at) => view.getInt32(at, true) / 2_147_483_648,
  pcm_f32le: (view, at) => view.getFloat32(at, true),
  pcm_f64le: (view, at) => view.getFloat64(at, true),
};

function decodeWav(
  bytes: Uint8Array,
  { codec, channels, frameBytes, dataStart, dataBytes, sampleRate }: Wav,
): Sound {
  const read = READERS[codec];
  if (read === undefined) throw new MediaError('unsupported', `the sandbox provider does not read ${codec}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataStart, dataBytes);
  const samples = new Float32Array(dataBytes / frameBytes);
  const sampleBytes = frameBytes / channels;
  for (let frame = 0; frame < samples.length; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++)
      sum += read(view, frame * frameBytes + channel * sampleBytes);
    samples[frame] = sum / channels;
  }
  return { samples, rate: sampleRate };
}

const OPUS_RATE = 48_000;
const AAC_FRAME = 1024;
/** Decoded in pieces, so that an hour's packets are not all decoded sound in memory before they are mixed down. */
const PACKETS_AT_ONCE = 500;

async function decodeOpus({ packets, primingSeconds }: PacketTable): Promise<Sound> {
  const decoder = new OpusDecoder({ channels: 2 });
  await decoder.ready;
  try {
    const pieces: Float32Array[] = [];
    for (let at = 0; at < packets.length; at += PACKETS_AT_ONCE) {
      const count = Math.min(PACKETS_AT_ONCE, packets.length - at);
      const frames = Array.from({ length: count }, (_, i) => packets.data(at + i));
      pieces.push(mixDown(decoder.decodeFrames(frames).channelData));
    }
    return { samples: joined(pieces, Math.round(primingSeconds * OPUS_RATE)), rate: OPUS_RATE };
  } finally {
    decoder.free();
  }
}

async function decodeAacPackets(bytes: Uint8Array, { packets, primingSeconds }: PacketTable): Promise<Sound> {
  const asc = await audioSpecificConfig(bytes);
  if (asc === null) {
    const { channelData, sampleRate } = await decodeAac(bytes);
    return { samples: mixDown(channelData), rate: sampleRate };
  }
  const decoder = await aacDecoder({ asc });
  try {
    const pieces: Float32Array[] = [];
    let rate = 0;
    for (let at = 0; at < packets.length; at += PACKETS_AT_ONCE) {
      const count = Math.min(PACKETS_AT_ONCE, packets.length - at);
      const decoded = decoder.decode(Array.from({ length: count }, (_, i) => packets.data(at + i)));
      if (decoded.channelData.length === 0) continue;
      rate = decoded.sampleRate;
      pieces.push(mixDown(decoded.channelData));
    }
    if (rate === 0) throw new MediaError('unreadable', 'no AAC frame could be decoded');
    // The decoder withholds its first frame: that much of the priming is gone already.
    return { samples: joined(pieces, Math.max(0, Math.round(primingSeconds * rate) - AAC_FRAME)), rate };
  } finally {
    decoder.free();
  }
}

/** The decoder's configuration, as the container carries it (ISO/IEC 14496-3 §1.6). */
async function audioSpecificConfig(bytes: Uint8Array): Promise<Uint8Array | null> {
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  try {
    const description = (await (await input.getPrimaryAudioTrack())?.getDecoderConfig())?.description;
    if (description === undefined) return null;
    return ArrayBuffer.isView(description)
      ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
      : new Uint8Array(description as ArrayBuffer);
  } catch {
    return null;
  } finally {
    input.dispose();
  }
}

function mixDown(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(), ...others] = channels;
  if (others.length === 0) return first;
  return first.map(
    (sample, i) => others.reduce((sum, channel) => sum + (channel[i] ?? 0), sample) / channels.length,
  );
}

function joined(pieces: readonly Float32Array[], drop: number): Float32Array {
  const all = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    all.set(piece, offset);
    offset += piece.length;
  }
  return all.subarray(Math.min(drop, all.length));
}
