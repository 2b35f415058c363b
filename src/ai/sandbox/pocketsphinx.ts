/**
 * Human speech, where Debian's pocketsphinx and its English model are installed: a real recogniser, real words, about
 * one in three of them wrong. The same sound gives the same words.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HeardWord } from './dtmf/decode.ts';
import { wavBytes } from './wav-file.ts';

const PROGRAM = '/usr/bin/pocketsphinx_continuous';
const MODEL = '/usr/share/pocketsphinx/model/en-us/en-us';
export const SPEECH_RATE = 16_000;

/** Speech is recognised at about a tenth to half of its length on one core. */
const TIMEOUT_MS = 15 * 60_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

const run = promisify(execFile);

export function pocketsphinxMissing(): string | null {
  if (!existsSync(PROGRAM)) return 'pocketsphinx is not installed (Debian: pocketsphinx)';
  return existsSync(MODEL) ? null : 'its English model is not installed (Debian: pocketsphinx-en-us)';
}

/** @param samples mono, 16 kHz */
export async function recognise(samples: Float32Array): Promise<HeardWord[]> {
  const folder = await mkdtemp(join(tmpdir(), 'thankly-speech-'));
  try {
    const file = join(folder, 'speech.wav');
    await writeFile(file, wavBytes(samples, SPEECH_RATE));
    const { stdout } = await run(PROGRAM, ['-infile', file, '-time', 'yes', '-logfn', '/dev/null'], {
      timeout: TIMEOUT_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
    });
    return parseTimes(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lines such as `hello(2) 0.350 0.720 0.987`: word, start and end in seconds, confidence; fillers in <> and []. */
export function parseTimes(output: string): HeardWord[] {
  const words: HeardWord[] = [];
  for (const line of output.split('\n')) {
    const match = /^(\S+) (\d+\.\d+) (\d+\.\d+) \d+\.\d+/.exec(line);
    const [, raw, start, end] = match ?? [];
    if (raw === undefined || /^[<[+]/.test(raw)) continue;
    words.push({
      word: raw.replace(/\(\d+\)$/, ''),
      startMs: Number(start) * 1000,
      endMs: Number(end) * 1000,
    });
  }
  return words;
}
