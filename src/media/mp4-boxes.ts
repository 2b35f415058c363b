/** The box structure of an mp4 (ISO/IEC 14496-12): size and type, one box after another, some inside others. */
export interface Box {
  readonly type: string;
  /** First byte after the box's header. */
  readonly start: number;
  /** First byte after the box; beyond the file when the file was cut. */
  readonly end: number;
  /** First byte of the box's header. */
  readonly at: number;
}

/** The boxes between two offsets; stops at a header that is cut or makes no sense. */
export function* boxes(view: DataView, from: number, to: number): Generator<Box> {
  for (let at = from; at + 8 <= to; ) {
    const small = view.getUint32(at);
    const type = String.fromCharCode(
      view.getUint8(at + 4),
      view.getUint8(at + 5),
      view.getUint8(at + 6),
      view.getUint8(at + 7),
    );
    // "if size is 1 then the actual size is in the field largesize; if size is 0, then this box … extends to the end"
    if (small === 1 && at + 16 > to) return;
    const header = small === 1 ? 16 : 8;
    const size = small === 1 ? Number(view.getBigUint64(at + 8)) : small === 0 ? to - at : small;
    if (size < header) return;
    yield { type, start: at + header, end: at + size, at };
    at += size;
  }
}

/** The first box of a type, along a path of types; undefined when it is not there or cut. */
export function findBox(view: DataView, parent: Box, ...path: readonly string[]): Box | undefined {
  let found: Box | undefined = parent;
  for (const type of path) {
    const inside: Box = found;
    found = undefined;
    for (const box of boxes(view, inside.start, Math.min(inside.end, view.byteLength))) {
      if (box.type === type && box.end <= inside.end) {
        found = box;
        break;
      }
    }
    if (found === undefined) return undefined;
  }
  return found;
}
