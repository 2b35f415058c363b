/**
 * Is what was said still there, and nothing besides? Polishing may drop fillers, false starts and repetitions, put in
 * punctuation and mend the grammar; a text that did more is not used.
 *
 * It errs on the side of asking again: a false alarm costs a second call, or a paragraph that stays as it was spoken.
 * 200 words against 200 take 1.4 ms.
 */
import { contentOf, type Unit } from './content-units.ts';
import { keysOf, type LostUnit, lostUnits } from './lost-units.ts';

/**
 * - `number`, `name`, `negation`: one of these is gone, or new. They change what is said, and grammar never needs it.
 * - `changed`: a character exchanged for another, in writing without spaces (where names cannot be told).
 * - `sentence`: of a whole sentence nothing is left, or nothing was said.
 * - `passage`: so many words in a row are gone, or new.
 * - `too_much`: here and there, but too many; or a text is too long to be compared.
 */
export const BREACHES = ['number', 'name', 'negation', 'changed', 'sentence', 'passage', 'too_much'] as const;
export type Breach = (typeof BREACHES)[number];

/** The words are the speaker's: they must reach no event and no log. Their counts and the breaches may. */
export type Comparison = {
  /** Content words said and not written; neighbouring characters together. */
  readonly dropped: readonly string[];
  /** Content words written and not said. */
  readonly invented: readonly string[];
  readonly breaches: readonly Breach[];
};

/** The work grows with the square: 50 ms for so many words. A paragraph has 140. */
const MOST_WORDS = 2_000;

/** So many words in a row, those of grammar included, are more than a false start: “they were pretty open to it”. */
const CLAUSE_WORDS = 5;

type Tolerance = {
  /** So many in a row are a passage. A false start is two words or so; grammar adds one at a time. */
  readonly passage: { readonly words: number; readonly characters: number };
  /** One, and this share of what the text says, may be lost. */
  readonly share: number;
};
const OF_SPOKEN: Tolerance = { passage: { words: 3, characters: 4 }, share: 0.08 };
const OF_WRITTEN: Tolerance = { passage: { words: 2, characters: 2 }, share: 0.05 };

/**
 * @param alsoGiven what the writer was given besides, and may use: what the pictures show
 */
export function compare(spoken: string, written: string, alsoGiven: readonly string[] = []): Comparison {
  const grammar = true;
  const [allSaid, allWrote] = [contentOf(spoken, { grammar }), contentOf(written, { grammar })];
  if (Math.max(allSaid.units.length, allWrote.units.length) > MOST_WORDS)
    return { dropped: [], invented: [], breaches: ['too_much'] };
  const [said, wrote] = [contentOf(spoken), contentOf(written)];
  const given = new Set(alsoGiven.flatMap((text) => keysOf(contentOf(text))));
  const { ofA: dropped, ofB: invented } = lostUnits(said, wrote, given);
  const breaches = new Set<Breach>([
    ...breachesOf(dropped, said.units, OF_SPOKEN),
    ...breachesOf(invented, wrote.units, OF_WRITTEN),
  ]);
  // A capital tells nothing at the head of a sentence, but a new word there is a name sooner than grammar.
  if (invented.some(({ unit }) => unit.leads && /^\p{Lu}/u.test(unit.text))) breaches.add('name');
  const { ofA, ofB } = lostUnits(allSaid, allWrote, given);
  if (hasClause(ofA) || hasClause(ofB)) breaches.add('passage');
  if (dropped.some((lost) => isCharacter(lost) && invented.some((l) => isCharacter(l) && l.gap === lost.gap)))
    breaches.add('changed');
  return {
    dropped: textsOf(dropped),
    invented: textsOf(invented),
    breaches: BREACHES.filter((breach) => breaches.has(breach)),
  };
}

export function isFaithful({ breaches }: Comparison): boolean {
  return breaches.length === 0;
}

const isCharacter = ({ unit }: LostUnit) => unit.kind === 'character';

function breachesOf(
  lost: readonly LostUnit[],
  units: readonly Unit[],
  { passage, share }: Tolerance,
): Breach[] {
  const breaches: Breach[] = [];
  for (const { unit } of lost) {
    if (unit.kind === 'number' || unit.kind === 'name' || unit.kind === 'negation') breaches.push(unit.kind);
  }
  if (hasWholeSentence(lost, units)) breaches.push('sentence');
  const weight = (item: LostUnit) => 1 / (isCharacter(item) ? passage.characters : passage.words);
  if (runsOf(lost).some((run) => run.reduce((sum, item) => sum + weight(item), 0) > 1 - 1e-9))
    breaches.push('passage');
  if (lost.length > 1 + share * units.length) breaches.push('too_much');
  return breaches;
}

/** Where a clause has one content word, only the grammar around it tells it from a false start. */
function hasClause(lost: readonly LostUnit[]): boolean {
  return runsOf(lost).some(
    (run) => run.length >= CLAUSE_WORDS && run.some(({ unit }) => unit.kind !== 'grammar'),
  );
}

function hasWholeSentence(lost: readonly LostUnit[], units: readonly Unit[]): boolean {
  const left = new Map<number, number>();
  for (const { sentence } of units) left.set(sentence, (left.get(sentence) ?? 0) + 1);
  for (const { unit } of lost) left.set(unit.sentence, (left.get(unit.sentence) ?? 0) - 1);
  return [...left.values()].includes(0);
}

/** What was lost in one piece, together. */
function runsOf(lost: readonly LostUnit[]): LostUnit[][] {
  const runs: LostUnit[][] = [];
  for (const item of lost) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1)?.at === item.at - 1) run.push(item);
    else runs.push([item]);
  }
  return runs;
}

function textsOf(lost: readonly LostUnit[]): string[] {
  return runsOf(lost).flatMap((run) => {
    const texts: string[] = [];
    run.forEach((item, i) => {
      const before = run[i - 1];
      const joined = isCharacter(item) && before !== undefined && isCharacter(before) ? texts.pop() : '';
      texts.push(`${joined}${item.unit.text}`);
    });
    return texts;
  });
}
