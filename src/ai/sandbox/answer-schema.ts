/** The JSON Schema that a caller wants its answer in, held to the rules that OpenAI has for structured output. */
import { z } from 'zod';
import { ApiFailure } from './openai-error.ts';

const Property = z.looseObject({ enum: z.array(z.unknown()).min(1).optional() });
const ObjectSchema = z.looseObject({
  type: z.literal('object'),
  properties: z.record(z.string(), Property),
  required: z.array(z.string()).default([]),
  additionalProperties: z.boolean().optional(),
});
export const JsonSchemaFormat = z.object({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  strict: z.boolean().nullish(),
  schema: ObjectSchema,
});
export type JsonSchemaFormat = z.output<typeof JsonSchemaFormat>;

/**
 * The answer cut to what the schema asks for.
 * @throws ApiFailure 400 when OpenAI would refuse the schema, or when it requires what the answer doesn't have
 */
export function answerInSchema(answer: Readonly<Record<string, unknown>>, format: JsonSchemaFormat): object {
  const { name, strict, schema } = format;
  const properties = Object.entries(schema.properties);
  if (strict === true) {
    // "additionalProperties: false must always be set in objects"; "all fields must be required".
    if (schema.additionalProperties !== false)
      throw invalid(name, "'additionalProperties' is required to be supplied and to be false.");
    const missing = properties.find(([property]) => !schema.required.includes(property));
    if (missing !== undefined)
      throw invalid(
        name,
        `'required' is required to be supplied and to be an array including every key in properties. Missing '${missing[0]}'.`,
      );
  }
  const unknown = schema.required.find((property) => !(property in answer));
  if (unknown !== undefined)
    throw invalid(name, `the sandbox provider has no rule for its property '${unknown}'.`);
  return Object.fromEntries(
    properties
      .filter(([property]) => property in answer)
      .map(([property, { enum: values }]) => [property, oneOf(answer[property], values)]),
  );
}

function oneOf(value: unknown, values: readonly unknown[] | undefined): unknown {
  if (values === undefined || values.includes(value)) return value;
  return values.includes('neutral') ? 'neutral' : values[0];
}

function invalid(name: string, problem: string): ApiFailure {
  return new ApiFailure(400, `Invalid schema for response_format '${name}': In context=(), ${problem}`, {
    param: 'response_format',
  });
}
