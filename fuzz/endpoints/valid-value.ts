/**
 * Values that a schema of the API document accepts, as fast-check arbitraries.
 *
 * Of our own because nothing kept fits: json-schema-fast-check stopped at fast-check 1, zod-fast-check at zod 3, and
 * json-schema-faker has a generator of its own that fast-check can neither seed nor shrink. The document uses two dozen
 * keywords; one that is not known here ends the run, so that a new one is not passed over in silence.
 */
import fc from 'fast-check';
import { type ApiDocument, resolved, type Schema } from './api-document.ts';

type Of<T> = (schema: Schema, document: ApiDocument) => fc.Arbitrary<T>;

const ABOUT = ['description', 'example', 'default', 'title', 'format'];
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  string: ['type', 'pattern', 'minLength', 'maxLength', 'enum', 'const'],
  integer: ['type', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  number: ['type', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  boolean: ['type', 'const'],
  null: ['type'],
  array: ['type', 'items', 'minItems', 'maxItems'],
  object: ['type', 'properties', 'required', 'additionalProperties', 'propertyNames'],
};

/** Made once a schema: reading a pattern takes some 100 ms. */
const made = new Map<string, fc.Arbitrary<unknown>>();

/** @throws Error for a keyword or a type that is not known here */
export const validValue: Of<unknown> = (unresolved, document) => {
  const schema = resolved(unresolved, document);
  const key = JSON.stringify(schema);
  const arbitrary = made.get(key) ?? read(schema, document);
  made.set(key, arbitrary);
  return arbitrary;
};

const read: Of<unknown> = (schema, document) => {
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices))
    return fc.oneof(...choices.map((choice: Schema) => validValue(choice, document)));
  const { type } = schema;
  const known = KNOWN[String(type)];
  const strange = Object.keys(schema).filter((key) => !known?.includes(key) && !ABOUT.includes(key));
  if (known === undefined || strange.length > 0)
    throw new Error(`the fuzzer cannot read this schema (${strange.join(', ')}): ${JSON.stringify(schema)}`);
  switch (type) {
    case 'string':
      return text(schema, document);
    case 'integer':
    case 'number':
      return number(schema, document);
    case 'boolean':
      return 'const' in schema ? fc.constant(schema.const) : fc.boolean();
    case 'array':
      return list(schema, document);
    case 'object':
      return record(schema, document);
    default:
      return fc.constant(null);
  }
};

const text: Of<string> = (schema) => {
  if ('const' in schema) return fc.constant(String(schema.const));
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as string[]));
  const minLength = numberOf(schema.minLength) ?? 0;
  const mostLength = numberOf(schema.maxLength);
  if (typeof schema.pattern === 'string') {
    const matching = fc
      .stringMatching(new RegExp(schema.pattern, 'u'))
      .filter(({ length }) => length >= minLength && length <= (mostLength ?? length));
    return typeof schema.example === 'string' ? fc.oneof(matching, fc.constant(schema.example)) : matching;
  }
  const maxLength = mostLength ?? minLength + 60;
  return fc.oneof(
    fc.string({ minLength, maxLength }),
    fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 40) }).filter(fits),
    ...(typeof schema.example === 'string' ? [fc.constant(schema.example)] : []),
  );

  function fits({ length }: string): boolean {
    return length >= minLength && length <= maxLength;
  }
};

const number: Of<number> = ({ type, ...schema }) => {
  const min = numberOf(schema.minimum) ?? numberOf(schema.exclusiveMinimum) ?? -1e9;
  const max = numberOf(schema.maximum) ?? numberOf(schema.exclusiveMaximum) ?? 1e9;
  const edges = fc.constantFrom(min, max);
  return type === 'integer'
    ? fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: Math.max(min, -(2 ** 31)), max: Math.min(max, 2 ** 31) }) },
        edges,
      )
    : fc.oneof({ weight: 4, arbitrary: fc.double({ min, max, noNaN: true }) }, edges);
};

const list: Of<unknown[]> = ({ items, minItems, maxItems }, document) => {
  const minLength = numberOf(minItems) ?? 0;
  const maxLength = Math.max(minLength, Math.min(numberOf(maxItems) ?? 12, 12));
  return fc.array(validValue(items as Schema, document), { minLength, maxLength });
};

const record: Of<object> = (schema, document) => {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>;
  const model = Object.fromEntries(
    Object.entries(properties).map(([name, each]) => [name, validValue(each, document)]),
  );
  const named = fc.record(model, {
    requiredKeys: (schema.required ?? []) as string[],
    noNullPrototype: true,
  });
  const { additionalProperties: others, propertyNames } = schema;
  if (typeof others !== 'object' || others === null) return named;
  const names = validValue((propertyNames ?? { type: 'string' }) as Schema, document) as fc.Arbitrary<string>;
  const extra = fc.dictionary(names, validValue(others as Schema, document), {
    maxKeys: 5,
    noNullPrototype: true,
  });
  return fc.tuple(extra, named).map(([more, known]) => ({ ...more, ...known }));
};

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
