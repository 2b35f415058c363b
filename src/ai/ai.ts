/**
 * What we ask of an AI provider: hear, write, feel, answer, see. One port; which provider answers is compose.ts's
 * choice. Every method makes one attempt (with a time-out): when to try again is decided from the event log.
 */
export interface Audio {
  readonly bytes: Uint8Array;
  /** Container type without parameters: `audio/wav`, `audio/webm`, `audio/mp4`, `audio/ogg`, `audio/mpeg`. */
  readonly mimeType: string;
  /** Its length, where the caller knows it: what it may take is judged by that. */
  readonly durationMs?: number;
}

export interface Word {
  readonly word: string;
  /** Milliseconds from the start of the audio that was sent. */
  readonly startMs: number;
  readonly endMs: number;
}

export interface Transcription {
  readonly text: string;
  /** Absent when the model gives no word times (gpt-4o-transcribe). */
  readonly words?: readonly Word[];
  /** Length of the audio by the provider's reading. */
  readonly durationMs?: number;
  /** ISO 639-1, when the provider says. */
  readonly language?: string;
}

export interface Entry {
  readonly title: string;
  readonly text: string;
}

/** One paragraph of what was said, to be polished on its own while the rest is still being spoken. */
export interface SpokenParagraph {
  readonly spoken: string;
  /** The polished paragraph before it: what it goes on from, not to be given again. */
  readonly before?: string;
  /** What pictures show that belong to this paragraph. */
  readonly imageDescriptions?: readonly string[];
  /** Change as little as can be: the answer before was not faithful. */
  readonly strict?: boolean;
}

export const EMOTIONS = [
  'joy',
  'gratitude',
  'calm',
  'hope',
  'sadness',
  'anger',
  'fear',
  'worry',
  'tiredness',
  'neutral',
] as const;
export type Emotion = (typeof EMOTIONS)[number];

export interface CallOptions {
  /** Aborts the call, which then throws the signal's own reason; the call's own time-out applies besides. */
  readonly signal: AbortSignal;
  /** For whom it is, by pseudonym: who has many calls waiting lets others go first. Not told to the provider. */
  readonly person?: string;
}

/** What the provider counts a call as. */
export type Tokens = { readonly in: number; readonly out: number };

/** Result with the provider and model that gave it (`sandbox` is never mistaken for the real thing). */
export type Answered<T> = T & {
  readonly provider: string;
  readonly model: string;
  /** Where the provider counts in tokens, and says so. */
  readonly tokens?: Tokens;
};

export interface Ai {
  transcribe(
    audio: Audio,
    options: CallOptions & { readonly prompt?: string },
  ): Promise<Answered<Transcription>>;
  /** A titled, polished entry in the speaker's language, from what was said and what the images show. */
  polish(
    input: { readonly transcript: string; readonly imageDescriptions: readonly string[] },
    options: CallOptions,
  ): Promise<Answered<Entry>>;
  /** That paragraph as it is to be read, in the speaker's language; nothing dropped, nothing added. */
  polishParagraph(input: SpokenParagraph, options: CallOptions): Promise<Answered<{ readonly text: string }>>;
  /** A title of a few words for an entry, in the entry's language. */
  title(
    input: { readonly text: string },
    options: CallOptions,
  ): Promise<Answered<{ readonly title: string }>>;
  emotion(
    transcript: string,
    options: CallOptions,
  ): Promise<Answered<{ readonly emotion: Emotion; readonly intensity: number }>>;
  /** A few warm sentences in answer to the entry. */
  feedback(transcript: string, options: CallOptions): Promise<Answered<{ readonly feedback: string }>>;
  /** One JPEG from our own store; never a URL. */
  describeImage(jpeg: Uint8Array, options: CallOptions): Promise<Answered<{ readonly description: string }>>;
}

/** The methods, as metrics, traces and those on call name them. */
export const AI_CALLS = [
  'transcribe',
  'polish',
  'polish-paragraph',
  'title',
  'emotion',
  'feedback',
  'describe-image',
] as const;
export type AiCall = (typeof AI_CALLS)[number];

/**
 * - `unavailable`: not reached, refused, 502/503/504, or our breaker is open: the provider is away.
 * - `rate_limited`: 429.
 * - `timeout`: it took longer than the call may.
 * - `server_error`: 500 and other 5xx.
 * - `bad_answer`: 200, but not what was asked for (broken JSON, schema not met).
 * - `rejected`: a 4xx that trying again cannot heal (bad audio, too large, policy).
 * - `unauthorised`: 401 or 403: our key is wrong; no attempt of this session can heal it, an operator can.
 */
export const AI_ERROR_CODES = [
  'unavailable',
  'rate_limited',
  'timeout',
  'server_error',
  'bad_answer',
  'rejected',
  'unauthorised',
] as const;
export type AiErrorCode = (typeof AI_ERROR_CODES)[number];

export class AiError extends Error {
  readonly code: AiErrorCode;
  /** From `Retry-After`, or until the breaker lets a call through; milliseconds. */
  readonly retryAfterMs?: number | undefined;
  constructor(code: AiErrorCode, message: string, retryAfterMs?: number, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
    this.name = 'AiError';
  }
}
