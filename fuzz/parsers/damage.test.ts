import { describe, expect, it } from '@jest/globals';
import { damaged } from './damage.ts';

const file = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const afterDamage = (...damages: Parameters<typeof damaged>[1]['damages']) => [
  ...damaged([file], { file: 0, damages }),
];
const start = (at: number) => ({ from: 'start', at }) as const;

describe('a damaged file', () => {
  it('has a bit that tipped, a number that lies, in either order of bytes', () => {
    expect(afterDamage({ does: 'flip', place: start(1), bit: 7 })).toEqual([1, 130, 3, 4, 5, 6, 7, 8]);
    const number = { does: 'number', place: start(6), value: 0x7fff_ffffn, width: 4 } as const;
    expect(afterDamage({ ...number, little: false })).toEqual([1, 2, 3, 4, 5, 6, 127, 255]);
    expect(afterDamage({ ...number, little: true })).toEqual([1, 2, 3, 4, 5, 6, 255, 255]);
  });

  it('lacks its end, its beginning, or a piece, or has one over and over', () => {
    expect(afterDamage({ does: 'cut', place: start(2) })).toEqual([1, 2]);
    expect(afterDamage({ does: 'begin', place: { from: 'end', at: 1 } })).toEqual([7, 8]);
    const piece = { place: start(1), length: 2, times: 2 } as const;
    expect(afterDamage({ does: 'remove', ...piece })).toEqual([1, 4, 5, 6, 7, 8]);
    expect(afterDamage({ does: 'repeat', ...piece })).toEqual([1, 2, 3, 2, 3, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('stays below two mebibytes however often it is repeated, and the file itself stays as it is', () => {
    const twice = { does: 'repeat', place: start(0), length: 2_000, times: 50 } as const;
    expect(damaged([new Uint8Array(2_000)], { file: 3, damages: Array(30).fill(twice) })).toHaveLength(
      2 * 1024 * 1024,
    );
    expect([...file]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
