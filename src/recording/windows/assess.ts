/**
 * Is an answer believable? What is suspicious is asked for again, and in the end stands as a gap. A false alarm costs a
 * request, so each rule leaves room for what people do: sigh, cough, list, repeat themselves, speak slowly.
 */
import { spokenUnits } from '../spoken-units.ts';
import type { TimedWord } from './heard-window.ts';
import { goesInCircles } from './repeated-phrases.ts';
import { type Token, tokensOf } from './text-tokens.ts';

export type Suspicion = 'no_words' | 'too_few_words' | 'repeats' | 'not_this_window' | null;

export type Answered = {
  readonly text: string;
  /** Times from the start of the audio that was sent. */
  readonly words?: readonly TimedWord[];
  /** Of the audio that was sent. */
  readonly durationMs: number;
  /** How much of it sounds, by levels that can be believed; absent when there are none. */
  readonly soundMs?: number;
  /** Words (`spokenUnits`) a second of sound in the windows around; absent when none is known. */
  readonly neighbourRate?: number;
  /** What was heard in the window before. */
  readonly previousText?: string;
};

/** A door or a cough has no words. */
const SOUND_MS = 1_500;
/** Without levels: so long, while people talk around it. */
const UNKNOWN_MS = 8_000;
const TALKING_RATE = 1;
/** Too few words to compare. */
const LEAST_EXPECTED = 8;
const TOO_FEW = 0.2;
/** The fastest talkers reach 6 words a second. */
const FASTEST_RATE = 8;
const LEAST_FAST = 20;
/** Times may run a little over the end. */
const OVERRUN_MS = 1_000;
const OUTSIDE_SHARE = 0.3;
/** Short answers are often the same twice: "yes", "I don't know". */
const LEAST_SAME = 6;

/** @example assess({ text: '', durationMs: 15_000, soundMs: 9_000 }) // 'no_words' */
export function assess(heard: Answered): Suspicion {
  const tokens = tokensOf(heard.text);
  if (tokens.length === 0) return shouldHaveWords(heard) ? 'no_words' : null;
  if (isOfOtherAudio(heard, tokens)) return 'not_this_window';
  if (goesInCircles(tokens)) return 'repeats';
  return hasTooFew(heard) ? 'too_few_words' : null;
}

function shouldHaveWords({ durationMs, soundMs, neighbourRate = 0 }: Answered): boolean {
  return soundMs === undefined
    ? durationMs >= UNKNOWN_MS && neighbourRate >= TALKING_RATE
    : soundMs >= SOUND_MS;
}

function isOfOtherAudio(
  { text, words = [], durationMs, previousText }: Answered,
  tokens: readonly Token[],
): boolean {
  const outside = words.filter(({ startMs }) => startMs > durationMs + OVERRUN_MS).length;
  if (outside > words.length * OUTSIDE_SHARE) return true;
  const count = spokenUnits(text);
  if (count >= LEAST_FAST && count > (FASTEST_RATE * durationMs) / 1000) return !goesInCircles(tokens);
  // The window before again; or its end, which went along as the prompt.
  if (previousText === undefined || count < LEAST_SAME) return false;
  const spelled = (all: readonly Token[]) => ` ${all.map(({ norm }) => norm).join(' ')} `;
  return spelled(tokensOf(previousText)).includes(spelled(tokens));
}

function hasTooFew({ text, durationMs, soundMs, neighbourRate = 0 }: Answered): boolean {
  // Without levels, half of the time may be pauses.
  const expected = (neighbourRate * (soundMs ?? durationMs / 2)) / 1000;
  return expected >= LEAST_EXPECTED && spokenUnits(text) < expected * TOO_FEW;
}
