/** Somebody reading (LibriVox, from Debian's pocketsphinx-testdata), over and over until it is long enough. */
import { readFileSync } from 'node:fs';
import { librivoxFile, speechMissing } from '../../test/support/librivox.ts';
import { type LongRecording, recordingOf } from '../upload/long-recording.ts';

export const PASSAGES = ['0870', '0880', '0890', '0920', '0930'] as const;
const RATE = 16_000;
const WAV_HEAD_BYTES = 44;

/** @throws Error when the recordings are not installed */
export function spokenRecording(seconds: number): Promise<LongRecording> {
  if (speechMissing() !== null) throw new Error('there is no speech: apt-get install pocketsphinx-testdata');
  const once = spokenSamples(PASSAGES);
  const samples = Float32Array.from(
    { length: Math.ceil((seconds + 1) * RATE) },
    (_, index) => once[index % once.length] ?? 0,
  );
  return recordingOf(samples);
}

/** 16,000 a second, with half a second between two passages. */
export function spokenSamples(passages: readonly string[]): Float32Array {
  const parts = passages.flatMap((passage) => [samplesOf(passage), new Float32Array(RATE / 2)]);
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function samplesOf(passage: string): Float32Array {
  const file = readFileSync(librivoxFile(passage));
  const count = Math.floor((file.length - WAV_HEAD_BYTES) / 2);
  return Float32Array.from(
    { length: count },
    (_, index) => file.readInt16LE(WAV_HEAD_BYTES + 2 * index) / 32_768,
  );
}
