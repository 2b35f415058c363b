/** What happens to a real file before a parser gets it: bits that tip, ends that are missing, lengths that lie, loops. */
import fc from 'fast-check';

/** A place in a file: from its beginning, from its end, or anywhere (of 2³² parts). Headers are where parsers err. */
type Place = { readonly from: 'start' | 'end' | 'anywhere'; readonly at: number };

type Damage =
  | { readonly does: 'flip'; readonly place: Place; readonly bit: number }
  | { readonly does: 'bytes'; readonly place: Place; readonly bytes: Uint8Array }
  | {
      readonly does: 'number';
      readonly place: Place;
      readonly value: bigint;
      readonly width: 1 | 2 | 4 | 8;
      readonly little: boolean;
    }
  | { readonly does: 'cut' | 'begin'; readonly place: Place }
  | {
      readonly does: 'remove' | 'repeat' | 'blank';
      readonly place: Place;
      readonly length: number;
      readonly times: number;
    }
  | {
      readonly does: 'splice';
      readonly place: Place;
      readonly other: number;
      readonly otherPlace: Place;
      readonly length: number;
    };

const place: fc.Arbitrary<Place> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ from: fc.constant('start' as const), at: fc.nat(400) }) },
  { weight: 2, arbitrary: fc.record({ from: fc.constant('end' as const), at: fc.nat(1_200) }) },
  { weight: 3, arbitrary: fc.record({ from: fc.constant('anywhere' as const), at: fc.nat(2 ** 31 - 1) }) },
);
const length = fc.oneof(fc.nat(16), fc.nat(2_000));

const EXTREMES = [
  0n,
  1n,
  2n,
  7n,
  8n,
  0x7fn,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fff_fffen,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_fff8n,
  0xffff_ffffn,
  0x7fff_ffff_ffff_ffffn,
  0xffff_ffff_ffff_ffffn,
];

const damage: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ does: fc.constant('flip' as const), place, bit: fc.nat(7) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('bytes' as const),
      place,
      bytes: fc.uint8Array({ maxLength: 12 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('number' as const),
      place,
      value: fc.constantFrom(...EXTREMES),
      width: fc.constantFrom(1 as const, 2, 4, 4, 8),
      little: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('cut' as const, 'begin'), place }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constantFrom('remove' as const, 'repeat', 'blank'),
      place,
      length,
      times: fc.constantFrom(1, 2, 50),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('splice' as const),
      place,
      other: fc.nat(),
      otherPlace: place,
      length,
    }),
  },
);

/** Which file of so many, and what happens to it. */
export type Damaged = { readonly file: number; readonly damages: readonly Damage[] };

export const anyDamage: fc.Arbitrary<Damaged> = fc.record({
  file: fc.nat(),
  damages: fc.array(damage, { minLength: 1, maxLength: 6, size: 'max' }),
});

const MOST_BYTES = 2 * 1024 * 1024;

/** @param files at least one; they stay as they are */
export function damaged(files: readonly Uint8Array[], { file, damages }: Damaged): Uint8Array {
  const at = (index: number) => files[index % files.length] ?? new Uint8Array();
  return damages.reduce<Uint8Array>(
    (bytes, each) => after(bytes, each, at).subarray(0, MOST_BYTES),
    at(file).slice(),
  );
}

function after(bytes: Uint8Array, each: Damage, file: (index: number) => Uint8Array): Uint8Array {
  const at = offsetOf(each.place, bytes.length);
  switch (each.does) {
    case 'flip':
      return replaced(bytes, at, Uint8Array.of((bytes[at] ?? 0) ^ (1 << each.bit)));
    case 'bytes':
      return replaced(bytes, at, each.bytes);
    case 'number':
      return replaced(bytes, at, encoded(each.value, each.width, each.little));
    case 'cut':
      return bytes.slice(0, at);
    case 'begin':
      return bytes.slice(at);
    case 'remove':
      return joined(bytes.subarray(0, at), bytes.subarray(at + each.length));
    case 'blank':
      return replaced(bytes, at, new Uint8Array(each.length));
    case 'repeat': {
      const piece = bytes.subarray(at, at + each.length);
      return joined(bytes.subarray(0, at), ...Array<Uint8Array>(each.times).fill(piece), bytes.subarray(at));
    }
    case 'splice': {
      const other = file(each.other);
      const from = offsetOf(each.otherPlace, other.length);
      return joined(bytes.subarray(0, at), other.subarray(from, from + each.length), bytes.subarray(at));
    }
    default:
      return each satisfies never;
  }
}

function offsetOf({ from, at }: Place, length: number): number {
  if (length === 0) return 0;
  if (from === 'anywhere') return at % length;
  return from === 'start' ? Math.min(at, length - 1) : Math.max(0, length - 1 - at);
}

/** Written over what is there; never longer than it was. */
function replaced(bytes: Uint8Array, at: number, by: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy.set(by.subarray(0, Math.max(0, copy.length - at)), at);
  return copy;
}

function encoded(value: bigint, width: number, little: boolean): Uint8Array {
  const bytes = Uint8Array.from({ length: width }, (_, index) =>
    Number((value >> BigInt(8 * index)) & 0xffn),
  );
  return little ? bytes : bytes.reverse();
}

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length: each }) => sum + each, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
