/**
 * Human speech, where Debian's pocketsphinx and its English model are installed: a real recogniser, real words, about
 * one in three of them wrong. The same sound gives the same words.
 */
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { HeardWord } from './dtmf/decode.ts';
import { SOUND_RATE } from './sound.ts';
import { wavBytes } from './wav-file.ts';

/** Words in mono sound at SOUND_RATE, in order. The signal ends it. */
export type Recogniser = (samples: Float32Array, signal: AbortSignal) => Promise<HeardWord[]>;

const PROGRAM = 'pocketsphinx_continuous';
const MODEL = '/usr/share/pocketsphinx/model/en-us/en-us';

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
    const file = join(folder, 'speech.wav');
    await writeFile(file, wavBytes(samples, SOUND_RATE));
    const { stdout } = await run(PROGRAM, ['-infile', file, '-time', 'yes', '-logfn', '/dev/null'], {
      timeout: TIMEOUT_MS + (samples.length / SOUND_RATE) * TIMEOUT_PER_SECOND_MS,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_OUTPUT_BYTES,
      signal,
    });
    return parseTimes(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Lines such as `hello(2) 0.350 0.720 0.987`: word, start and end in seconds, confidence; fillers in <>, [] and ++. */
export function parseTimes(output: string): HeardWord[] {
  const words: HeardWord[] = [];
  for (const line of output.split('\n')) {
    const match = /^(\S+) (\d+\.\d+) (\d+\.\d+) \d+\.\d+/.exec(line);
    const [, raw, start, end] = match ?? [];
    if (raw === undefined || /^[<[+]/.test(raw)) continue;
    words.push({
      word: raw.replace(/\(\d+\)$/, ''),
      startMs: Math.round(Number(start) * 1000),
      endMs: Math.round(Number(end) * 1000),
    });
  }
  return words;
}
