/** Draws of chance, each from a generator of its own: what one part draws changes nothing of what another does. */
import { mulberry32 } from '../src/ai/sandbox/dtmf/encode.ts';

export type Random = () => number;

/** A generator for this part of the run: the same name and seed draw the same. */
export function randomFor(seed: number, name: string): Random {
  let hash = seed >>> 0;
  for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return mulberry32(hash);
}

export function pick<const From extends readonly [unknown, ...unknown[]]>(
  random: Random,
  from: From,
): From[number] {
  return from[Math.floor(random() * from.length)] ?? from[0];
}

/** From `min` up to and without `max`. */
export function between(random: Random, min: number, max: number): number {
  return min + random() * (max - min);
}

/** A wait until the next of things that come by chance, `mean` apart; between a third and three times that. */
export function wait(random: Random, mean: number): number {
  return Math.min(3 * mean, Math.max(mean / 3, -Math.log(1 - random()) * mean));
}

/** Deals all of them in a drawn order, then again in another: none is left out for long. */
export function* dealt<T>(random: Random, cards: readonly T[]): Generator<T, never, void> {
  for (;;) {
    const deck = [...cards];
    while (deck.length > 0) yield* deck.splice(Math.floor(random() * deck.length), 1);
  }
}
