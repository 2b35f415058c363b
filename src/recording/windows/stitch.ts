/**
 * From what was heard in each window to one transcript. Texts are cut at the seams (`seam.ts`) and put together as they
 * are, with their punctuation; nothing is written anew from words.
 *
 * At a word that both windows heard, the left one's letters and the right one's punctuation are taken: a provider ends
 * every window with a full stop and begins it with a capital, and both are wrong in the middle of a sentence.
 */
import { type HeardWindow, type Hearing, hearing, type TimedWord } from './heard-window.ts';
import { looseFrom, type Seam, seamOf } from './seam.ts';
import { joined, placeAfter } from './text-tokens.ts';

export type { HeardWindow, TimedWord };

export type Stitched = {
  readonly text: string;
  /** Present when every window that has a text has words; `window` is its place in what was given. */
  readonly words?: readonly (TimedWord & { readonly window: number })[];
  /** Which part of the text each window gave: offsets, end exclusive. Of equal length with what was given. */
  readonly parts: readonly { readonly from: number; readonly to: number }[];
};

/**
 * One transcript of windows in order. Where one is missing, its neighbours are put side by side as they are.
 *
 * @example stitch([{ startMs: 0, endMs: 9000, text: 'I went to.' }, { startMs: 9000, endMs: 15000, text: 'To the shop.' }])
 * // text: 'I went to the shop.'
 */
export function stitch(windows: readonly HeardWindow[]): Stitched {
  const kept = keptOf(windows.map(hearing));
  const { text, parts } = assemble(kept);
  const isTimed = kept.every(({ heard }) => heard.text.trim() === '' || heard.window.words !== undefined);
  if (!isTimed) return { text, parts };
  return { text, words: kept.flatMap(wordsOf), parts };
}

/**
 * What of these windows' text stays whatever the next one says: `stitch` of them and any more begins with it.
 *
 * @param windows from the first on, without one missing
 */
export function settledText(windows: readonly HeardWindow[]): string {
  const kept = keptOf(windows.map(hearing));
  const last = kept.at(-1);
  if (last === undefined) return '';
  const settled = until(last, looseFrom(last.heard, last.first));
  return assemble([...kept.slice(0, -1), settled]).text;
}

/** What of a window counts: tokens `first` … `end` − 1, and its text's characters `from` … `to` − 1. */
type Kept = {
  readonly heard: Hearing;
  readonly first: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
  /** Its text goes on in the middle of what is before it. */
  readonly isGlued: boolean;
};

function keptOf(hearings: readonly Hearing[]): Kept[] {
  const kept: Kept[] = [];
  for (const heard of hearings) {
    const before = kept.at(-1);
    const seam = before && seamOf(before.heard, before.first, heard);
    if (before !== undefined && seam !== undefined) kept[kept.length - 1] = endedBy(before, seam);
    kept.push(begunBy(heard, seam));
  }
  return kept;
}

function begunBy(heard: Hearing, seam: Seam | undefined): Kept {
  const { text, tokens } = heard;
  const whole = { heard, first: 0, end: tokens.length, from: 0, to: text.length, isGlued: false };
  if (seam === undefined || seam.right === 0) return whole;
  const from = seam.isShared ? (tokens[seam.right - 1]?.end ?? 0) : placeAfter(text, tokens, seam.right - 1);
  return { ...whole, first: seam.right, from, isGlued: seam.isShared };
}

function endedBy(kept: Kept, seam: Seam): Kept {
  const ended = until(kept, seam.left);
  return seam.isShared ? { ...ended, to: kept.heard.tokens[seam.left - 1]?.end ?? ended.to } : ended;
}

function until(kept: Kept, end: number): Kept {
  const { text, tokens } = kept.heard;
  const to = end === 0 && tokens.length > 0 ? 0 : placeAfter(text, tokens, end - 1);
  return { ...kept, end, to: Math.max(kept.from, to) };
}

function assemble(kept: readonly Kept[]): { text: string; parts: { from: number; to: number }[] } {
  let text = '';
  const parts = kept.map(({ heard, from, to, isGlued }) => {
    const part = heard.text.slice(from, to).trimEnd();
    const longer = isGlued ? text + part : joined(text, part);
    const start = isGlued ? text.length : longer.length - part.trimStart().length;
    text = longer;
    return { from: start, to: text.length };
  });
  return { text, parts };
}

function wordsOf({ heard, first, end }: Kept, window: number): (TimedWord & { window: number })[] {
  return (heard.window.words ?? []).flatMap((word, index) => {
    const token = heard.wordTokens[index] ?? 0;
    return token >= first && token < end ? [{ ...word, window }] : [];
  });
}
