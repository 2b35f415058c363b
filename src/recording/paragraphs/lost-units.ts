/**
 * What one text says and another does not. Both are aligned in order; what has no partner is still there when it only
 * moved a little, was said twice in a row, or was taken back by the speaker.
 *
 * Characters (of writing without spaces) are aligned in pairs of neighbours, since single ones are found anywhere; one
 * is there when a pair is that holds it.
 */
import { align } from './align.ts';
import type { Content, Unit, UnitKind } from './content-units.ts';

export type LostUnit = {
  readonly unit: Unit;
  /** Its place among the text's units. */
  readonly at: number;
  /** Between which partners it stood: what is lost here and what is lost there in the same gap were exchanged. */
  readonly gap: number;
};

/** How far something may move, in units. A negation or a number means another thing two words on. */
const REACH: Readonly<Record<UnitKind, number>> = {
  word: 8,
  name: 8,
  character: 8,
  number: 2,
  negation: 1,
  grammar: 1,
};
/** So many units before a correction may be taken back by it. */
const TAKEN_BACK = 4;

type Piece = { readonly key: string; readonly kind: UnitKind; readonly from: number; readonly to: number };
type Side = {
  readonly content: Content;
  readonly pieces: readonly Piece[];
  /** Which pieces are there on the other side. */
  readonly there: boolean[];
  /** How many partners stand before each piece. */
  readonly gaps: readonly number[];
};

/** Lost of `a` in `b`, and of `b` in `a`. Keys in `given` are never lost of `b`. */
export function lostUnits(
  a: Content,
  b: Content,
  given: ReadonlySet<string>,
): { readonly ofA: readonly LostUnit[]; readonly ofB: readonly LostUnit[] } {
  const [piecesOfA, piecesOfB] = [piecesOf(a.units), piecesOf(b.units)];
  const pairs = align(piecesOfA.map(keyOf), piecesOfB.map(keyOf));
  const one = sideOf(a, piecesOfA, new Set(pairs.map(([i]) => i)));
  const other = sideOf(b, piecesOfB, new Set(pairs.map(([, j]) => j)));
  findNumbersSplitOtherwise(one, other);
  for (const each of [one, other]) findRepeated(each);
  findNearby(one, other, pairs);
  other.pieces.forEach(({ key }, j) => {
    if (given.has(key)) other.there[j] = true;
  });
  return { ofA: lostOf(one), ofB: lostOf(other) };
}

/** What texts beside the spoken one say, for `given`. */
export function keysOf(content: Content): readonly string[] {
  return piecesOf(content.units).map(keyOf);
}

const keyOf = ({ key }: Piece) => key;

function sideOf(content: Content, pieces: readonly Piece[], paired: ReadonlySet<number>): Side {
  let gap = 0;
  const there = pieces.map((_, at) => paired.has(at));
  const gaps = there.map((isThere) => {
    if (isThere) gap += 1;
    return gap;
  });
  return { content, pieces, there, gaps };
}

/** 不 and the like are negations and stand among characters. */
const isCharacter = (unit: Unit | undefined) =>
  unit !== undefined && (unit.kind === 'character' || (unit.kind === 'negation' && unit.key !== 'not'));

function piecesOf(units: readonly Unit[]): Piece[] {
  return units.flatMap((unit, at): Piece[] => {
    const { key, kind } = unit;
    const next = units[at + 1];
    if (!isCharacter(unit)) return [{ key, kind, from: at, to: at }];
    if (next !== undefined && isCharacter(next))
      return [{ key: key + next.key, kind: 'character', from: at, to: at + 1 }];
    return isCharacter(units[at - 1]) ? [] : [{ key, kind, from: at, to: at }];
  });
}

/** “nineteen eighty four” and 1984, “five five five one two” and 555-12: the same digits in the same gap. */
function findNumbersSplitOtherwise(one: Side, other: Side): void {
  const theirs = lostNumbersByGap(other);
  for (const [gap, places] of lostNumbersByGap(one)) {
    const matching = theirs.get(gap);
    if (matching === undefined || !haveSameDigits(digitsAt(one, places), digitsAt(other, matching))) continue;
    for (const at of places) one.there[at] = true;
    for (const at of matching) other.there[at] = true;
  }
}

function lostNumbersByGap({ pieces, there, gaps }: Side): Map<number, number[]> {
  const places = new Map<number, number[]>();
  pieces.forEach(({ kind }, at) => {
    const gap = gaps[at];
    if (kind !== 'number' || there[at] || gap === undefined) return;
    places.set(gap, [...(places.get(gap) ?? []), at]);
  });
  return places;
}

const digitsAt = ({ pieces }: Side, places: readonly number[]) =>
  places.map((at) => pieces[at]?.key.slice(1) ?? '');

/** “twelve fifty” may be 1250 and 12.50. */
function haveSameDigits(some: readonly string[], others: readonly string[]): boolean {
  return ['', '.'].some((between) => some.join(between) === others.join(between));
}

/**
 * A number or a negation without a partner must find another without one. A word is there when the same word is near,
 * partner or not: a name may stand where a pronoun stood.
 */
function findNearby(one: Side, other: Side, pairs: readonly (readonly [number, number])[]): void {
  const [oneBefore, otherBefore] = [[...one.there], [...other.there]];
  const look = (
    from: Side,
    fromBefore: boolean[],
    into: Side,
    intoBefore: boolean[],
    ends: readonly number[],
  ) => {
    from.pieces.forEach(({ key, kind }, at) => {
      if (fromBefore[at]) return;
      const place = ends[from.gaps[at] ?? 0] ?? 0;
      const next = ends[(from.gaps[at] ?? 0) + 1] ?? into.pieces.length + 1;
      const strict = kind === 'number' || kind === 'negation';
      for (let near = Math.max(0, place - REACH[kind]); near < next - 1 + REACH[kind]; near += 1) {
        if (into.pieces[near]?.key !== key || (strict && intoBefore[near])) continue;
        from.there[at] = true;
        return;
      }
    });
  };
  look(one, oneBefore, other, otherBefore, [0, ...pairs.map(([, j]) => j + 1)]);
  look(other, otherBefore, one, oneBefore, [0, ...pairs.map(([i]) => i + 1)]);
}

/** “We paid fifty we paid fifty”: a run of what is lost equals what stands just before or after it. */
function findRepeated({ pieces, there }: Side): void {
  for (let from = 0; from < pieces.length; from += 1) {
    if (there[from]) continue;
    let to = from;
    while (to < pieces.length && !there[to]) to += 1;
    const length = to - from;
    const equals = (start: number) =>
      start >= 0 && pieces.slice(from, to).every(({ key }, i) => pieces[start + i]?.key === key);
    if (equals(from - length) || equals(to)) there.fill(true, from, to);
    from = to;
  }
}

function lostOf({ content, pieces, there, gaps }: Side): LostUnit[] {
  const { units } = content;
  const kept = units.map(() => false);
  const gapOf = units.map(() => 0);
  pieces.forEach(({ from, to }, at) => {
    for (let unit = from; unit <= to; unit += 1) {
      kept[unit] ||= there[at] === true;
      gapOf[unit] = gaps[at] ?? 0;
    }
  });
  return units.flatMap((unit, at) =>
    kept[at] || unit.vague || isTakenBack(content, kept, at) ? [] : [{ unit, at, gap: gapOf[at] ?? 0 }],
  );
}

/** A number or a name only when another one came in its place: “at five, no wait, six”. */
function isTakenBack({ units, corrections }: Content, kept: readonly boolean[], at: number): boolean {
  const correction = corrections.find((each) => each.at > at);
  const kind = units[at]?.kind;
  if (correction === undefined || at < correction.at - TAKEN_BACK || kind === 'negation') return false;
  if (kind !== 'number' && kind !== 'name') return !correction.bare;
  return units
    .slice(correction.at, correction.at + TAKEN_BACK)
    .some((unit, i) => unit.kind === kind && kept[correction.at + i] === true);
}
