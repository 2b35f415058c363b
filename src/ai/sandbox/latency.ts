/**
 * How long a real provider would take, for benchmarks. Drawn from published measurements; nothing here was measured by
 * us, and OpenAI publishes no figure of its own.
 *
 * - Transcription, whisper-1: round trips of 750 ms for 5 s of sound, 820 ms for 15 s, 1.1 s for 30 s and 1.8 s for 60 s
 *   (the maker of dictate.app on OpenAI against Groq, 2026); as a line 0.6 s + 0.02 s a second of sound. It agrees with
 *   1.87 s on average over 50 short clips (haozhe-li.github.io/LLM-Comparison, sttv2).
 * - Chat, gpt-4o-mini: 59 tokens a second, 46 to 70 (community.openai.com/t/1307310, 2025); 0.45 s to the first token
 *   (Artificial Analysis' median for gpt-4o, June 2026). Four characters a token is OpenAI's rule of thumb.
 * - Assumed: log-normal scatter with sigma 0.35, so that the 95th percentile is 1.8 times the median.
 */
import { mulberry32 } from './dtmf/encode.ts';

export type LatencyModel = {
  /** Milliseconds from the request to the answer. */
  transcription(soundMs: number): number;
  chat(): ChatLatency;
};

export type ChatLatency = { readonly firstTokenMs: number; readonly perCharacterMs: number };

export const noLatency: LatencyModel = {
  transcription: () => 0,
  chat: () => ({ firstTokenMs: 0, perCharacterMs: 0 }),
};

const SIGMA = 0.35;
const TRANSCRIPTION_BASE_MS = 600;
const TRANSCRIPTION_PER_MS = 0.02;
const FIRST_TOKEN_MS = 450;
const TOKENS_PER_SECOND = 59;
const CHARACTERS_PER_TOKEN = 4;

/** The same seed gives the same delays, call by call. */
export function publishedLatency(seed: number): LatencyModel {
  const random = mulberry32(seed);
  // Box–Muller.
  const scatter = () =>
    Math.exp(SIGMA * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
  return {
    transcription: (soundMs) => (TRANSCRIPTION_BASE_MS + soundMs * TRANSCRIPTION_PER_MS) * scatter(),
    chat: () => ({
      firstTokenMs: FIRST_TOKEN_MS * scatter(),
      perCharacterMs: (1000 / TOKENS_PER_SECOND / CHARACTERS_PER_TOKEN) * scatter(),
    }),
  };
}
