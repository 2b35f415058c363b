import { describe, expect, it } from '@jest/globals';
import { type HeardWindow, hearing } from './heard-window.ts';
import { looseFrom, type Seam, seamOf } from './seam.ts';

type Edges = Partial<Pick<HeardWindow, 'startMs' | 'endMs' | 'fromMs' | 'toMs'>>;
/** Words as `word@milliseconds`, each a quarter of a second long; without `@` they have no times. */
function heard(said: string, edges: Edges) {
  const pieces = said.split(' ').map((each) => each.split('@'));
  const words = pieces.map(([word = '', at]) => ({ word, startMs: Number(at), endMs: Number(at) + 250 }));
  const text = pieces.map(([word]) => word).join(' ');
  return hearing({ startMs: 0, endMs: 10_000, text, ...edges, ...(said.includes('@') ? { words } : {}) });
}
const left = (said: string, edges: Edges = {}) => heard(said, edges);
const right = (said: string, edges: Edges = {}) => heard(said, { startMs: 10_000, endMs: 20_000, ...edges });

const apartAfter = (words: number): Seam => ({ left: words, right: 0, isShared: false });
const sharedAt = (leftWords: number, rightWords: number): Seam => ({
  left: leftWords,
  right: rightWords,
  isShared: true,
});
/** Of the left one so many words count, of the right one those from here on; they have none in common. */
const between = (leftWords: number, rightWords: number): Seam => ({
  left: leftWords,
  right: rightWords,
  isShared: false,
});

describe('words that a next window could have heard', () => {
  it('are those that end within the last two seconds', () => {
    expect(looseFrom(left('a@7750 b@9000'), 0)).toBe(1);
    expect(looseFrom(left('a@7751 b@9000'), 0)).toBe(0);
  });

  it('are none of those given up to the window before', () => {
    expect(looseFrom(left('a@9000 b@9250 c@9500'), 2)).toBe(2);
    expect(looseFrom(left('a@9000 b@9250 c@9500'), 3)).toBe(3);
    expect(looseFrom(left('a b c'), 2)).toBe(2);
  });
});

describe('windows', () => {
  it('overlap when one begins where the other ends, to the millisecond', () => {
    const begunAt = (startMs: number) => seamOf(left('the@9900'), 0, right('the@9900', { startMs }));
    expect(begunAt(9_998)).toEqual(apartAfter(1));
    expect(begunAt(9_999)).toEqual(sharedAt(1, 1));
    expect(begunAt(10_001)).toEqual(sharedAt(1, 1));
    expect(begunAt(10_002)).toEqual(apartAfter(1));
  });

  it('have nothing in common when no audio was sent twice', () => {
    const sent = (toMs: number, fromMs: number) =>
      seamOf(left('the@9900', { toMs }), 0, right('the@9900', { fromMs }));
    expect(sent(10_000, 10_000)).toEqual(apartAfter(1));
    expect(sent(10_000, 10_005)).toEqual(apartAfter(1));
    expect(sent(10_000, 9_999)).toEqual(sharedAt(1, 1));
  });

  it('have no word in common in less than a quarter of a second when times are not known', () => {
    const seam = (toMs: number, said: string) =>
      seamOf(left(said, { toMs }), 0, right(said, { fromMs: 9_900 }));
    expect(seam(10_149, 'the')).toEqual(apartAfter(1));
    expect(seam(10_150, 'the')).toEqual(sharedAt(1, 1));
    expect(seam(10_149, 'the@9900')).toEqual(sharedAt(1, 1));
  });

  it('are compared by letters alone when only one of them has times', () => {
    expect(seamOf(left('along@9000 the@9400 river@9700'), 0, right('the river rose'))).toEqual(
      sharedAt(3, 2),
    );
    expect(seamOf(left('along the river'), 0, right('the@9400 river@9700 rose@10200'))).toEqual(
      sharedAt(3, 2),
    );
  });
});

describe('the overlap, by times', () => {
  it('reaches less than two seconds behind the cut', () => {
    expect(seamOf(left('go@12000'), 0, right('go@12000'))).toEqual(apartAfter(1));
    expect(seamOf(left('go@11999'), 0, right('go@11999'))).toEqual(sharedAt(1, 1));
    expect(seamOf(left('go@11999'), 0, right('go@11999 on@12500'))).toEqual(sharedAt(1, 1));
  });

  it('takes nothing from the one that heard it when the other heard nothing there', () => {
    const long = { startMs: 20_000, endMs: 30_000, fromMs: 0 };
    expect(
      seamOf(left('so@5000', { endMs: 20_000, toMs: 20_300 }), 0, right('uh@0 well@20000', long)),
    ).toEqual(apartAfter(1));
    expect(
      seamOf(left('well@9800 uh@29750', { toMs: 30_000 }), 0, right('then@13000', { fromMs: 9_000 })),
    ).toEqual(apartAfter(2));
  });
});

describe('the overlap, by letters', () => {
  /** Half a second: five words. */
  const seam = (before: string, after: string, first = 0) =>
    seamOf(left(before, { toMs: 10_250 }), first, right(after, { fromMs: 9_750 }));

  it('is as many words as can be said in it, and two', () => {
    expect(seam('no no no no no no no no', 'no no no no no no no no')).toEqual(sharedAt(6, 3));
  });

  it('is of the left one no more words than that', () => {
    expect(seam('elephants a b c d x', 'elephants a b c d')).toEqual(apartAfter(1));
    expect(seam('elephants a b c d', 'elephants a b c d')).toEqual(sharedAt(3, 3));
  });

  it('is of the right one no more words than that', () => {
    expect(seam('a b c d elephants', 'x a b c d elephants')).toEqual(between(5, 5));
    expect(seam('a b c d elephants', 'a b c d elephants')).toEqual(sharedAt(3, 3));
  });

  it('is none of the words given up to the window before', () => {
    expect(seam('no no no no no no no no', 'no no no no no no no no', 7)).toEqual(sharedAt(8, 1));
  });

  it('counts two characters as a word, from the end of the left one', () => {
    expect(seam('no no no no no 今天天气很', 'no no 今天天气很 好')).toEqual(sharedAt(7, 4));
  });
});

describe('a pair, by times', () => {
  const seam = (before: string, after: string, edges: { fromMs?: number; toMs?: number } = {}) =>
    seamOf(left(before, { toMs: edges.toMs ?? 11_000 }), 0, right(after, { fromMs: edges.fromMs ?? 9_000 }));

  it('is two equal words less than 867 ms apart', () => {
    expect(seam('one@9300', 'one@9750')).toEqual(sharedAt(1, 1));
    expect(seam('one@9100', 'one@9960')).toEqual(sharedAt(1, 1));
    expect(seam('one@9100', 'one@9970')).toEqual(apartAfter(1));
  });

  it('is two words somewhat alike at most 400 ms apart', () => {
    expect(seam('bees@9500', 'peas@9900')).toEqual(between(0, 0));
    expect(seam('bees@9500', 'peas@9901')).toEqual(apartAfter(1));
    expect(seam('one@9500', 'two@9950')).toEqual(apartAfter(1));
  });

  it('is of a word and two like it that with the nearer one', () => {
    expect(seam('bees@9500', 'peas@9500 peas@9850')).toEqual(between(1, 1));
  });

  it('is rather none when the left one lies before all that the right one hears', () => {
    expect(seam('one@8875', 'one@9675')).toEqual(apartAfter(1));
    expect(seam('one@8876', 'one@9676')).toEqual(sharedAt(1, 1));
  });

  it('is rather none when the right one lies after all that the left one hears', () => {
    expect(seam('one@10075', 'one@10875')).toEqual(apartAfter(1));
    expect(seam('one@10074', 'one@10874')).toEqual(sharedAt(1, 1));
  });
});

describe('a pair, by letters', () => {
  const seam = (before: string, after: string) => seamOf(left(before), 0, right(after));

  it('is the beginning of a word at the very end of the left one, and the whole of it', () => {
    expect(seam('118 042 91', '913 007')).toEqual(between(2, 0));
    expect(seam('no w', 'nothing way')).toEqual(apartAfter(2));
  });

  it('is the end of a word at the very beginning of the right one, and the whole of it', () => {
    expect(seam('913 042', '42 118')).toEqual(between(2, 1));
    expect(seam('weigh nothing', 'h thing')).toEqual(apartAfter(2));
    expect(seam('913 042', '04 118')).toEqual(apartAfter(2));
  });
});

describe('of two different words at a time', () => {
  it('that counts which is further from the edge of its own audio', () => {
    expect(
      seamOf(left('bees@9850 so@10000', { toMs: 10_250 }), 0, right('peas@9850 so@10000', { fromMs: 9_550 })),
    ).toEqual(between(0, 0));
    expect(
      seamOf(left('so@9400 bees@9550', { toMs: 10_600 }), 0, right('so@9400 peas@9550', { fromMs: 9_400 })),
    ).toEqual(between(2, 2));
  });

  it('half a second from the edge is as good as more', () => {
    expect(
      seamOf(
        left('bees@9600 lots@10100', { toMs: 13_000 }),
        0,
        right('peas@9600 cots@10100', { fromMs: 9_000 }),
      ),
    ).toEqual(between(1, 1));
  });

  it('the left audio ends with its last word when it is not known where', () => {
    expect(
      seamOf(left('bees@9600 and@9850 so@10100'), 0, right('peas@9600 and@9850 so@10100', { fromMs: 9_225 })),
    ).toEqual(sharedAt(3, 3));
  });

  it('the right audio begins with its first word when it is not known where', () => {
    expect(
      seamOf(left('so@9650 and@9900 bees@10150', { toMs: 10_775 }), 0, right('so@9650 and@9900 peas@10150')),
    ).toEqual(sharedAt(2, 2));
  });
});

describe('of two different words without times', () => {
  const seam = (before: string, after: string) => seamOf(left(before), 0, right(after));

  it('that counts which is further from the edge, however short', () => {
    expect(seam('913 elephants', '913 002 118')).toEqual(sharedAt(1, 1));
  });

  it('the longer one counts when they are as far', () => {
    expect(seam('go elephants now', 'go 002 now then')).toEqual(sharedAt(3, 3));
    expect(seam('go 002 now', 'go elephants now then')).toEqual(sharedAt(1, 1));
  });
});

describe('a word that one side heard alone', () => {
  const wide = { toMs: 12_000, fromMs: 8_000 };

  it('counts, though the cut is at another word', () => {
    expect(seamOf(left('a@9000 b@10000', wide), 0, right('a@9000 x@9500 b@10000', wide))).toEqual(
      sharedAt(1, 1),
    );
    expect(seamOf(left('a@10000 x@10500 b@11000', wide), 0, right('a@10000 b@11000', wide))).toEqual(
      sharedAt(3, 2),
    );
  });

  it('at the very edge of its audio gives way to one that both heard', () => {
    expect(seamOf(left('b@9600', wide), 0, right('uh@9000 b@9600', { fromMs: 9_000 }))).toEqual(
      sharedAt(1, 2),
    );
  });
});
