/** `POST /v1/audio/transcriptions`, in the shapes of whisper-1 and gpt-4o-(mini-)transcribe. */
import type { HeardWord } from './dtmf/decode.ts';
import type { Heard } from './ears.ts';
import { ApiFailure } from './openai-error.ts';

const TIMED_MODEL = 'whisper-1';
const TEXT_MODEL = /^gpt-4o(-mini)?-transcribe(-\d{4}-\d{2}-\d{2})?$/;
/** "Files larger than 25 MB are not supported": 26214400 in the message of its 413. */
export const MAX_FILE_BYTES = 25 * 1024 * 1024;

export type TranscriptionRequest = {
  readonly file: Blob;
  readonly model: string;
  readonly format: 'json' | 'text' | 'verbose_json';
  readonly words: boolean;
  readonly segments: boolean;
};

/** @throws ApiFailure for what the real one refuses */
export function readTranscriptionRequest(form: FormData): TranscriptionRequest {
  const file = form.get('file');
  if (!(file instanceof Blob)) throw invalid('file', 'Missing required parameter: file.');
  if (file.size > MAX_FILE_BYTES) throw tooLarge(file.size);
  const model = textField(form, 'model');
  if (model === undefined) throw invalid('model', 'you must provide a model parameter');
  if (model !== TIMED_MODEL && !TEXT_MODEL.test(model)) {
    const message = `The model '${model}' does not exist or you do not have access to it.`;
    throw new ApiFailure(404, message, { param: 'model', code: 'model_not_found' });
  }
  const granularities = form.getAll('timestamp_granularities[]');
  const unknown = granularities.find((value) => value !== 'word' && value !== 'segment');
  if (unknown !== undefined) {
    throw invalid(
      'timestamp_granularities[]',
      `Invalid value: '${unknown}'. Supported: 'word' and 'segment'.`,
    );
  }
  return {
    file,
    model,
    format: readFormat(form, model),
    words: granularities.includes('word'),
    segments: granularities.length === 0 || granularities.includes('segment'),
  };
}

export function tooLarge(bytes: number): ApiFailure {
  return new ApiFailure(413, `Maximum content size limit (${MAX_FILE_BYTES}) exceeded (${bytes} bytes read)`);
}

function readFormat(form: FormData, model: string): TranscriptionRequest['format'] {
  const format = textField(form, 'response_format') ?? 'json';
  const timed = model === TIMED_MODEL;
  if (format === 'json' || format === 'text' || (format === 'verbose_json' && timed)) return format;
  const supported = timed ? "'json', 'text' or 'verbose_json' (the sandbox)" : "'json' or 'text'";
  throw new ApiFailure(
    400,
    `response_format '${format}' is not compatible with model '${model}'. Use ${supported} instead.`,
    { param: 'response_format', code: 'unsupported_value' },
  );
}

function textField(form: FormData, name: string): string | undefined {
  const value = form.get(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function invalid(param: string, message: string): ApiFailure {
  return new ApiFailure(400, message, { param });
}

/** A string when plain text was asked for, otherwise the JSON answer. */
export function transcriptionAnswer(request: TranscriptionRequest, heard: Heard): string | object {
  const { text, durationMs, words } = heard;
  if (request.format === 'text') return `${text}\n`;
  const answer = { text, usage: usage(request.model, heard) };
  if (request.format === 'json') return answer;
  return {
    task: 'transcribe',
    language: 'english',
    duration: durationMs / 1000,
    ...answer,
    ...(request.words ? { words: words.map(timed) } : {}),
    ...(request.segments ? { segments: spokenTogether(words).map(segment) } : {}),
  };
}

/** whisper-1 is billed by the second; the others by tokens, ten a second of sound and four characters each. */
function usage(model: string, { text, durationMs }: Heard): object {
  const seconds = durationMs / 1000;
  if (model === TIMED_MODEL) return { type: 'duration', seconds: Math.ceil(seconds) };
  const input = Math.ceil(seconds * 10);
  const output = Math.ceil(text.length / 4);
  return {
    type: 'tokens',
    input_tokens: input,
    input_token_details: { text_tokens: 0, audio_tokens: input },
    output_tokens: output,
    total_tokens: input + output,
  };
}

function timed({ word, startMs, endMs }: HeardWord): object {
  return { word, start: startMs / 1000, end: endMs / 1000 };
}

const SEGMENT_PAUSE_MS = 700;

/** Words up to a pause. */
function spokenTogether(words: readonly HeardWord[]): HeardWord[][] {
  const segments: HeardWord[][] = [];
  for (const word of words) {
    const current = segments.at(-1);
    const before = current?.at(-1);
    if (current === undefined || before === undefined || word.startMs - before.endMs > SEGMENT_PAUSE_MS)
      segments.push([word]);
    else current.push(word);
  }
  return segments;
}

function segment(words: readonly HeardWord[], id: number): object {
  return {
    id,
    seek: 0,
    start: (words[0]?.startMs ?? 0) / 1000,
    end: (words.at(-1)?.endMs ?? 0) / 1000,
    text: ` ${words.map(({ word }) => word).join(' ')}`,
    tokens: [],
    temperature: 0,
    avg_logprob: 0,
    compression_ratio: 1,
    no_speech_prob: 0,
  };
}
