/**
 * Human speech, where Debian's pocketsphinx and its English model are installed: a real recogniser, real words, about
 * one in three of them wrong. The same sound gives the same words.
 */
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { HeardWord } from './dtmf/decode.ts';
import { type Span, soundingSpans } from './loudness.ts';
import { SOUND_RATE } from './sound.ts';
import { wavBytes } from './wav-file.ts';

/** Words in mono sound at SOUND_RATE, in order. The signal ends it. */
export type Recogniser = (samples: Float32Array, signal: AbortSignal) => Promise<HeardWord[]>;

/**
 * Utterance by utterance, each with its own mean spectrum. `pocketsphinx_continuous` begins each file with a mean that it
 * was given and learns the right one in some seconds, so that a window was heard worse than the same words in a long file
 * (36.6 % of the words wrong against 32.6 %, of LibriVox passages one by one and in a row; so: 29.6 % and 30.4 %).
 */
const PROGRAM = 'pocketsphinx_batch';
const LANGUAGE = '/usr/share/pocketsphinx/model/en-us';
const MODEL = `${LANGUAGE}/en-us`;
const MODEL_ARGUMENTS = [
  ...['-hmm', MODEL],
  ...['-lm', `${LANGUAGE}/en-us.lm.bin`],
  ...['-dict', `${LANGUAGE}/cmudict-en-us.dict`],
];
const WAV_HEAD_BYTES = '44';

/** It takes 0.1 to 0.7 of the sound's length on one core here, and 0.6 s to load its model. */
const TIMEOUT_MS = 60_000;
const TIMEOUT_PER_SECOND_MS = 2_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

const run = promisify(execFile);

/** Why speech cannot be recognised here; null when it can. */
export function pocketsphinxMissing(path: string = process.env.PATH ?? ''): string | null {
  if (!path.split(delimiter).some((folder) => folder !== '' && isProgram(join(folder, PROGRAM)))) {
    return 'pocketsphinx is not installed (Debian: pocketsphinx)';
  }
  return existsSync(MODEL) ? null : 'its English model is not installed (Debian: pocketsphinx-en-us)';
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export const pocketsphinx: Recogniser = async (samples, signal) => {
  const folder = await mkdtemp(join(tmpdir(), 'thankly-speech-'));
  try {
    const utterances = utterancesOf(samples);
    if (utterances.length === 0) return [];
    const [control, times] = [join(folder, 'control'), join(folder, 'times')];
    for (const [index, { startMs, endMs }] of utterances.entries()) {
      const part = samples.subarray((startMs * SOUND_RATE) / 1000, (endMs * SOUND_RATE) / 1000);
      await writeFile(join(folder, `${index}.wav`), wavBytes(part, SOUND_RATE));
    }
    await writeFile(control, utterances.map((_, index) => `${index}\n`).join(''));
    const sound = ['-adcin', 'yes', '-adchdr', WAV_HEAD_BYTES, '-cepdir', folder, '-cepext', '.wav'];
    const files = ['-ctl', control, '-ctm', times, '-logfn', '/dev/null'];
    // What is removed would be missing from the times.
    const whole = ['-remove_silence', 'no'];
    await run(PROGRAM, [...MODEL_ARGUMENTS, ...sound, ...files, ...whole], {
      timeout: Math.round(TIMEOUT_MS + (samples.length / SOUND_RATE) * TIMEOUT_PER_SECOND_MS),
      killSignal: 'SIGKILL',
      maxBuffer: MAX_OUTPUT_BYTES,
      signal,
    });
    return parseTimes(await readFile(times, 'utf8'), utterances);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** A pause that ends an utterance. */
const PAUSE_MS = 500;
/** Of what is around it, so that no sound is cut off. */
const MARGIN_MS = 200;

function utterancesOf(samples: Float32Array): Span[] {
  const allMs = Math.floor((samples.length * 1000) / SOUND_RATE);
  const utterances: { startMs: number; endMs: number }[] = [];
  for (const { startMs, endMs } of soundingSpans(samples)) {
    const last = utterances.at(-1);
    const to = Math.min(allMs, endMs + MARGIN_MS);
    if (last !== undefined && startMs - MARGIN_MS - last.endMs < PAUSE_MS - 2 * MARGIN_MS) last.endMs = to;
    else utterances.push({ startMs: Math.max(0, startMs - MARGIN_MS), endMs: to });
  }
  return utterances;
}

/**
 * Of a CTM file (NIST's), lines such as `3 1 0.35 0.37 hello(2) 0.987`: utterance, channel, start and length in seconds,
 * word, confidence. Fillers stand in <>, [] and ++.
 */
export function parseTimes(ctm: string, utterances: readonly Pick<Span, 'startMs'>[]): HeardWord[] {
  const words: HeardWord[] = [];
  for (const line of ctm.split('\n')) {
    const match = /^(\d+) \S+ (\d+\.\d+) (\d+\.\d+) (\S+)/.exec(line);
    const [, utterance, start, length, raw] = match ?? [];
    if (raw === undefined || /^[<[+]/.test(raw)) continue;
    const beginsMs = utterances[Number(utterance)]?.startMs ?? 0;
    words.push({
      word: raw.replace(/\(\d+\)$/, ''),
      startMs: beginsMs + Math.round(Number(start) * 1000),
      endMs: beginsMs + Math.round((Number(start) + Number(length)) * 1000),
    });
  }
  return words;
}
