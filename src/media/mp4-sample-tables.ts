/** The sample tables of a plain mp4 (ISO/IEC 14496-12, 8.6–8.7): which bytes each sample has and how long it lasts. */
import { MAX_PACKETS } from './limits.ts';
import { MediaError } from './media-error.ts';
import { type Box, findBox } from './mp4-boxes.ts';

/**
 * Hands over each sample until one is refused.
 * @returns false when one was refused: its bytes are not in the file
 * @throws MediaError `unreadable`, `too_long`
 */
export function readSampleTables(
  view: DataView,
  stbl: Box,
  add: (offset: number, size: number, ticks: number) => boolean,
): boolean {
  const sizes = table(view, stbl, 'stsz', 12, 0);
  if (sizes === undefined) return true;
  const fixedSize = view.getUint32(sizes.start + 4);
  const samples = view.getUint32(sizes.start + 8);
  if (samples === 0) return true;
  if (samples > MAX_PACKETS)
    throw new MediaError('too_long', 'the index has more packets than six hours have');
  if (fixedSize === 0 && sizes.start + 12 + samples * 4 > sizes.end) {
    throw new MediaError('unreadable', 'the table of sizes is shorter than it says');
  }
  const times = timesToSamples(view, stbl);
  let sample = 0;
  for (const chunk of chunks(view, stbl)) {
    let offset = chunk.offset;
    for (let i = 0; i < chunk.samples && sample < samples; i += 1) {
      const size = fixedSize === 0 ? view.getUint32(sizes.start + 12 + sample * 4) : fixedSize;
      if (!add(offset, size, times.next().value ?? 0)) return false;
      offset += size;
      sample += 1;
    }
  }
  return sample === samples;
}

/** stts: runs of (how many samples, ticks each). After the last run the last length goes on. */
function* timesToSamples(view: DataView, stbl: Box): Generator<number, undefined> {
  const stts = needed(table(view, stbl, 'stts', 8, 8));
  const runs = view.getUint32(stts.start + 4);
  let ticks = 0;
  for (let run = 0; run < runs; run += 1) {
    const at = stts.start + 8 + run * 8;
    const count = view.getUint32(at);
    ticks = view.getUint32(at + 4);
    for (let i = 0; i < count; i += 1) yield ticks;
  }
  while (true) yield ticks;
}

/** stco or co64: where each chunk begins; stsc: how many samples it has, from which chunk on. */
function* chunks(
  view: DataView,
  stbl: Box,
): Generator<{ readonly offset: number; readonly samples: number }> {
  const short = table(view, stbl, 'stco', 8, 4);
  const offsets = short ?? needed(table(view, stbl, 'co64', 8, 8));
  const stsc = needed(table(view, stbl, 'stsc', 8, 12));
  const count = view.getUint32(offsets.start + 4);
  const runs = view.getUint32(stsc.start + 4);
  let run = 0;
  let samples = 0;
  for (let chunk = 1; chunk <= count; chunk += 1) {
    while (run < runs && view.getUint32(stsc.start + 8 + run * 12) <= chunk) {
      samples = view.getUint32(stsc.start + 8 + run * 12 + 4);
      run += 1;
    }
    const at = offsets.start + 8 + (chunk - 1) * (short === undefined ? 8 : 4);
    const offset = short === undefined ? Number(view.getBigUint64(at)) : view.getUint32(at);
    yield { offset, samples };
  }
}

/** A table whose entries (their count is in the header's last word) all lie within it. */
function table(
  view: DataView,
  stbl: Box,
  type: string,
  headerBytes: number,
  entryBytes: number,
): Box | undefined {
  const box = findBox(view, stbl, type);
  if (box === undefined) return undefined;
  const holdsHeader = box.start + headerBytes <= box.end;
  const entries = holdsHeader ? view.getUint32(box.start + headerBytes - 4) : 0;
  if (!holdsHeader || box.start + headerBytes + entries * entryBytes > box.end) {
    throw new MediaError('unreadable', `the index table ${type} is shorter than it says`);
  }
  return box;
}

function needed(box: Box | undefined): Box {
  if (box === undefined) throw new MediaError('unreadable', 'an index table is missing');
  return box;
}
