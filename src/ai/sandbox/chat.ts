/** `POST /v1/chat/completions` with structured output: rules over the given text, told apart by the schema's name. */
import { z } from 'zod';
import { describePicture } from './describe-picture.ts';
import { ApiFailure } from './openai-error.ts';
import { emotionOf, entryOf, feedbackOf, type Material } from './rules.ts';

const Part = z.union([
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image_url'), image_url: z.object({ url: z.string() }) }),
]);
const Message = z.object({ role: z.string(), content: z.union([z.string(), z.array(Part)]) });
export const ChatRequest = z.object({
  model: z.string().min(1),
  messages: z.array(Message).min(1),
  stream: z.boolean().default(false),
  response_format: z
    .object({
      type: z.string(),
      json_schema: z.object({ name: z.string(), schema: z.record(z.string(), z.unknown()) }).optional(),
    })
    .optional(),
});
export type ChatRequest = z.output<typeof ChatRequest>;

/** The answer's text: JSON for a schema it knows, otherwise the given text, tidied. @throws ApiFailure */
export async function chatAnswer(request: ChatRequest): Promise<string> {
  const user = request.messages.findLast(({ role }) => role === 'user');
  if (user === undefined) throw new ApiFailure(400, 'there is no user message', { param: 'messages' });
  const parts =
    typeof user.content === 'string' ? [{ type: 'text' as const, text: user.content }] : user.content;
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
  const images = parts.flatMap((part) => (part.type === 'image_url' ? [part.image_url.url] : []));
  const material = materialOf(text);
  switch (request.response_format?.json_schema?.name) {
    case 'entry':
      return JSON.stringify(entryOf(material));
    case 'emotion':
      return JSON.stringify(emotionOf(material.transcript));
    case 'feedback':
      return JSON.stringify(feedbackOf(material.transcript));
    case 'image_description':
      return JSON.stringify({ description: await describeAll(images) });
    case undefined:
      return entryOf(material).text;
    default:
      throw new ApiFailure(400, 'the sandbox provider has no rule for this schema', {
        param: 'response_format',
      });
  }
}

/** The JSON document that our own adapter sends; anything else is taken as what was said. */
function materialOf(text: string): Material {
  const Document = z.object({ transcript: z.string(), imageDescriptions: z.array(z.string()).default([]) });
  try {
    return Document.parse(JSON.parse(text));
  } catch {
    return { transcript: text, imageDescriptions: [] };
  }
}

async function describeAll(urls: readonly string[]): Promise<string> {
  if (urls.length === 0) throw new ApiFailure(400, 'there is no image', { param: 'messages' });
  const descriptions = await Promise.all(
    urls.map(async (url) => {
      const data = /^data:image\/[a-z+]+;base64,(.+)$/.exec(url)?.[1];
      if (data === undefined)
        throw new ApiFailure(400, 'the sandbox provider takes data: URLs only', {
          code: 'invalid_image_url',
        });
      return describePicture(Buffer.from(data, 'base64')).catch(() => {
        throw new ApiFailure(400, 'You uploaded an unsupported image.', { code: 'invalid_image_format' });
      });
    }),
  );
  return descriptions.join(' ');
}

type Completion = { readonly id: string; readonly created: number; readonly model: string };

export function completion(
  { id, created, model }: Completion,
  content: string,
  promptCharacters: number,
): object {
  const prompt = Math.ceil(promptCharacters / 4);
  const answer = Math.ceil(content.length / 4);
  return {
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: { prompt_tokens: prompt, completion_tokens: answer, total_tokens: prompt + answer },
    provider: 'sandbox',
  };
}

const PIECE_CHARACTERS = 16;

/** The same as server-sent chunks. */
export function* completionChunks({ id, created, model }: Completion, content: string): Generator<object> {
  const chunk = (delta: object, finish: string | null) => ({
    id,
    object: 'chat.completion.chunk',
    created,
    model,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    provider: 'sandbox',
  });
  yield chunk({ role: 'assistant', content: '' }, null);
  for (let at = 0; at < content.length; at += PIECE_CHARACTERS)
    yield chunk({ content: content.slice(at, at + PIECE_CHARACTERS) }, null);
  yield chunk({}, 'stop');
}
