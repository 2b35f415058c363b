/**
 * A finished recording as a rotating recorder would have given it: complete files of some seconds each, by copying
 * packets (WebM, mp4, Ogg) or samples (WAV). Joined again, they are the recording, sample by sample.
 */
import {
  ALL_FORMATS,
  BufferSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedPacketSink,
  Input,
  type InputAudioTrack,
  Mp4OutputFormat,
  OggOutputFormat,
  Output,
  WebMOutputFormat,
} from 'mediabunny';
import { opusSeconds } from '../opus.ts';
import { splitWav } from './split-wav.ts';

type Format = Mp4OutputFormat | OggOutputFormat | WebMOutputFormat;

/**
 * @param mimeType `audio/wav`, `audio/webm`, `audio/mp4` or `audio/ogg`; parameters are ignored
 * @param seconds length of a segment, to a packet; the last one has what is left
 * @throws Error when the bytes are not a recording of that type
 */
export async function splitIntoSegments(
  bytes: Uint8Array,
  mimeType: string,
  seconds: number,
): Promise<Uint8Array[]> {
  if (!(seconds > 0)) throw new RangeError('a segment has a length above zero');
  const type = (mimeType.split(';')[0] ?? '').trim().toLowerCase();
  if (type === 'audio/wav' || type === 'audio/x-wav' || type === 'audio/wave')
    return splitWav(bytes, seconds);
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  try {
    const track = await input.getPrimaryAudioTrack();
    if (track === null) throw new Error('the recording has no sound');
    return await splitTrack(track, () => outputFormat(type), seconds);
  } finally {
    input.dispose();
  }
}

function outputFormat(type: string): Format {
  if (type === 'audio/webm') return new WebMOutputFormat();
  if (type === 'audio/mp4' || type === 'audio/x-m4a') return new Mp4OutputFormat({ fastStart: 'in-memory' });
  if (type === 'audio/ogg') return new OggOutputFormat();
  throw new Error(`recordings of type ${type} cannot be split`);
}

async function splitTrack(
  track: InputAudioTrack,
  format: () => Format,
  seconds: number,
): Promise<Uint8Array[]> {
  const codec = await track.getCodec();
  const config = await track.getDecoderConfig();
  if (codec === null || config === null) throw new Error('the recording is in a codec that cannot be split');
  const opusHead = codec === 'opus' ? headerOf(config) : undefined;
  const segments: Uint8Array[] = [];
  let segment:
    | { output: Output; target: BufferTarget; source: EncodedAudioPacketSource; at: number }
    | undefined;
  let total = 0;
  const finish = async () => {
    await segment?.output.finalize();
    if (segment?.target.buffer != null) segments.push(new Uint8Array(segment.target.buffer));
    segment = undefined;
  };
  const sink = new EncodedPacketSink(track);
  for (let packet = await sink.getFirstPacket(); packet !== null; packet = await sink.getNextPacket(packet)) {
    // Times are the running sum of lengths: recorders' timestamps jitter. Only AAC's frames before zero stay there.
    const length = opusHead === undefined ? packet.duration : opusSeconds(packet.data);
    if (segments.length === 0 && segment === undefined) {
      total = opusHead === undefined ? Math.min(0, packet.timestamp) : 0;
    }
    if (segment !== undefined && total >= seconds * (segments.length + 1) - 1e-6) await finish();
    if (segment === undefined) {
      const target = new BufferTarget();
      const output = new Output({ format: format(), target });
      const source = new EncodedAudioPacketSource(codec);
      output.addAudioTrack(source);
      await output.start();
      // Only the stream's beginning has priming to drop.
      const description = opusHead !== undefined && segments.length > 0 ? withoutPreSkip(opusHead) : opusHead;
      const decoderConfig = description === undefined ? config : { ...config, description };
      segment = { output, target, source, at: segments.length === 0 ? total : 0 };
      await source.add(new EncodedPacket(packet.data, 'key', segment.at, length), { decoderConfig });
    } else {
      await segment.source.add(new EncodedPacket(packet.data, 'key', segment.at, length));
    }
    segment.at += length;
    total += length;
  }
  await finish();
  if (segments.length === 0) throw new Error('the recording is empty');
  return segments;
}

function headerOf({ description }: AudioDecoderConfig): Uint8Array {
  if (description === undefined) throw new Error('the recording has no Opus header');
  return ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
    : new Uint8Array(description);
}

function withoutPreSkip(opusHead: Uint8Array): Uint8Array {
  const copy = opusHead.slice();
  copy.fill(0, 10, 12);
  return copy;
}
