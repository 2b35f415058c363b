import { setImmediate as turn } from 'node:timers/promises';
import { mimeTypeOf } from './container.ts';
import type { Compressed } from './file-writer.ts';
import { assertSameTrack, soundTrackOf } from './join-segments.ts';
import type { ArrivedSegment, CutWindow, TimeSpan } from './media.ts';
import { readPacketTable } from './packet-table.ts';
import type { PacketTable } from './packets.ts';
import { type Placed, runIn, type Sound, TOUCH_MS, unlessEmpty } from './unbroken-run.ts';
import { wholeMs } from './whole-ms.ts';
import { type Packet, writePackets } from './write-packets.ts';

/**
 * Packets before the span, whose sound isn't asked for: a decoder that begins in the middle of a stream is right from
 * the third on (60 dB above the difference to the whole file's decode; without them 16 dB).
 */
const LEAD_PACKETS = 2;

type File = Sound & { readonly bytes: Uint8Array; readonly table: PacketTable };

/**
 * The packets of a span, out of files that follow one another. Walking ten minutes of packets and writing 15 s of them
 * take 2–5 ms each; others have the event loop in between.
 * @throws MediaError
 */
export async function windowOfPackets(
  files: readonly ArrivedSegment[],
  container: Compressed,
  span: TimeSpan,
): Promise<CutWindow> {
  const sounds: File[] = [];
  for (const { bytes, startMs } of files) {
    const table = await unlessEmpty(() => readPacketTable(bytes, container));
    await turn();
    if (table === null) continue;
    const lengthMs = table.packets.seconds * 1000;
    sounds.push({ bytes, table, startMs, lengthMs, primingMs: table.primingSeconds * 1000 });
  }
  const { run, availableMs } = runIn(sounds, span);
  const taken = packetsIn(run, span).map(withData);
  const [first, last] = [taken[0], taken.at(-1)];
  if (first === undefined || last === undefined) return { window: null, availableMs };
  const track = await soundTrackOf(first.file.bytes, first.file.table);
  for (const file of new Set(taken.map((packet) => packet.file))) {
    if (file !== first.file) assertSameTrack(track, await soundTrackOf(file.bytes, file.table));
  }
  await turn();
  // A file's own beginning says what to drop of it, and its sound begins behind that.
  const begins = first.index === 0 && first.file === run[0]?.sound;
  const bytes = await writePackets(container, track, taken, {
    priming: begins ? first.file.table.primingSeconds : null,
    expectedBytes: taken.reduce((sum, { data }) => sum + data.length, 0),
  });
  const startMs = wholeMs(begins ? first.file.startMs : first.atMs);
  const endMs = wholeMs(last.atMs + last.seconds * 1000);
  return { window: { bytes, mimeType: mimeTypeOf(container), startMs, endMs }, availableMs };
}

function withData(place: Place): Place & Packet {
  return { ...place, data: place.file.table.packets.data(place.index) };
}

type Place = { readonly file: File; readonly index: number; readonly atMs: number; readonly seconds: number };

/** What sounds in the span and the two packets before; all from the beginning when those lie in the priming there. */
function packetsIn(run: readonly Placed<File>[], span: TimeSpan): Place[] {
  const soundFromMs = run[0]?.sound.startMs ?? 0;
  const before: Place[] = [];
  const taken: Place[] = [];
  for (const place of placesOf(run)) {
    if (place.atMs >= span.endMs - TOUCH_MS) break;
    if (place.atMs + place.seconds * 1000 > span.startMs + TOUCH_MS) taken.push(place);
    else before.push(place);
    const first = before.at(-LEAD_PACKETS);
    if (first !== undefined && first.atMs >= soundFromMs) before.splice(0, before.length - LEAD_PACKETS);
  }
  return taken.length === 0 ? [] : [...before, ...taken];
}

function* placesOf(run: readonly Placed<File>[]): Generator<Place> {
  for (const { sound: file, fromMs } of run) {
    const { packets } = file.table;
    for (let index = 0, atMs = fromMs; index < packets.length; index += 1) {
      const seconds = packets.secondsOf(index);
      yield { file, index, atMs, seconds };
      atMs += seconds * 1000;
    }
  }
}
