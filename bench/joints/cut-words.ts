/**
 * Words of which a tone lies across two files. The end of the one file and the beginning of the next are filled up by
 * their encoders, so in the recording as a whole such a tone has a hole of 7 to 26 ms (Opus) or 21 to 43 ms (AAC). A
 * receiver must bear 10 ms, and take 40 ms for a pause between two digits (ITU-T Q.24); in between it hears one or two, as
 * its blocks happen to fall. A word is *spoiled* when the joined file says so itself: heard from beginnings a quarter of
 * a millisecond apart, it is not right each time. No window can mend that; but what it makes of the word must be what the
 * joined file makes of it from one of these beginnings.
 */
import { decodeAudio } from '../../src/ai/sandbox/decode-audio.ts';
import { DTMF_RATE, decodeDtmf, type HeardWord } from '../../src/ai/sandbox/dtmf/decode.ts';
import { resample } from '../../src/ai/sandbox/resample.ts';
import { SOUND_RATE } from '../../src/ai/sandbox/sound.ts';
import { type WordErrors, wordErrors } from '../stop-to-text/word-errors.ts';
import type { DrawnRecording } from './draw-recording.ts';

export type Judged = {
  /** Of what was heard in windows, without the spoiled words. */
  readonly errors: WordErrors;
  readonly cut: number;
  readonly spoiled: number;
  /** How many words of what is spoiled were heard otherwise: in windows, and in the joined file from its beginning. */
  readonly spoiledInWindows: number;
  readonly spoiledInWhole: number;
};

/** Words that follow one another: `from` … `to` − 1. */
type Run = { readonly from: number; readonly to: number };

/** A receiver's blocks begin 4 ms apart; in samples. */
const BLOCKS_APART = DTMF_RATE / 250;
/** A quarter of a millisecond. */
const STEP = DTMF_RATE / 4_000;
const BEGINNINGS = BLOCKS_APART / STEP;
/** Each of a word's three digits by itself, and one of them twice. */
const MOST_PIECES = 4;
const MARGIN_MS = 50;

/** @param joined the whole recording as one file */
export async function judge(
  { words: said, cutWords }: Pick<DrawnRecording, 'words' | 'cutWords'>,
  heard: readonly string[],
  joined: () => Promise<Uint8Array>,
): Promise<Judged> {
  const runs = runsOf(cutWords);
  const none = { cut: 0, spoiled: 0, spoiledInWindows: 0, spoiledInWhole: 0 };
  if (runs.length === 0) return { ...none, errors: wordErrors(said, heard) };
  const sound = resample(await decodeAudio(await joined()), SOUND_RATE, DTMF_RATE);
  const whole = decodeDtmf(sound);
  let mended = heard;
  let [spoiled, spoiledInWindows, spoiledInWhole] = [0, 0, 0];
  for (const run of runs) {
    const inWhole = hearingsAround(run, said, whole, sound).map((each) => inPlaceOf(run, said, each));
    if (inWhole.every((each) => wrongIn(run, said, each) === 0)) continue;
    spoiled += run.to - run.from;
    spoiledInWhole += wrongIn(run, said, inWhole[0]);
    const inWindows = inPlaceOf(run, said, mended);
    if (inWindows === null || !inWhole.some((each) => each?.join(' ') === inWindows.join(' '))) continue;
    spoiledInWindows += wrongIn(run, said, inWindows);
    mended = withSaid(run, said, mended);
  }
  const cut = new Set(cutWords).size;
  return { errors: wordErrors(said, mended), cut, spoiled, spoiledInWindows, spoiledInWhole };
}

function runsOf(places: readonly number[]): Run[] {
  const runs: { from: number; to: number }[] = [];
  for (const place of new Set(places)) {
    const last = runs.at(-1);
    if (last?.to === place) last.to += 1;
    else runs.push({ from: place, to: place + 1 });
  }
  return runs;
}

/** What was heard between the word before and the one after. Null: those two are not there, one behind the other. */
function inPlaceOf(run: Run, said: readonly string[], heard: readonly string[]): readonly string[] | null {
  const { from, to } = run;
  const start = startOf(run, said, heard);
  if (from > 0 && start === 0) return null;
  const pieces = heard.slice(start, start + MOST_PIECES * (to - from) + 1);
  // The last: of "587" a digit twice and the others are "588 7", and "588" is the word after, too.
  const end = to === said.length ? pieces.length : pieces.lastIndexOf(said[to] ?? '');
  return end < 0 ? null : pieces.slice(0, end);
}

/** Each word is said once in a recording. */
function startOf({ from }: Run, said: readonly string[], heard: readonly string[]): number {
  return from === 0 ? 0 : heard.indexOf(said[from - 1] ?? '') + 1;
}

function withSaid(run: Run, said: readonly string[], heard: readonly string[]): readonly string[] {
  const start = startOf(run, said, heard);
  const instead = inPlaceOf(run, said, heard)?.length ?? 0;
  return [...heard.slice(0, start), ...said.slice(run.from, run.to), ...heard.slice(start + instead)];
}

function wrongIn({ from, to }: Run, said: readonly string[], heard: readonly string[] | null = []): number {
  const { lost, doubled, wrong } = wordErrors(said.slice(from, to), heard ?? []);
  return lost + doubled + wrong;
}

/**
 * From the word before to the word after, from each beginning; the first is how the joined file is heard from its own.
 * None when those two are not heard in it: then nothing is held against it.
 */
function hearingsAround(
  { from, to }: Run,
  said: readonly string[],
  whole: readonly HeardWord[],
  sound: Float32Array,
): string[][] {
  const before = whole.find(({ word }) => word === said[from - 1]);
  const after = whole.findLast(({ word }) => word === said[to]);
  if ((from > 0 && before === undefined) || (to < said.length && after === undefined)) return [];
  const blockAt = (ms: number) =>
    Math.max(0, Math.floor((ms * DTMF_RATE) / 1000 / BLOCKS_APART)) * BLOCKS_APART;
  const start = before === undefined ? 0 : blockAt(before.startMs - MARGIN_MS);
  const end = after === undefined ? sound.length : blockAt(after.endMs + MARGIN_MS);
  return Array.from({ length: BEGINNINGS }, (_, index) =>
    decodeDtmf(sound.subarray(start + index * STEP, end)).map(({ word }) => word),
  );
}
