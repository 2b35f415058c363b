import { AiError, type Transcription } from '../ai.ts';
import { TRANSCRIPTION } from './answers.ts';
import { languageCode } from './language.ts';

/** The provider tells a format by the file's name. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/webm': 'webm',
  'audio/mp4': 'm4a',
  'audio/x-m4a': 'm4a',
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
};

export function fileName(mimeType: string): string {
  const type = (mimeType.split(';')[0] ?? '').trim().toLowerCase();
  return `recording.${EXTENSIONS[type] ?? 'bin'}`;
}

/** The wire's seconds and language names as our milliseconds and codes. @throws AiError `bad_answer` */
export function toTranscription(data: unknown): Transcription {
  const parsed = TRANSCRIPTION.safeParse(data);
  if (!parsed.success) throw new AiError('bad_answer', 'transcribe: the answer is no transcription');
  const { text, words, duration, language } = parsed.data;
  const code = languageCode(language);
  return {
    text,
    ...(words === undefined ? {} : { words: words.map(toWord) }),
    ...(duration === undefined ? {} : { durationMs: Math.round(duration * 1000) }),
    ...(code === undefined ? {} : { language: code }),
  };
}

function toWord({ word, start, end }: { word: string; start: number; end: number }) {
  return {
    word: word.trim(),
    startMs: Math.round(start * 1000),
    endMs: Math.round(Math.max(start, end) * 1000),
  };
}
