/**
 * How long a real provider would take, for benchmarks. Published figures, and where they end, our assumptions:
 * - Transcription: OpenAI gives no figure for whisper-1; independent measurements (Artificial Analysis, "Speech to
 *   Text", 2025) put it at about 30 times real time, i.e. 0.033 s a second of audio. Assumed: 0.6 s besides, for
 *   queue and set-up.
 * - Chat: gpt-4o-mini at about 0.5 s to the first token and 80 tokens a second (Artificial Analysis, 2025); four
 *   characters a token (OpenAI's tokenizer page).
 * - Assumed: log-normal scatter with sigma 0.35, so that the 95th percentile is 1.8 times the median.
 */
import { mulberry32 } from './dtmf/encode.ts';

export type LatencyModel = {
  /** Milliseconds. */
  transcription(audioMs: number): number;
  chat(answerCharacters: number): number;
};

export const noLatency: LatencyModel = { transcription: () => 0, chat: () => 0 };

const SIGMA = 0.35;

export function publishedLatency(seed: number): LatencyModel {
  const random = mulberry32(seed);
  // Box–Muller.
  const scatter = () =>
    Math.exp(SIGMA * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
  return {
    transcription: (audioMs) => (600 + audioMs / 30) * scatter(),
    chat: (characters) => (500 + (characters / 4 / 80) * 1000) * scatter(),
  };
}
