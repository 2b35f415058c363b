/** What we ask the model to answer with (JSON Schema, strict) and what we accept (zod): one of each a question. */
import { z } from 'zod';
import { EMOTIONS } from '../ai.ts';

export interface Question<T> {
  /** The schema's name on the wire: `entry`, `paragraph`, `title`, `emotion`, `feedback`, `image_description`. */
  readonly name: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly answer: z.ZodType<T>;
}

const words = (most: number) => z.string().trim().min(1).max(most);

export const ENTRY: Question<{ title: string; text: string }> = {
  name: 'entry',
  schema: strictObject({ title: { type: 'string' }, text: { type: 'string' } }),
  answer: z.object({ title: words(200), text: words(100_000) }),
};

export const PARAGRAPH: Question<{ text: string }> = {
  name: 'paragraph',
  schema: strictObject({ text: { type: 'string' } }),
  // A paragraph has 140 words; more than ten times that is no polished paragraph.
  answer: z.object({ text: words(10_000) }),
};

export const TITLE: Question<{ title: string }> = {
  name: 'title',
  schema: strictObject({ title: { type: 'string' } }),
  answer: z.object({ title: words(200) }),
};

export const EMOTION: Question<{ emotion: (typeof EMOTIONS)[number]; intensity: number }> = {
  name: 'emotion',
  schema: strictObject({
    emotion: { type: 'string', enum: EMOTIONS },
    intensity: { type: 'number', description: 'from 0 (hardly felt) to 1 (overwhelming)' },
  }),
  answer: z.object({ emotion: z.enum(EMOTIONS), intensity: z.number().min(0).max(1) }),
};

export const FEEDBACK: Question<{ feedback: string }> = {
  name: 'feedback',
  schema: strictObject({ feedback: { type: 'string' } }),
  answer: z.object({ feedback: words(5_000) }),
};

export const IMAGE_DESCRIPTION: Question<{ description: string }> = {
  name: 'image_description',
  schema: strictObject({ description: { type: 'string' } }),
  answer: z.object({ description: words(5_000) }),
};

/** `verbose_json` of whisper-1, or the plain `json` of the models that give text only. */
export const TRANSCRIPTION = z.object({
  text: z.string(),
  // Seconds; some servers send the number as a string.
  duration: z.coerce.number().nonnegative().optional(),
  language: z.string().optional(),
  words: z
    .array(z.object({ word: z.string(), start: z.number().nonnegative(), end: z.number().nonnegative() }))
    .optional(),
});

/** "All fields must be required" and "additionalProperties: false must always be set" in strict mode. */
function strictObject(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}
