/** A recording that is too large for the provider, in the fewest files that are not. */
import { containerOf, mimeTypeOf } from './container.ts';
import { cutWav } from './cut-wav.ts';
import type { Compressed } from './file-writer.ts';
import { soundTrackOf } from './join-segments.ts';
import type { MediaWindow } from './media.ts';
import { MediaError } from './media-error.ts';
import { readPacketTable } from './packet-table.ts';
import type { Packets } from './packets.ts';
import { probe } from './probe.ts';
import { wholeMs } from './whole-ms.ts';
import { type Packet, writePackets } from './write-packets.ts';

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
  const write = (span: Span): Promise<Uint8Array> =>
    writePackets(container, track, packetsOf(packets, span), {
      // A window from the middle of the stream has nothing to drop at its beginning.
      priming: span.from === 0 ? primingSeconds : null,
      expectedBytes: (bytes.length / packets.length) * (span.to - span.from),
    });
  for (let parts = Math.ceil(bytes.length / maxBytes); parts <= MAX_WINDOWS; parts += 1) {
    const windows: MediaWindow[] = [];
    let seconds = -primingSeconds;
    for (const span of equalSpans(packets, parts)) {
      const file = await write(span);
      if (file.length > maxBytes) break;
      const startMs = wholeMs(seconds * 1000);
      for (let i = span.from; i < span.to; i += 1) seconds += packets.secondsOf(i);
      const endMs = wholeMs(seconds * 1000);
      windows.push({ bytes: file, mimeType: mimeTypeOf(container), startMs, endMs });
    }
    if (windows.at(-1)?.endMs === wholeMs((packets.seconds - primingSeconds) * 1000)) return windows;
  }
  throw new MediaError('unreadable', `the file cannot be cut into windows of ${maxBytes} bytes`);
}

type Span = { readonly from: number; readonly to: number };

function* packetsOf(packets: Packets, { from, to }: Span): Generator<Packet> {
  for (let i = from; i < to; i += 1) yield { data: packets.data(i), seconds: packets.secondsOf(i) };
}

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
