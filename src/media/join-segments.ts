/**
 * One file of many complete ones, without re-encoding: the packets of each behind those of the one before, or the
 * samples of WAVs. At a joint of two recordings the second's priming stays in (6.5 ms of Opus, 21–48 ms of AAC, nearly
 * silence): its first sound cannot be decoded without, so leaving it out would cost sound; `segments` says where each
 * one's sound begins. Packets cut from one stream (priming 0 from the second file on) join to exactly that stream.
 */
import { containerOf, mimeTypeOf } from './container.ts';
import { type Compressed, FileWriter, type SoundTrack } from './file-writer.ts';
import { joinWavs } from './join-wavs.ts';
import { descriptionOf, withSoundTrack } from './library-packets.ts';
import { MAX_SECONDS } from './limits.ts';
import type { Joined, JoinedSegment } from './media.ts';
import { MediaError, segmentsDiffer } from './media-error.ts';
import { readPacketTable } from './packet-table.ts';
import type { PacketTable } from './packets.ts';
import { wholeMs } from './whole-ms.ts';
import { firstPacketSeconds } from './write-packets.ts';

/**
 * @param count how many segments come, if that is known: makes room for the output in one go
 * @throws MediaError `unsupported` for MP3; `empty` when there are none; `segments_differ`; what reading one throws
 */
export async function joinSegments(segments: AsyncIterable<Uint8Array>, count = 1): Promise<Joined> {
  const iterator = segments[Symbol.asyncIterator]();
  try {
    const first = await iterator.next();
    if (first.done === true) throw new MediaError('empty', 'there are no segments');
    const container = containerOf(first.value);
    if (container === 'mp3')
      throw new MediaError('unsupported', 'MP3 frames lean on those before: no clean joints');
    const all = chain(first.value, iterator);
    return container === 'wav' ? await joinWavs(all, count) : await joinPackets(all, container, count);
  } finally {
    await iterator.return?.();
  }
}

async function* chain<T>(first: T, rest: AsyncIterator<T>): AsyncGenerator<T> {
  let current: T | undefined = first;
  while (current !== undefined) {
    yield current;
    const next = await rest.next();
    current = next.done === true ? undefined : next.value;
  }
}

/** Segments differ in size (a pause takes less); room that is not used takes no memory. */
const ROOM = 1.3;

async function joinPackets(
  segments: AsyncIterable<Uint8Array>,
  container: Compressed,
  count: number,
): Promise<Joined> {
  let joining:
    | { readonly writer: FileWriter; readonly track: SoundTrack; readonly priming: number }
    | undefined;
  const parts: JoinedSegment[] = [];
  let seconds = 0;
  try {
    for await (const bytes of segments) {
      if (containerOf(bytes) !== container) throw segmentsDiffer('another container');
      const table = await readPacketTable(bytes, container);
      const track = await soundTrackOf(bytes, table);
      if (joining === undefined) {
        joining = { ...(await open(container, track, table, bytes.length * count * ROOM)), track };
      } else {
        assertSameTrack(joining.track, track);
      }
      const { packets, primingSeconds } = table;
      const startMs = Math.max(0, seconds + primingSeconds - joining.priming) * 1000;
      parts.push({ startMs, durationMs: Math.max(0, packets.seconds - primingSeconds) * 1000 });
      for (let i = 0; i < packets.length; i += 1)
        await joining.writer.add(packets.data(i), packets.secondsOf(i));
      seconds += packets.seconds;
      if (seconds > MAX_SECONDS) throw new MediaError('too_long', 'the segments together are too long');
    }
  } catch (error) {
    await joining?.writer.cancel();
    throw error;
  }
  if (joining === undefined) throw new MediaError('empty', 'there are no segments');
  const bytes = await joining.writer.close();
  const durationMs = wholeMs((seconds - joining.priming) * 1000);
  return { bytes, mimeType: mimeTypeOf(container), durationMs, segments: parts };
}

async function open(container: Compressed, track: SoundTrack, table: PacketTable, expectedBytes: number) {
  const { codec, primingSeconds: priming } = table;
  const fromSeconds = firstPacketSeconds(container, codec, priming);
  return { writer: await FileWriter.open(container, track, { expectedBytes, fromSeconds }), priming };
}

/** What a new file's header has to say, by this file's. @throws MediaError `unreadable` */
export function soundTrackOf(bytes: Uint8Array, table: PacketTable): Promise<SoundTrack> {
  return withSoundTrack(bytes.subarray(0, table.wholeBytes), async (track, codec) => {
    const config = await track.getDecoderConfig();
    if (config === null) throw new MediaError('unreadable', 'the file does not say how it is to be decoded');
    // Which the library reads, and then refuses to write.
    if (!(config.numberOfChannels > 0 && config.sampleRate > 0))
      throw new MediaError('unreadable', 'the file names no channels, or no rate');
    return { codec, config };
  });
}

/** That the packets of both can stand in one file. @throws MediaError `segments_differ` */
export function assertSameTrack(first: SoundTrack, next: SoundTrack): void {
  if (first.codec !== next.codec) throw segmentsDiffer('another codec');
  if (first.config.sampleRate !== next.config.sampleRate) throw segmentsDiffer('another sample rate');
  if (first.config.numberOfChannels !== next.config.numberOfChannels) throw segmentsDiffer('other channels');
  // AAC's header has the object type and so on; Opus's has the pre-skip, which may differ, and nothing else that matters.
  if (first.codec === 'aac' && !equal(descriptionOf(first.config), descriptionOf(next.config))) {
    throw segmentsDiffer('another AAC configuration');
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
