/** The words of the bench's own recordings: numbered ones, with a pause after each twelfth. */
import { numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { WORD_GAP_MS, WORD_MS } from '../../src/ai/sandbox/dtmf/tones.ts';

export const PAUSES = { pauseEvery: 12, pauseSeconds: 1 } as const;

/** What is said in the first milliseconds: the words whose last tone is in them. Cuts lie in the silence between words. */
export function saidIn(durationMs: number): string[] {
  const phraseMs = PAUSES.pauseEvery * WORD_MS + PAUSES.pauseSeconds * 1000;
  const phrases = Math.floor(durationMs / phraseMs);
  const rest = Math.floor((durationMs - phrases * phraseMs + WORD_GAP_MS) / WORD_MS);
  return numberedWords(phrases * PAUSES.pauseEvery + Math.min(PAUSES.pauseEvery, rest));
}
