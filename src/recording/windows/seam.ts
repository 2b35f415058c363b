/**
 * Where one window's words end and the next one's begin.
 *
 * In the overlap both windows heard the same seconds. Their words are aligned (`align-overlap.ts`), by letters and times
 * where both have times, else by letters alone. The seam may lie between any two steps of the alignment: the left
 * window's words count before it, the right one's after it. It is put where the words that do not count are those least
 * to be trusted: the nearer to the edge of its own audio, the likelier a word was cut or guessed. Of equally good places
 * the one at a word that both heard, nearest the cut.
 */
import { alignOverlap, type Scores, type Step } from './align-overlap.ts';
import type { HeardToken, Hearing } from './heard-window.ts';
import { likeness } from './likeness.ts';
import { inTime, placeInMiddle, placeNear, type WeighedStep } from './seam-place.ts';

export type Seam = {
  /** The first token of the left window that does not count. */
  readonly left: number;
  /** The first of the right one that does. */
  readonly right: number;
  /** The words before these two are one word that both heard. */
  readonly isShared: boolean;
};

/** So far from the cut a word may be in the overlap, its time's error included. */
const REACH_MS = 2_000;
/** Without times: so many words, of those written in characters twice as many. */
const REACH_WORDS = 12;
/** Nobody says more: bounds the overlap of texts without times. */
const WORDS_A_SECOND = 6;
/** In a shorter overlap no word is whole. */
const SHORTEST_WORD_MS = 250;
/** A word so far from the edge of its audio is as good as any. */
const TRUSTED_MS = 500;

/** The first token, from `first` on, that a next window could have heard too: all before it is settled. */
export function looseFrom({ window, tokens, isTimed }: Hearing, first: number): number {
  let loose = tokens.length;
  let words = 0;
  while (loose > first) {
    const token = tokens[loose - 1];
    if (token === undefined) break;
    words += token.isCharacter ? 0.5 : 1;
    if (isTimed ? token.endMs <= window.endMs - REACH_MS : words > REACH_WORDS) break;
    loose -= 1;
  }
  return loose;
}

/** @param first the left window's first token that is not given up to the window before it */
export function seamOf(left: Hearing, first: number, right: Hearing): Seam {
  const apart: Seam = { left: left.tokens.length, right: 0, isShared: false };
  const overlapMs = (left.window.toMs ?? Number.NaN) - (right.window.fromMs ?? Number.NaN);
  if (Math.abs(right.window.startMs - left.window.endMs) > 1 || overlapMs <= 0) return apart;
  const isTimed = left.isTimed && right.isTimed;
  if (!isTimed && overlapMs < SHORTEST_WORD_MS) return apart;
  const most = Number.isNaN(overlapMs) ? REACH_WORDS : (overlapMs / 1000) * WORDS_A_SECOND + 2;
  const from = isTimed
    ? looseFrom(left, first)
    : Math.max(looseFrom(left, first), lastWords(left.tokens, most));
  const head = isTimed ? timedHead(right) : firstWords(right.tokens, most);
  const a = left.tokens.slice(from);
  const b = right.tokens.slice(0, head);
  if (a.length === 0 || b.length === 0) return apart;
  const edges = edgesOf(left, right);
  const steps = alignOverlap(a, b, isTimed ? timedScores(edges) : textScores(a.at(-1), b[0]));
  const trust = isTimed ? trustByTime(edges) : trustByPlace(a.length);
  const weighed = steps.map((step) => weigh(step, a, b, trust));
  const place = isTimed ? placeNear(edges.cutMs, inTime(weighed)) : placeInMiddle(weighed);
  const before = place.before.reduce(advance, {
    left: steps[0]?.left ?? a.length,
    right: steps[0]?.right ?? 0,
  });
  return { left: from + before.left, right: before.right, isShared: place.isShared };
}

function timedHead({ window, tokens }: Hearing): number {
  const head = tokens.findIndex(({ startMs }) => startMs >= window.startMs + REACH_MS);
  return head < 0 ? tokens.length : head;
}

function firstWords(tokens: readonly HeardToken[], most: number): number {
  let words = 0;
  const beyond = tokens.findIndex(({ isCharacter }) => {
    words += isCharacter ? 0.5 : 1;
    return words > most;
  });
  return beyond < 0 ? tokens.length : beyond;
}

function lastWords(tokens: readonly HeardToken[], most: number): number {
  return tokens.length - firstWords([...tokens].reverse(), most);
}

type Edges = {
  readonly cutMs: number;
  /** Where the left window's audio ends. */
  readonly leftMs: number;
  /** Where the right one's begins. */
  readonly rightMs: number;
};

function edgesOf(left: Hearing, right: Hearing): Edges {
  const cutMs = left.window.endMs;
  return {
    cutMs,
    leftMs: left.window.toMs ?? Math.max(cutMs, left.tokens.at(-1)?.endMs ?? cutMs),
    rightMs: right.window.fromMs ?? Math.min(cutMs, right.tokens[0]?.startMs ?? cutMs),
  };
}

const middleMs = ({ startMs, endMs }: HeardToken) => (startMs + endMs) / 2;

/** Equal words half a second apart are rather two; different ones at the same time are rather one. */
function timedScores({ leftMs, rightMs }: Edges): Scores {
  return {
    pair(left, right) {
      const apart = Math.abs(middleMs(left) - middleMs(right)) / 1000;
      if (left.norm === right.norm) return 1 - 1.5 * apart;
      return apart > 0.4 ? null : 0.1 + 0.3 * likeness(left.norm, right.norm) - apart;
    },
    alone: -0.15,
    isBefore: (left) => middleMs(left) <= rightMs,
    isAfter: (right) => middleMs(right) >= leftMs,
  };
}

/** Without times a word is taken for another only when an edge of the audio cut it: "04" for "042". */
function textScores(last: HeardToken | undefined, first: HeardToken | undefined): Scores {
  return {
    pair(left, right) {
      if (left.norm === right.norm) return left.isCharacter ? 0.7 : 1;
      const isPiece =
        (left === last && right.norm.startsWith(left.norm)) ||
        (right === first && left.norm.endsWith(right.norm));
      return isPiece ? 0.3 : -0.5;
    },
    alone: -0.6,
    isBefore: () => true,
    isAfter: () => true,
  };
}

/** How much a word is to be believed, 0 … 1. */
type Trust = {
  left(token: HeardToken, index: number): number;
  right(token: HeardToken, index: number): number;
};

const within = (share: number) => Math.min(1, Math.max(0.05, share));

function trustByTime({ leftMs, rightMs }: Edges): Trust {
  return {
    left: ({ endMs }) => within((leftMs - endMs) / TRUSTED_MS),
    right: ({ startMs }) => within((startMs - rightMs) / TRUSTED_MS),
  };
}

/** Without times: the outermost word is not to be trusted, the next one half; of a word and a piece of it the word. */
function trustByPlace(lefts: number): Trust {
  const whole = ({ norm }: HeardToken) => norm.length / 100;
  return {
    left: (token, index) => within((lefts - 1 - index) / 2) + whole(token),
    right: (token, index) => within(index / 2) + whole(token),
  };
}

function weigh(
  { kind, left: l, right: r }: Step,
  left: readonly HeardToken[],
  right: readonly HeardToken[],
  trust: Trust,
): WeighedStep {
  const a = kind === 'right' ? undefined : left[l];
  const b = kind === 'left' ? undefined : right[r];
  const token = a ?? b;
  return {
    kind,
    atMs: token === undefined ? Number.NaN : middleMs(token),
    left: a === undefined ? 0 : trust.left(a, l),
    right: b === undefined ? 0 : trust.right(b, r),
  };
}

function advance(
  at: { left: number; right: number },
  { kind }: WeighedStep,
): { left: number; right: number } {
  return { left: at.left + (kind === 'right' ? 0 : 1), right: at.right + (kind === 'left' ? 0 : 1) };
}
