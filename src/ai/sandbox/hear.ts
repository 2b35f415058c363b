/**
 * What is heard in a file: DTMF words; otherwise human speech, if a recogniser is installed; otherwise it says that
 * there is speech that it cannot read. It never invents words; silence is silence.
 */

import { decodeAudio } from './decode-audio.ts';
import { DTMF_RATE, decodeDtmf, type HeardWord } from './dtmf/decode.ts';
import { pocketsphinxMissing, recognise, SPEECH_RATE } from './pocketsphinx.ts';
import { resample } from './resample.ts';

export type Heard = {
  readonly text: string;
  readonly words: readonly HeardWord[];
  readonly durationMs: number;
  readonly language: string;
};

const FRAME_MS = 30;
/** RMS of a frame that counts as sound. */
const SOUND = 10 ** (-42 / 20);
/** Less sound than this is a click. */
const MIN_SPEECH_MS = 150;

/** @throws MediaError when it is not audio that can be opened */
export async function hear(bytes: Uint8Array): Promise<Heard> {
  const { samples, rate } = await decodeAudio(bytes);
  const durationMs = (samples.length / rate) * 1000;
  const tones = decodeDtmf(resample(samples, rate, DTMF_RATE));
  const soundMs = milliseconds(samples, rate);
  const toneMs = tones.reduce((sum, { word }) => sum + word.length * 60, 0);
  // A stray pair of tones in a minute of speech is not a DTMF recording.
  if (tones.length > 0 && toneMs > soundMs * 0.4) return answer(tones, durationMs);
  if (soundMs < MIN_SPEECH_MS) return { text: '', words: [], durationMs, language: 'en' };
  if (pocketsphinxMissing() === null)
    return answer(await recognise(resample(samples, rate, SPEECH_RATE)), durationMs);
  const seconds = (soundMs / 1000).toFixed(1);
  const text = `[speech, ${seconds} s: set OPENAI_API_KEY, or install pocketsphinx, to read it]`;
  return { text, words: [{ word: text, startMs: 0, endMs: durationMs }], durationMs, language: 'en' };
}

function answer(words: readonly HeardWord[], durationMs: number): Heard {
  return { text: words.map(({ word }) => word).join(' '), words, durationMs, language: 'en' };
}

/** How much of it is sound, in milliseconds. */
function milliseconds(samples: Float32Array, rate: number): number {
  const frame = Math.round((rate * FRAME_MS) / 1000);
  let sounding = 0;
  for (let at = 0; at + frame <= samples.length; at += frame) {
    let energy = 0;
    for (let i = at; i < at + frame; i++) energy += (samples[i] ?? 0) ** 2;
    if (Math.sqrt(energy / frame) > SOUND) sounding += FRAME_MS;
  }
  return sounding;
}
