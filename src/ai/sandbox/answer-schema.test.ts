import { describe, expect, it } from '@jest/globals';
import { answerInSchema, JsonSchemaFormat } from './answer-schema.ts';

const format = (schema: object, strict = true) =>
  JsonSchemaFormat.parse({ name: 'emotion', strict, schema: { type: 'object', ...schema } });
const emotion = (values?: string[]) => ({
  properties: { emotion: { type: 'string', ...(values === undefined ? {} : { enum: values }) } },
  required: ['emotion'],
  additionalProperties: false,
});
const answer = { emotion: 'fear', intensity: 0.4 };

describe('an answer in the wanted schema', () => {
  it('has the properties that the schema has, and no other', () => {
    expect(answerInSchema(answer, format(emotion()))).toEqual({ emotion: 'fear' });
  });

  it('takes its value from the list where there is one', () => {
    expect(answerInSchema(answer, format(emotion(['joy', 'fear'])))).toEqual({ emotion: 'fear' });
    expect(answerInSchema(answer, format(emotion(['joy', 'neutral'])))).toEqual({ emotion: 'neutral' });
    expect(answerInSchema(answer, format(emotion(['joy', 'anger'])))).toEqual({ emotion: 'joy' });
  });

  it.each([
    ['allows other properties', { ...emotion(), additionalProperties: true }, 'additionalProperties'],
    ['doesn’t say whether it does', { properties: {}, required: [] }, 'additionalProperties'],
    ['leaves a property optional', { ...emotion(), required: [] }, 'required'],
    ['asks for what there is no rule for', { ...emotion(), required: ['emotion', 'colour'] }, 'colour'],
  ])('is refused, as OpenAI would, when a strict schema %s', (_, schema, problem) => {
    expect(() => answerInSchema(answer, format(schema))).toThrow(problem);
  });

  it('leaves out what it doesn’t know and the schema doesn’t require', () => {
    const schema = { properties: { emotion: {}, colour: {} }, required: ['emotion'] };
    expect(answerInSchema(answer, format(schema, false))).toEqual({ emotion: 'fear' });
  });
});
