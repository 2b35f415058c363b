/** What `POST /v1/chat/completions` answers: rules over the given text, told apart by the name of the wanted schema. */
import { z } from 'zod';
import { answerInSchema, JsonSchemaFormat } from './answer-schema.ts';
import { describePicture } from './describe-picture.ts';
import { ApiFailure } from './openai-error.ts';
import { emotionOf, entryOf, feedbackOf, type Material } from './rules.ts';

const MAX_IMAGES = 20;

const Part = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image_url'), image_url: z.object({ url: z.string() }) }),
]);
const Message = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.array(Part).min(1)]),
});
export const ChatRequest = z.object({
  model: z.string().min(1),
  messages: z.array(Message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  response_format: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      z.object({ type: z.literal('json_schema'), json_schema: JsonSchemaFormat }),
    ])
    .optional(),
});
export type ChatRequest = z.output<typeof ChatRequest>;

/** @throws ApiFailure 400, naming the field */
export function readChatRequest(body: unknown): ChatRequest {
  const parsed = ChatRequest.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const param = issue?.path.join('.') ?? '';
  throw new ApiFailure(400, `Invalid value for '${param}': ${issue?.message ?? 'not understood'}.`, {
    param,
  });
}

/** The answer's text: JSON for a schema it knows; otherwise the given text, tidied. @throws ApiFailure 400 */
export async function chatAnswer(request: ChatRequest): Promise<string> {
  const user = request.messages.findLast(({ role }) => role === 'user');
  if (user === undefined) throw new ApiFailure(400, 'There is no user message.', { param: 'messages' });
  const parts =
    typeof user.content === 'string' ? [{ type: 'text' as const, text: user.content }] : user.content;
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
  const images = parts.flatMap((part) => (part.type === 'image_url' ? [part.image_url.url] : []));
  const material = materialOf(text);
  if (request.response_format?.type !== 'json_schema') return entryOf(material).text;
  const format = request.response_format.json_schema;
  return JSON.stringify(answerInSchema(await answerNamed(format.name, material, images), format));
}

async function answerNamed(
  name: string,
  material: Material,
  images: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  switch (name) {
    case 'entry':
      return entryOf(material);
    case 'paragraph':
    case 'title':
      // Cut to what the schema asks for.
      return entryOf(material);
    case 'emotion':
      return emotionOf(material.transcript);
    case 'feedback':
      return feedbackOf(material.transcript);
    case 'image_description':
      return { description: await describeAll(images) };
    default:
      throw new ApiFailure(400, `The sandbox provider has no rule for the schema '${name}'.`, {
        param: 'response_format',
      });
  }
}

const MaterialDocument = z.object({
  transcript: z.string(),
  imageDescriptions: z.array(z.string()).default([]),
});

/** The JSON document that our own adapter sends; anything else is taken as what was said. */
function materialOf(text: string): Material {
  try {
    const parsed = MaterialDocument.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // Plain text.
  }
  return { transcript: text, imageDescriptions: [] };
}

async function describeAll(urls: readonly string[]): Promise<string> {
  if (urls.length === 0) throw new ApiFailure(400, 'There is no image.', { param: 'messages' });
  if (urls.length > MAX_IMAGES) throw new ApiFailure(400, 'Too many images.', { param: 'messages' });
  const descriptions: string[] = [];
  for (const url of urls) descriptions.push(await describePicture(pictureIn(url)).catch(refusePicture));
  return descriptions.join(' ');
}

function pictureIn(url: string): Buffer {
  const [, data] = /^data:image\/[a-z+.-]+;base64,([A-Za-z0-9+/=]+)$/.exec(url) ?? [];
  if (data !== undefined) return Buffer.from(data, 'base64');
  throw new ApiFailure(400, 'The sandbox provider takes images as data: URLs only.', {
    code: 'invalid_image_url',
  });
}

function refusePicture(): never {
  throw new ApiFailure(
    400,
    "You uploaded an unsupported image. Please make sure your image has of one the following formats: ['png', 'jpeg', 'gif', 'webp'].",
    { code: 'invalid_image_format' },
  );
}
