/** The AI port on OpenAI's wire: OpenAI itself, any server compatible with it, and our sandbox. One attempt a call. */
import OpenAI, { toFile } from 'openai';
import type { ChatCompletionContentPart } from 'openai/resources/chat/completions';
import { type Ai, AiError, type Answered, type CallOptions } from '../ai.ts';
import { EMOTION, ENTRY, FEEDBACK, IMAGE_DESCRIPTION, PARAGRAPH, type Question, TITLE } from './answers.ts';
import { boundedFetch, type Fetch } from './bounded-fetch.ts';
import { answerOf } from './completion.ts';
import { toAiError } from './openai-errors.ts';
import * as prompts from './prompts.ts';
import { chatTimeout, DEFAULT_TIMEOUTS, type Timeouts, transcribeTimeout } from './timeouts.ts';
import { fileName, toTranscription } from './transcription.ts';
import { usedTokens } from './used-tokens.ts';

export const OPENAI_URL = 'https://api.openai.com/v1';

export interface OpenAiOptions {
  readonly apiKey: string;
  /** With its version path; default `OPENAI_URL`. */
  readonly baseUrl?: string | undefined;
  readonly models?: Partial<Models> | undefined;
  readonly timeouts?: Timeouts | undefined;
  readonly fetch?: Fetch | undefined;
  /** What results are marked with (default `openai`); a server that says it is the sandbox is marked so regardless. */
  readonly providerName?: string | undefined;
}

export interface Models {
  /** `whisper-1` gives word times; gpt-4o-transcribe and its like text only. */
  readonly transcribe: string;
  readonly chat: string;
  readonly image: string;
}

const DEFAULT_MODELS: Models = { transcribe: 'whisper-1', chat: 'gpt-4o-mini', image: 'gpt-4o-mini' };

/** Ten minutes with a time for each word are 300 kB of JSON. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

type Material = {
  readonly transcript: string;
  readonly before?: string;
  readonly imageDescriptions?: readonly string[];
};
type Limits = CallOptions & { readonly timeoutMs: number };

export function createOpenAi(options: OpenAiOptions): Ai {
  const models = { ...DEFAULT_MODELS, ...options.models };
  const timeouts = options.timeouts ?? DEFAULT_TIMEOUTS;
  const client = new OpenAI({
    apiKey: options.apiKey,
    baseURL: options.baseUrl ?? OPENAI_URL,
    // The client would take these from the environment: what is for OpenAI must not reach another base URL.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    // When to try again is decided from the event log.
    maxRetries: 0,
    logLevel: 'off',
    fetch: boundedFetch(options.fetch ?? fetch, MAX_ANSWER_BYTES),
  });
  const providerOf = (response: Response) =>
    response.headers.get('x-provider') === 'sandbox' ? 'sandbox' : (options.providerName ?? 'openai');

  const ask = <T>(
    question: Question<T>,
    model: string,
    system: string,
    content: string | ChatCompletionContentPart[],
    limits: Limits,
  ): Promise<Answered<T>> =>
    attempt(question.name, limits, async (call) => {
      const { name, schema } = question;
      const { data, response } = await client.chat.completions
        .create(
          {
            model,
            messages: [
              { role: 'system', content: system },
              { role: 'user', content },
            ],
            response_format: {
              type: 'json_schema',
              json_schema: { name, schema: { ...schema }, strict: true },
            },
          },
          call,
        )
        .withResponse();
      const answer = answerOf(question, data);
      return {
        ...answer,
        provider: providerOf(response),
        model: data.model || model,
        ...usedTokens(data),
      };
    });

  /** What was said, as data: see prompts.ts. */
  const askAbout = <T>(
    question: Question<T>,
    system: string,
    material: Material,
    { signal }: CallOptions,
  ): Promise<Answered<T>> => {
    const { transcript, before, imageDescriptions = [] } = material;
    const content = JSON.stringify({ transcript, before, imageDescriptions });
    const timeoutMs = chatTimeout(timeouts, content.length);
    return ask(question, models.chat, system, content, { signal, timeoutMs });
  };

  return {
    transcribe: ({ bytes, mimeType }, { signal, prompt }) =>
      attempt(
        'transcribe',
        { signal, timeoutMs: transcribeTimeout(timeouts, bytes.length) },
        async (call) => {
          const file = await toFile(bytes, fileName(mimeType), { type: mimeType });
          const hint = prompt === undefined ? {} : { prompt };
          const { data, response } = await (models.transcribe === 'whisper-1'
            ? client.audio.transcriptions
                .create(
                  {
                    file,
                    model: models.transcribe,
                    response_format: 'verbose_json',
                    timestamp_granularities: ['word'],
                    ...hint,
                  },
                  call,
                )
                .withResponse()
            : client.audio.transcriptions
                .create({ file, model: models.transcribe, response_format: 'json', ...hint }, call)
                .withResponse());
          return {
            ...toTranscription(data),
            provider: providerOf(response),
            model: models.transcribe,
            ...usedTokens(data),
          };
        },
      ),
    polish: (input, call) => askAbout(ENTRY, prompts.POLISH, input, call),
    polishParagraph: ({ spoken, strict = false, ...context }, call) => {
      const system = strict ? prompts.PARAGRAPH_STRICT : prompts.PARAGRAPH;
      return askAbout(PARAGRAPH, system, { transcript: spoken, ...context }, call);
    },
    title: ({ text }, call) => askAbout(TITLE, prompts.TITLE, { transcript: text }, call),
    emotion: (transcript, call) => askAbout(EMOTION, prompts.EMOTION, { transcript }, call),
    feedback: (transcript, call) => askAbout(FEEDBACK, prompts.FEEDBACK, { transcript }, call),
    describeImage: (jpeg, { signal }) => {
      const url = `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`;
      const limits = { signal, timeoutMs: timeouts.describeImageMs };
      const picture: ChatCompletionContentPart = { type: 'image_url', image_url: { url } };
      return ask(IMAGE_DESCRIPTION, models.image, prompts.DESCRIBE_IMAGE, [picture], limits);
    },
  };
}

/** One call, with its time-out. The caller's abort passes through as its own reason; all else becomes an AiError. */
async function attempt<T>(
  name: string,
  { signal, timeoutMs }: Limits,
  run: (call: { readonly signal: AbortSignal; readonly timeout: number }) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const clock = AbortSignal.timeout(timeoutMs);
  try {
    // The client's own time-out (ten minutes) comes after ours, which covers the answer's body too.
    return await run({ signal: AbortSignal.any([signal, clock]), timeout: timeoutMs + 1_000 });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (clock.aborted) throw new AiError('timeout', `${name}: no answer within ${timeoutMs} ms`);
    throw toAiError(error, name);
  }
}
