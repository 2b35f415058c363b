/** `POST /v1/audio/transcriptions`, in the shapes of whisper-1 and gpt-4o-(mini-)transcribe. */
import { Piscina } from 'piscina';
import type { Heard } from './hear.ts';
import type { HearAnswer } from './hear-worker.ts';
import { ApiFailure } from './openai-error.ts';

const TIMED_MODELS = ['whisper-1'];
const TEXT_MODELS = ['gpt-4o-transcribe', 'gpt-4o-mini-transcribe'];
/** "Files larger than 25 MB are not supported." */
export const MAX_FILE_BYTES = 25 * 1024 * 1024;

export type Ears = {
  hear(bytes: Uint8Array): Promise<Heard>;
  close(): Promise<void>;
};

/** Two threads, as many as this is made for has cores; what waits is bounded. */
export function createEars(): Ears {
  const pool = new Piscina<Uint8Array, HearAnswer>({
    filename: new URL('./hear-worker.ts', import.meta.url).href,
    minThreads: 1,
    maxThreads: 2,
    maxQueue: 200,
    execArgv: [],
  });
  return {
    async hear(bytes) {
      const answer = await pool.run(bytes);
      if ('refused' in answer) {
        throw new ApiFailure(400, `Invalid file format. (${answer.refused})`, { param: 'file' });
      }
      return answer.heard;
    },
    close: () => pool.destroy(),
  };
}

export type TranscriptionRequest = {
  readonly file: Uint8Array;
  readonly model: string;
  readonly format: string;
  readonly words: boolean;
};

/** @throws ApiFailure for what the real one refuses */
export function readRequest(form: FormData): Promise<TranscriptionRequest> | never {
  const model = String(form.get('model') ?? '');
  const file = form.get('file');
  if (!(file instanceof Blob)) throw new ApiFailure(400, 'file is required', { param: 'file' });
  if (file.size > MAX_FILE_BYTES) {
    throw new ApiFailure(
      413,
      `Maximum content size limit (${MAX_FILE_BYTES}) exceeded (${file.size} bytes read)`,
    );
  }
  const timed = TIMED_MODELS.includes(model);
  if (!timed && !TEXT_MODELS.includes(model)) {
    throw new ApiFailure(404, `The model '${model}' does not exist`, {
      param: 'model',
      code: 'model_not_found',
    });
  }
  const format = String(form.get('response_format') ?? 'json');
  const formats = timed ? ['json', 'text', 'verbose_json'] : ['json', 'text'];
  if (!formats.includes(format)) {
    const message = `response_format '${format}' is not compatible with model '${model}'`;
    throw new ApiFailure(400, message, { param: 'response_format', code: 'unsupported_value' });
  }
  const words = form.getAll('timestamp_granularities[]').includes('word');
  return file.arrayBuffer().then((buffer) => ({ file: new Uint8Array(buffer), model, format, words }));
}

export function transcriptionAnswer(
  { model, format, words: wanted }: TranscriptionRequest,
  heard: Heard,
): string | object {
  const { text, durationMs, words, language } = heard;
  if (format === 'text') return `${text}\n`;
  const seconds = durationMs / 1000;
  const usage = TIMED_MODELS.includes(model)
    ? { type: 'duration', seconds: Math.ceil(seconds) }
    : {
        type: 'tokens',
        input_tokens: Math.ceil(seconds * 10),
        output_tokens: Math.ceil(text.length / 4),
        total_tokens: Math.ceil(seconds * 10 + text.length / 4),
      };
  const base = { text, usage, provider: 'sandbox' };
  if (format === 'json') return base;
  return {
    ...base,
    task: 'transcribe',
    language: language === 'en' ? 'english' : language,
    duration: seconds,
    ...(wanted
      ? {
          words: words.map(({ word, startMs, endMs }) => ({
            word,
            start: startMs / 1000,
            end: endMs / 1000,
          })),
        }
      : {}),
    segments:
      text === ''
        ? []
        : [
            {
              id: 0,
              seek: 0,
              start: 0,
              end: seconds,
              text,
              tokens: [],
              temperature: 0,
              avg_logprob: 0,
              compression_ratio: 1,
              no_speech_prob: 0,
            },
          ],
  };
}
