/** How long the provider takes: the sandbox's model (src/ai/sandbox/latency.ts), and what asking twice spares. Pure. */
import { PUBLISHED_LATENCY, publishedLatency } from '../../src/ai/sandbox/latency.ts';

export type ProviderTimes = {
  /** Seconds, of a window of so much sound; a slow one is asked for twice. */
  window(soundSeconds: number): number;
  /** Likewise of a whole file, which is as long as none before it: it is not asked for twice. */
  file(soundSeconds: number): number;
  /** Seconds, of an answer of so many characters. */
  chat(characters: number): number;
};

/** The standard normal's 95th percentile. */
const Z_95 = 1.645;

export function providerTimes(seed: number): ProviderTimes {
  const model = publishedLatency(seed);
  const file = (soundSeconds: number) => model.transcription(soundSeconds * 1000) / 1000;
  const { transcriptionBaseMs, transcriptionPerMs, sigma } = PUBLISHED_LATENCY;
  // Of 95 % of windows: what slow-call.ts learns of its own calls.
  const slowAfterSeconds = (soundSeconds: number) =>
    (transcriptionBaseMs / 1000 + transcriptionPerMs * soundSeconds) * Math.exp(Z_95 * sigma);
  return {
    file,
    window(soundSeconds) {
      const first = file(soundSeconds);
      const slowAfter = slowAfterSeconds(soundSeconds);
      return first <= slowAfter ? first : Math.min(first, slowAfter + file(soundSeconds));
    },
    chat(characters) {
      const { firstTokenMs, perCharacterMs } = model.chat();
      return (firstTokenMs + characters * perCharacterMs) / 1000;
    },
  };
}
