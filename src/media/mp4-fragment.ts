/** One fragment's samples (`moof`, ISO/IEC 14496-12, 8.8). */
import { MediaError } from './media-error.ts';
import { type Box, boxes, findBox } from './mp4-boxes.ts';
import type { Mp4Track } from './mp4-track.ts';

/** Reads 32-bit fields one after another, within a box. */
class Fields {
  readonly #view: DataView;
  readonly #end: number;
  #at: number;
  constructor(view: DataView, box: Box) {
    this.#view = view;
    this.#at = box.start;
    this.#end = box.end;
  }
  uint32(): number {
    const at = this.#at;
    this.skip(4);
    return this.#view.getUint32(at);
  }
  skip(bytes: number): void {
    this.#at += bytes;
    if (this.#at > this.#end)
      throw new MediaError('unreadable', 'a fragment’s index is shorter than it says');
  }
  uint64(): number {
    return this.uint32() * 2 ** 32 + this.uint32();
  }
  get left(): number {
    return this.#end - this.#at;
  }
}

/** Hands over each sample of the track until one is refused (its bytes are not in the file). */
export function readFragment(
  view: DataView,
  moof: Box,
  track: Mp4Track,
  add: (offset: number, size: number, ticks: number) => boolean,
): void {
  for (const traf of boxes(view, moof.start, moof.end)) {
    if (traf.type !== 'traf' || traf.end > moof.end) continue;
    const header = findBox(view, traf, 'tfhd');
    if (header === undefined) continue;
    const fields = new Fields(view, header);
    const flags = fields.uint32() & 0xffffff;
    if (fields.uint32() !== track.id) continue;
    // "default-base-is-moof", and what a file without either flag means for its first track, too.
    const base = (flags & 0x1) === 0 ? moof.at : fields.uint64();
    if ((flags & 0x2) !== 0) fields.skip(4);
    const defaults = {
      ticks: (flags & 0x8) === 0 ? track.defaults.ticks : fields.uint32(),
      size: (flags & 0x10) === 0 ? track.defaults.size : fields.uint32(),
    };
    let offset = base;
    for (const run of boxes(view, traf.start, traf.end)) {
      if (run.type !== 'trun' || run.end > traf.end) continue;
      const after = readRun(new Fields(view, run), base, offset, defaults, add);
      if (after === null) return;
      offset = after;
    }
  }
}

/** The offset after the run; null when a sample was refused. */
function readRun(
  fields: Fields,
  base: number,
  follows: number,
  defaults: { readonly ticks: number; readonly size: number },
  add: (offset: number, size: number, ticks: number) => boolean,
): number | null {
  const flags = fields.uint32() & 0xffffff;
  const samples = fields.uint32();
  let offset = (flags & 0x1) === 0 ? follows : base + (fields.uint32() | 0);
  if ((flags & 0x4) !== 0) fields.skip(4);
  const [hasTicks, hasSize] = [(flags & 0x100) !== 0, (flags & 0x200) !== 0];
  const others = ((flags & 0x400) === 0 ? 0 : 4) + ((flags & 0x800) === 0 ? 0 : 4);
  for (let i = 0; i < samples; i += 1) {
    const ticks = hasTicks ? fields.uint32() : defaults.ticks;
    const size = hasSize ? fields.uint32() : defaults.size;
    fields.skip(others);
    if (!add(offset, size, ticks)) return null;
    offset += size;
  }
  return offset;
}
