/** One request to the provider for a piece of sound, and what it answered in the recording's own time. */
import type { Answered, Transcription, Word } from '../ai/ai.ts';
import type { MediaWindow } from '../media/media.ts';
import type { StepContext } from './step.ts';

export type Heard = Answered<Transcription>;

/** Word times count from the recording's beginning. @throws AiError */
export async function hear(
  { ai, signal }: Pick<StepContext, 'ai' | 'signal'>,
  { bytes, mimeType, startMs, endMs }: MediaWindow,
  prompt?: string,
): Promise<Heard> {
  const hint = prompt === undefined ? {} : { prompt };
  const audio = { bytes, mimeType, durationMs: endMs - startMs };
  const heard = await ai.transcribe(audio, { signal, ...hint });
  return heard.words === undefined
    ? heard
    : { ...heard, words: heard.words.map((word) => shifted(word, startMs)) };
}

function shifted({ word, startMs, endMs }: Word, offsetMs: number): Word {
  return { word, startMs: startMs + offsetMs, endMs: endMs + offsetMs };
}
