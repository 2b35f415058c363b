/** `npm run sample`: writes a recording that the sandbox provider can read word by word. */
import { execFileSync } from 'node:child_process';
import { createWriteStream, renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { dtmfPieces, numberedWords } from './dtmf/encode.ts';
import { pcm16, wavFileHeader } from './wav-file.ts';

const HELP = `Usage: npm run sample -- [--words 600] [--pause-every 12] [--pause-seconds 1.2] [--rate 16000] [--seed 0]
                         [--out sample.wav] [--words-out words.txt]

Writes numbered words (000, 001, …; --seed shifts the start) as DTMF tones: half a second a word, 120 words a minute.
--out ending in .webm, .ogg (both Opus), .m4a or .mp4 (both AAC) needs ffmpeg.
--words-out writes the words as text, to compare a transcript with.
`;

/** By the ending of --out; ffmpeg's options. */
const ENCODINGS: Readonly<Record<string, readonly string[]>> = {
  '.webm': ['-c:a', 'libopus', '-b:a', '32k', '-f', 'webm'],
  '.ogg': ['-c:a', 'libopus', '-b:a', '32k', '-f', 'ogg'],
  '.m4a': ['-c:a', 'aac', '-b:a', '64k', '-f', 'mp4'],
  '.mp4': ['-c:a', 'aac', '-b:a', '64k', '-f', 'mp4'],
};
const FFMPEG_TIMEOUT_MS = 10 * 60_000;

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

function number(
  name: 'words' | 'pause-every' | 'pause-seconds' | 'rate' | 'seed',
  min: number,
  max: number,
): number {
  const value = Number(values[name]);
  const fraction = name === 'pause-seconds';
  if (
    values[name].trim() === '' ||
    !(value >= min && value <= max) ||
    (!fraction && !Number.isInteger(value))
  )
    fail(`--${name}: a ${fraction ? '' : 'whole '}number from ${min} to ${max}`);
  return value;
}

const { out } = values;
const rate = number('rate', 8_000, 48_000);
const seed = number('seed', 0, 999);
const words = numberedWords(number('words', 1, 100_000), seed);
const pauses = {
  pauseEvery: number('pause-every', 0, 100_000),
  pauseSeconds: number('pause-seconds', 0, 600),
};
const extension = extname(out).toLowerCase();
const encoding = ENCODINGS[extension];
if (extension !== '.wav' && encoding === undefined)
  fail('--out: a name ending in .wav, .webm, .ogg, .m4a or .mp4');

const sound = () => dtmfPieces(words, { rate, ...pauses, seed: seed + 1 });

/** Twice over the same sound, because the header comes first and says how long it is; nothing is kept. */
async function writeWav(file: string): Promise<number> {
  let samples = 0;
  for (const piece of sound()) samples += piece.length;
  await pipeline(async function* () {
    yield wavFileHeader(samples, rate);
    for (const piece of sound()) yield pcm16(piece);
  }, createWriteStream(file));
  return samples / rate;
}

function ffmpeg(args: readonly string[]): void {
  try {
    execFileSync('ffmpeg', ['-loglevel', 'error', ...args], { timeout: FFMPEG_TIMEOUT_MS, stdio: 'pipe' });
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Error(
      absent
        ? 'ffmpeg is not installed: only .wav can be written without it (Debian: apt-get install ffmpeg)'
        : 'ffmpeg could not convert the recording',
    );
  }
}

// Under other names until they are whole: what carries the asked name can be used.
const wav = `${out}.wav.part`;
const encoded = `${out}.part`;
try {
  if (encoding !== undefined) ffmpeg(['-version']);
  const seconds = await writeWav(wav);
  if (encoding === undefined) renameSync(wav, out);
  else {
    ffmpeg(['-y', '-i', wav, ...encoding, encoded]);
    renameSync(encoded, out);
  }
  if (values['words-out'] !== undefined) writeFileSync(values['words-out'], `${words.join(' ')}\n`);
  process.stdout.write(
    `${out}: ${words.length} words, ${words[0]} to ${words.at(-1)}, in ${seconds.toFixed(1)} s\n`,
  );
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  process.stderr.write(`${out} cannot be written: ${code ?? message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(wav, { force: true });
  rmSync(encoded, { force: true });
}
