/**
 * Words against levels. What the recorder's meter calls silent is not sent, and in a long pause neither window hears beyond
 * the cut. So a meter whose clock is not the sound's (it runs at another speed, or lies seconds beside it) loses what was
 * said there, and nothing in its levels shows it. The words do: then some are heard where nothing is said to sound.
 */

type Span = { readonly startMs: number; readonly endMs: number };
type Sent = { readonly fromMs: number; readonly toMs: number };

/** Recognisers put a word beside its place now and then; a wrong meter contradicts them at every second pause. */
const LEAST_WORDS = 3;
const LEAST_SHARE = 0.02;
/** In less no word is whole: there was none to be heard by both. */
const SHORTEST_WORD_MS = 250;
/** What is heard again at once is no longer than a window. */
const LONGEST_MS = 20_000;

/** @param silences in order and apart; like the words, in the sound's own time */
export function isContradicted(words: readonly Span[], silences: readonly Span[]): boolean {
  const within = words.filter((word) =>
    silences.some(({ startMs, endMs }) => word.startMs >= startMs && word.endMs <= endMs),
  );
  return within.length >= LEAST_WORDS && within.length >= words.length * LEAST_SHARE;
}

/**
 * What was decided by silence alone: stretches that were not sent, and (without length) cuts that no window heard beyond.
 *
 * @param windows what was sent of a recording, in order
 */
export function leftToSilence(windows: readonly Sent[], storedMs: number): Span[] {
  const left: Span[] = [];
  let heardTo = 0;
  for (const { fromMs, toMs } of windows) {
    if (fromMs > 0 && heardTo - fromMs < SHORTEST_WORD_MS)
      left.push(...inPieces({ startMs: Math.min(heardTo, fromMs), endMs: fromMs }));
    heardTo = Math.max(heardTo, toMs);
  }
  if (heardTo < storedMs) left.push(...inPieces({ startMs: heardTo, endMs: storedMs }));
  return left;
}

function inPieces({ startMs, endMs }: Span): Span[] {
  const count = Math.max(1, Math.ceil((endMs - startMs) / LONGEST_MS));
  const length = (endMs - startMs) / count;
  return Array.from({ length: count }, (_, index) => ({
    startMs: startMs + index * length,
    endMs: index === count - 1 ? endMs : startMs + (index + 1) * length,
  }));
}
