/** Word error of real speech, heard in windows and as a whole, by the same recogniser. */
import { readFileSync } from 'node:fs';
import { mulberry32 } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { LIBRIVOX, speechMissing } from '../../test/support/librivox.ts';
import { wordErrorRate } from '../../test/support/word-error-rate.ts';
import type { HearingApplication } from '../stop-to-text/hearing-application.ts';
import { words } from '../stop-to-text/joints-table.ts';
import { shuffled } from '../stop-to-text/shuffled.ts';
import { PASSAGES, spokenSamples } from '../stop-to-text/spoken.ts';
import { verdict } from '../support/eventlog-figures.ts';
import type { BenchTable } from '../table.ts';
import { levelsOf } from '../upload/long-recording.ts';
import { joined } from './draw-recording.ts';
import { hearRecording } from './hear-recording.ts';

const RATE = 16_000;
const HEAD_BYTES = 44;
const CHUNK_MS = 5_000;
const GOAL_POINTS = 1;
/** The passages in so many orders, drawn: the joints fall on other words. */
const ORDERS = { few: 4, many: 28 } as const;
const MOST_PAUSE_MS = 2_500;
/** Of what is always there, −60 dBFS. */
const NOISE = 0.001;
const FEW = 200;

export async function speechTable(
  inWindows: HearingApplication,
  whole: HearingApplication,
  count: number,
): Promise<BenchTable | null> {
  if (speechMissing() !== null) return null;
  const rows: string[][] = [];
  const errors = { windows: 0, whole: 0, words: 0 };
  const random = mulberry32(1);
  const orders = count < FEW ? ORDERS.few : ORDERS.many;
  for (let order = 0; order < orders; order += 1) {
    const passages = shuffled(PASSAGES, random);
    const said = passages.flatMap((passage) => readText(passage));
    const samples = withNoise(
      joined(passages.flatMap((passage) => [spokenSamples([passage]), pause(random)])),
      random,
    );
    const about = [passages.join(', '), `${(samples.length / RATE).toFixed(0)} s`, String(said.length)];
    try {
      const a = await wordError(inWindows, samples, said, CHUNK_MS);
      const b = await wordError(whole, samples, said, Number.POSITIVE_INFINITY);
      errors.windows += a * said.length;
      errors.whole += b * said.length;
      errors.words += said.length;
      rows.push([...about, percent(a), percent(b), '', '']);
    } catch (error) {
      process.stderr.write(`  ${about.join('; ')}: ${String(error)}\n`);
      rows.push([...about, 'not heard', '', '', verdict(false)]);
    }
  }
  const [a, b] = [errors.windows / errors.words, errors.whole / errors.words];
  const points = (a - b) * 100;
  return {
    title: 'Real speech: word error in windows and as a whole',
    intro: `LibriVox recordings from Debian’s pocketsphinx-testdata, one after the other with pauses of 0.5 to ${(500 + MOST_PAUSE_MS) / 1000} s between and noise of −60 dBFS, in ${orders} orders, as a WAV in chunks of ${CHUNK_MS / 1000} s with its levels; heard by pocketsphinx, which misses every fourth word or so of a whole file, too.`,
    columns: ['passages', 'length', 'words', 'in windows', 'whole file', 'goal', ''],
    rows: [
      ...rows,
      [
        'all',
        '',
        String(errors.words),
        percent(a),
        percent(b),
        `at most ${GOAL_POINTS} point more`,
        verdict(points <= GOAL_POINTS),
      ],
    ],
  };
}

/** Half a second is there already. */
function pause(random: () => number): Float32Array {
  return new Float32Array(Math.round(random() * MOST_PAUSE_MS) * (RATE / 1000));
}

/** No microphone gives zeros, and the recogniser is led astray by a file that begins with some. */
function withNoise(samples: Float32Array, random: () => number): Float32Array {
  return samples.map((sample) => sample + (random() * 2 - 1) * NOISE);
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** @param chunkMs Infinity: in one piece */
async function wordError(
  application: HearingApplication,
  samples: Float32Array,
  said: readonly string[],
  chunkMs: number,
): Promise<number> {
  const file = wavBytes(samples, RATE);
  // Of a file in one piece nobody asks for levels, and more than a minute's are refused.
  const levels = Number.isFinite(chunkMs) ? levelsOf(samples, RATE) : [];
  const durationMs = Math.floor((samples.length * 1000) / RATE);
  const ends: number[] = [];
  for (let at = chunkMs; at < durationMs; at += chunkMs) ends.push(at);
  ends.push(durationMs);
  const byteAt = (milliseconds: number) => HEAD_BYTES + (milliseconds * RATE * 2) / 1000;
  const chunks = ends.map((endMs, index) => {
    const startMs = ends[index - 1] ?? 0;
    const last = endMs === durationMs ? undefined : byteAt(endMs);
    const bytes = new Uint8Array(file.subarray(index === 0 ? 0 : byteAt(startMs), last));
    return { bytes, startMs, endMs, levels: levels.slice(startMs / 100, endMs / 100) };
  });
  const format = { mimeType: 'audio/wav', mode: 'stream' } as const;
  const { transcript } = await hearRecording(application, chunks, format);
  return wordErrorRate(said, words(transcript));
}

/** `<s> he was not an ill disposed young man </s> (…-0880)` */
function readText(passage: string): string[] {
  const lines = readFileSync(`${LIBRIVOX}/transcription`, 'utf8').split('\n');
  const line = lines.find((each) => each.includes(`-${passage})`)) ?? '';
  return words(line.replace(/<\/?s>|\(.*\)/g, ''));
}
