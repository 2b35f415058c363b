/** Packets as the media library reads them: for Ogg, MP3, and what our own readers leave. */
import {
  ALL_FORMATS,
  BufferSource,
  type EncodedPacket,
  EncodedPacketSink,
  Input,
  type InputAudioTrack,
  Logging,
  LogLevel,
} from 'mediabunny';
import { MediaError } from './media-error.ts';
import { OPUS_RATE, opusPacketSamples, opusPreSkip } from './opus.ts';
import { Packets, type PacketTable } from './packets.ts';

// Its warnings go to the console and tell what a file holds.
Logging.level = LogLevel.Silent;

/** The loop gets a turn at least so often; a walk is one long chain of microtasks otherwise. */
const TURN_MS = 8;

/** Gives the first sound track to `use`. @throws MediaError `not_audio`, `unreadable`, `unsupported` */
export async function withSoundTrack<T>(
  bytes: Uint8Array,
  use: (track: InputAudioTrack, codec: string) => Promise<T>,
): Promise<T> {
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  try {
    const track = await input.getPrimaryAudioTrack();
    if (track === null) throw new MediaError('not_audio', 'the file has no sound track');
    const codec = await track.getCodec();
    if (codec === null) throw new MediaError('unsupported', 'the sound is in a codec we do not know');
    return await use(track, codec);
  } catch (error) {
    if (error instanceof MediaError) throw error;
    throw new MediaError('unreadable', 'the file is broken', { cause: error });
  } finally {
    input.dispose();
  }
}

/** @throws MediaError */
export function readPacketsByLibrary(bytes: Uint8Array): Promise<PacketTable> {
  return withSoundTrack(bytes, async (track, codec) => {
    const packets = new Packets(bytes);
    const decoder = await track.getDecoderConfig();
    const sink = new EncodedPacketSink(track);
    let firstSeconds = 0;
    let lastTurn = performance.now();
    for (
      let packet = await sink.getFirstPacket();
      packet !== null;
      packet = await sink.getNextPacket(packet)
    ) {
      if (packets.length === 0) firstSeconds = packet.timestamp;
      packets.addApart(packet.data, secondsOf(packet, codec));
      if (performance.now() - lastTurn > TURN_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        lastTurn = performance.now();
      }
    }
    const primingSeconds =
      codec === 'opus'
        ? opusPreSkip(descriptionOf(decoder)) / OPUS_RATE
        : Math.min(MAX_PRIMING_SECONDS, Math.max(0, -firstSeconds));
    return { codec, packets, primingSeconds, truncated: false, wholeBytes: bytes.length };
  });
}

/** More than that before time zero is no encoder's priming but a wrong timestamp. */
const MAX_PRIMING_SECONDS = 0.25;

function secondsOf(packet: EncodedPacket, codec: string): number {
  // The library takes an Opus packet's length from the next one's timestamp, and 0 at a cluster's end.
  return codec === 'opus' ? opusPacketSamples(packet.data) / OPUS_RATE : packet.duration;
}

/** The codec's own header (OpusHead, AudioSpecificConfig); no bytes when there is none. */
export function descriptionOf(config: AudioDecoderConfig | null): Uint8Array {
  const description = config?.description;
  if (description === undefined) return new Uint8Array();
  return ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
    : new Uint8Array(description);
}
