import { setImmediate as turn } from 'node:timers/promises';
import { type Compressed, FileWriter, type SoundTrack } from './file-writer.ts';
import { descriptionOf } from './library-packets.ts';
import { withoutPreSkip } from './opus.ts';

/** Written at a time, 2–3 ms; in between others have the event loop. */
const PACKETS_AT_ONCE = 256;

export interface Packet {
  readonly data: Uint8Array;
  readonly seconds: number;
}

/**
 * A complete file of packets that follow one another.
 * @param options.priming seconds that a decoder shall drop, of packets that begin a stream; null for packets from the
 *   middle of one, which have nothing to drop
 * @param options.expectedBytes about how large the packets are together
 */
export async function writePackets(
  container: Compressed,
  track: SoundTrack,
  packets: Iterable<Packet>,
  options: { readonly priming: number | null; readonly expectedBytes: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const { priming } = options;
  const writer = await FileWriter.open(container, priming === null ? inside(track) : track, {
    expectedBytes: options.expectedBytes * 1.05,
    fromSeconds: firstPacketSeconds(container, track.codec, priming ?? 0),
  });
  let written = 0;
  for (const { data, seconds } of packets) {
    await writer.add(data, seconds);
    written += 1;
    if (written % PACKETS_AT_ONCE === 0) await turn();
  }
  return writer.close();
}

/** Opus says in its header what to drop; AAC by packets that lie before time zero. */
export function firstPacketSeconds(container: Compressed, codec: string, priming: number): number {
  return container === 'mp4' && codec !== 'opus' ? -priming : 0;
}

function inside(track: SoundTrack): SoundTrack {
  if (track.codec !== 'opus') return track;
  const description = withoutPreSkip(descriptionOf(track.config));
  return { ...track, config: { ...track.config, description } };
}
