/**
 * An English word without its inflection, so that “goes”, “went” and “going” are one word. Light: it is for comparing
 * two texts about the same thing, where a word's relatives are far likelier than a stranger with its stem.
 */
const IRREGULAR = new Map(
  `go goes going went gone|see sees seeing saw seen|come came|take took taken|make made|say said|tell told|think thought|find found|
  give gave given|know knew known|feel felt|leave left|bring brought|buy bought|catch caught catched|teach taught|
  keep kept|sleep slept|eat ate eaten|drink drank drunk|sing sang sung|swim swam swum|run ran|sit sat|stand stood|
  write wrote written|drive drove driven|ride rode ridden|fly flew flown|fall fell fallen|grow grew grown|
  speak spoke spoken|break broke broken|wake woke woken|choose chose chosen|forget forgot forgotten|hear heard|
  meet met|lose lost|pay paid|send sent|spend spent|build built|hold held|win won|begin began begun|become became|
  understand understood|wear wore worn|throw threw thrown|draw drew drawn|hide hid hidden|shine shone|mean meant|
  sell sold|fight fought|child children kid kids|man men|woman women|person people|foot feet|tooth teeth|
  good better best|bad worse worst|want wanna|mum mom`
    .split('|')
    .flatMap((family) => {
      const [head = '', ...others] = family.trim().split(/\s+/);
      return others.map((other) => [other, head] as const);
    }),
);

/** Longest first. What it leaves must be a word's length. */
const SUFFIXES: readonly (readonly [suffix: string, instead: string])[] = [
  ['iness', 'y'],
  ['ness', ''],
  ['ily', 'y'],
  ['ies', 'y'],
  ['ied', 'y'],
  ['ingly', ''],
  ['edly', ''],
  ['ing', ''],
  ['ed', ''],
  ['ly', ''],
  ['es', ''],
  ['s', ''],
  ['e', ''],
];
const SHORTEST = 3;

/** `word` in lower case. */
export function wordStem(word: string): string {
  const bare = word.replace(/'s?$/, '');
  const base = IRREGULAR.get(bare) ?? bare;
  return singled(withoutSuffix(base));
}

function withoutSuffix(word: string): string {
  for (const [suffix, instead] of SUFFIXES) {
    if (!word.endsWith(suffix) || (suffix === 's' && word.endsWith('ss'))) continue;
    const stem = word.slice(0, -suffix.length) + instead;
    if (stem.length >= SHORTEST) return stem.replace(/e$/, '');
  }
  return word;
}

/** “stopped”, “stop” */
function singled(stem: string): string {
  return stem.replace(/([b-df-hj-np-tv-z])\1$/, '$1');
}
