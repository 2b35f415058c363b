/** What a file holds: tones (then their words), sound that must be speech (then its samples), or nothing. */
import { decodeAudio } from './decode-audio.ts';
import { DTMF_RATE, decodeDtmf, type HeardWord } from './dtmf/decode.ts';
import { overlapMs, soundingSpans, totalMs } from './loudness.ts';
import { resample } from './resample.ts';
import { SOUND_RATE } from './sound.ts';

export type Listened = {
  readonly durationMs: number;
  /** DTMF words; none when it is speech or silence. */
  readonly words: readonly HeardWord[];
  /** Set when something sounds that is not DTMF. */
  readonly speech?: { readonly soundingMs: number; readonly samples: Float32Array };
};

/** Digits are heard a little short of the sound that they are, and words are bridged over their pauses. */
const WORD_MARGIN_MS = 150;
/** Tones that make up less of the sound than this are chance finds in speech, not a DTMF recording. */
const DTMF_SHARE = 0.5;

/** @throws MediaError when it is not audio that can be opened, SoundTooLong */
export async function listen(bytes: Uint8Array): Promise<Listened> {
  const samples = await decodeAudio(bytes);
  const durationMs = (samples.length / SOUND_RATE) * 1000;
  const sounding = soundingSpans(samples);
  const words = decodeDtmf(resample(samples, SOUND_RATE, DTMF_RATE));
  const soundingMs = totalMs(sounding);
  if (words.length > 0) {
    // In steady noise nothing stands out but the tones; then the tones alone decide.
    const covered = overlapMs(sounding, widened(words));
    if (covered >= DTMF_SHARE * soundingMs) return { durationMs, words };
  }
  return soundingMs === 0
    ? { durationMs, words: [] }
    : { durationMs, words: [], speech: { soundingMs, samples } };
}

function widened(words: readonly HeardWord[]): { startMs: number; endMs: number }[] {
  const spans: { startMs: number; endMs: number }[] = [];
  for (const word of words) {
    const startMs = Math.max(word.startMs - WORD_MARGIN_MS, spans.at(-1)?.endMs ?? 0);
    spans.push({ startMs, endMs: word.endMs + WORD_MARGIN_MS });
  }
  return spans;
}
