/** A recording that is too large for the provider, in the fewest files that are not. */
import { containerOf, mimeTypeOf } from './container.ts';
import { cutWav } from './cut-wav.ts';
import { type Compressed, FileWriter } from './file-writer.ts';
import { soundTrackOf } from './join-segments.ts';
import { descriptionOf } from './library-packets.ts';
import type { MediaWindow } from './media.ts';
import { MediaError } from './media-error.ts';
import { withoutPreSkip } from './opus.ts';
import { readPacketTable } from './packet-table.ts';
import type { Packets } from './packets.ts';
import { probe } from './probe.ts';

/** More than 24 MiB an hour and a half of windows of a megabyte: whoever asks for more asks wrongly. */
const MAX_WINDOWS = 1_000;

/** @throws MediaError */
export async function cutForProvider(bytes: Uint8Array, maxBytes: number): Promise<Iterable<MediaWindow>> {
  const container = containerOf(bytes);
  if (container === 'wav') return cutWav(bytes, maxBytes);
  if (bytes.length <= maxBytes) {
    const { mimeType, durationMs } = await probe(bytes);
    return [{ bytes, mimeType, startMs: 0, endMs: durationMs }];
  }
  return cutPackets(bytes, container, maxBytes);
}

async function cutPackets(
  bytes: Uint8Array,
  container: Compressed,
  maxBytes: number,
): Promise<MediaWindow[]> {
  const table = await readPacketTable(bytes, container);
  const track = await soundTrackOf(bytes, table);
  const { packets, primingSeconds } = table;
  const { config } = track;
  const opusHead = track.codec === 'opus' ? descriptionOf(config) : undefined;
  // A window from the middle of the stream has nothing to drop at its beginning.
  const inside =
    opusHead === undefined
      ? track
      : { ...track, config: { ...config, description: withoutPreSkip(opusHead) } };
  const write = async ({ from, to }: Span): Promise<Uint8Array> => {
    const fromSeconds = from === 0 && container === 'mp4' && opusHead === undefined ? -primingSeconds : 0;
    const expectedBytes = (bytes.length / packets.length) * (to - from) * 1.05;
    const writer = await FileWriter.open(container, from === 0 ? track : inside, {
      expectedBytes,
      fromSeconds,
    });
    for (let i = from; i < to; i += 1) await writer.add(packets.data(i), packets.secondsOf(i));
    return writer.close();
  };
  for (let parts = Math.ceil(bytes.length / maxBytes); parts <= MAX_WINDOWS; parts += 1) {
    const windows: MediaWindow[] = [];
    let seconds = -primingSeconds;
    for (const span of equalSpans(packets, parts)) {
      const file = await write(span);
      if (file.length > maxBytes) break;
      const startMs = Math.round(Math.max(0, seconds) * 1000);
      for (let i = span.from; i < span.to; i += 1) seconds += packets.secondsOf(i);
      const endMs = Math.round(Math.max(0, seconds) * 1000);
      windows.push({ bytes: file, mimeType: mimeTypeOf(container), startMs, endMs });
    }
    if (windows.at(-1)?.endMs === Math.round(Math.max(0, packets.seconds - primingSeconds) * 1000))
      return windows;
  }
  throw new MediaError('unreadable', `the file cannot be cut into windows of ${maxBytes} bytes`);
}

type Span = { readonly from: number; readonly to: number };

/** Runs of packets of about equally many bytes, none empty. */
function equalSpans(packets: Packets, parts: number): Span[] {
  let total = 0;
  for (let i = 0; i < packets.length; i += 1) total += packets.size(i);
  const spans: Span[] = [];
  let from = 0;
  let bytes = 0;
  for (let i = 0; i < packets.length; i += 1) {
    bytes += packets.size(i);
    if (bytes >= (total * (spans.length + 1)) / parts || i === packets.length - 1) {
      spans.push({ from, to: i + 1 });
      from = i + 1;
    }
  }
  return spans;
}
