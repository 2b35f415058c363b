/** `npm run sample`: writes a recording that the sandbox provider can read word by word. */
import { execFileSync } from 'node:child_process';
import { createWriteStream, renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { dtmfPieces, numberedWords } from './dtmf/encode.ts';
import { WORD_MS } from './dtmf/tones.ts';
import { pcm16, wavFileHeader } from './wav-file.ts';

const HELP = `Usage: npm run sample -- [--words 600] [--pause-every 12] [--pause-seconds 1.2] [--rate 16000] [--seed 0]
                         [--out sample.wav] [--words-out words.txt]

Writes numbered words (000, 001, …; --seed shifts the start) as DTMF tones: half a second a word, 120 words a minute.
--out ending in .webm, .ogg, .m4a or .mp4 needs ffmpeg.
`;

function fail(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

function parse() {
  try {
    return parseArgs({
      options: {
        words: { type: 'string', default: '600' },
        'pause-every': { type: 'string', default: '12' },
        'pause-seconds': { type: 'string', default: '1.2' },
        rate: { type: 'string', default: '16000' },
        seed: { type: 'string', default: '0' },
        out: { type: 'string', default: 'sample.wav' },
        'words-out': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
  }
}

const values = parse();
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

function number(name: keyof typeof values, min: number, max: number): number {
  const value = Number(values[name]);
  if (!Number.isFinite(value) || value < min || value > max)
    fail(`--${name}: a number from ${min} to ${max}`);
  return value;
}

const count = Math.round(number('words', 1, 100_000));
const rate = Math.round(number('rate', 8_000, 48_000));
const pauseEvery = Math.round(number('pause-every', 0, 100_000));
const pauseSeconds = number('pause-seconds', 0, 600);
const seed = Math.round(number('seed', 0, 999));
const words = numberedWords(count, seed);

const FFMPEG: Readonly<Record<string, readonly string[]>> = {
  '.webm': ['-c:a', 'libopus', '-b:a', '32k'],
  '.ogg': ['-c:a', 'libopus', '-b:a', '32k'],
  '.m4a': ['-c:a', 'aac', '-b:a', '64k'],
  '.mp4': ['-c:a', 'aac', '-b:a', '64k'],
};
const extension = extname(values.out).toLowerCase();
const encode = FFMPEG[extension];
if (extension !== '.wav' && encode === undefined)
  fail('--out: a name ending in .wav, .webm, .ogg, .m4a or .mp4');

/** The pieces' lengths in samples, exactly as `dtmfPieces` rounds them. */
function* sound(): Generator<Float32Array> {
  yield* dtmfPieces(words, { rate, pauseEvery, pauseSeconds, seed: seed + 1 });
}

async function writeWav(file: string): Promise<number> {
  let samples = 0;
  for (const piece of sound()) samples += piece.length;
  await pipeline(async function* () {
    yield wavFileHeader(samples, rate);
    for (const piece of sound()) yield pcm16(piece);
  }, createWriteStream(file));
  return samples / rate;
}

function convert(from: string, to: string, options: readonly string[]): void {
  try {
    execFileSync('ffmpeg', ['-y', '-loglevel', 'error', '-i', from, ...options, to], {
      timeout: 10 * 60_000,
    });
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    fail(
      absent
        ? `ffmpeg is not installed: only .wav can be written without it (Debian: apt-get install ffmpeg)`
        : 'ffmpeg could not convert the recording',
    );
  } finally {
    rmSync(from, { force: true });
  }
}

const wav = `${values.out}.part`;
try {
  const seconds = await writeWav(wav);
  if (encode === undefined) renameSync(wav, values.out);
  else convert(wav, values.out, encode);
  if (values['words-out'] !== undefined) writeFileSync(values['words-out'], `${words.join(' ')}\n`);
  process.stdout.write(
    `${values.out}: ${count} words (${words[0]} to ${words.at(-1)}, ${1000 / WORD_MS} a second), ${seconds.toFixed(1)} s\n`,
  );
} catch (error) {
  rmSync(wav, { force: true });
  fail(`${values.out} cannot be written: ${(error as NodeJS.ErrnoException).code ?? error}`);
}
