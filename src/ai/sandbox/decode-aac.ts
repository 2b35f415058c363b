/** AAC by FAAD2, which is GPL: a development process of its own, the sandbox provider, is the one place that uses it. */
import { decoder as createDecoder } from '@audio/decode-aac';
import { withSoundTrack } from '../../media/library-packets.ts';
import { MediaError } from '../../media/media-error.ts';
import type { PacketTable } from '../../media/packets.ts';
import { SoundBuilder } from './sound.ts';

/** Frames decoded at a time; ten seconds of sound. */
const FRAMES_AT_ONCE = 500;

/** The packets of an mp4 file as mono sound. @throws MediaError, SoundTooLong */
export async function decodeAac(bytes: Uint8Array, table: PacketTable): Promise<Float32Array> {
  const { packets, primingSeconds } = table;
  const decoder = await createDecoder({ asc: await audioSpecificConfig(bytes) }).catch((error) => {
    throw new MediaError('unsupported', 'an AAC profile that cannot be decoded', { cause: error });
  });
  try {
    let sound: SoundBuilder | undefined;
    for (let at = 0; at < packets.length; at += FRAMES_AT_ONCE) {
      const count = Math.min(FRAMES_AT_ONCE, packets.length - at);
      const frames = Array.from({ length: count }, (_, i) => packets.data(at + i));
      const { channelData, sampleRate } = decoder.decode(frames);
      if (channelData.length === 0) continue;
      if (sound === undefined) {
        sound = new SoundBuilder(sampleRate, primingSeconds);
        // The decoder withholds its first frame; it is silent here, so that what follows keeps its time.
        sound.add(new Float32Array(Math.round(packets.secondsOf(0) * sampleRate)));
      }
      sound.add(mixDown(channelData));
    }
    if (sound === undefined) throw new MediaError('unreadable', 'no AAC frame could be decoded');
    return sound.finish();
  } finally {
    decoder.free();
  }
}

/** The decoder's configuration, as the container carries it (ISO/IEC 14496-3 §1.6). */
function audioSpecificConfig(bytes: Uint8Array): Promise<Uint8Array> {
  return withSoundTrack(bytes, async (track) => {
    const description = (await track.getDecoderConfig())?.description;
    if (description === undefined) throw new MediaError('unreadable', 'the file does not describe its AAC');
    return ArrayBuffer.isView(description)
      ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
      : new Uint8Array(description);
  });
}

function mixDown(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(), ...others] = channels;
  if (others.length === 0) return first;
  return first.map(
    (sample, i) => others.reduce((sum, channel) => sum + (channel[i] ?? 0), sample) / channels.length,
  );
}
