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

export const PUBLISHED_LATENCY = {
  /** Of the logarithm, of each draw. */
  sigma: 0.35,
  /** Medians. */
  transcriptionBaseMs: 600,
  transcriptionPerMs: 0.02,
  firstTokenMs: 450,
  tokensPerSecond: 59,
  charactersPerToken: 4,
} as const;

/** The same seed gives the same delays, call by call. */
export function publishedLatency(seed: number): LatencyModel {
  const {
    sigma,
    transcriptionBaseMs,
    transcriptionPerMs,
    firstTokenMs,
    tokensPerSecond,
    charactersPerToken,
  } = PUBLISHED_LATENCY;
  const random = mulberry32(seed);
  // Box–Muller.
  const scatter = () =>
    Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
  return {
    transcription: (soundMs) => (transcriptionBaseMs + soundMs * transcriptionPerMs) * scatter(),
    chat: () => ({
      firstTokenMs: firstTokenMs * scatter(),
      perCharacterMs: (1000 / tokensPerSecond / charactersPerToken) * scatter(),
    }),
  };
}
