/**
 * Bodies that are nearly right. Most are one step from a valid value (a field of another type, out of range, missing,
 * one too many, with characters that databases refuse); the rest are no JSON, or say of themselves what they are not.
 */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';

export type Body = {
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** What it says, where it is JSON; else undefined. */
  readonly value: unknown;
};

const JSON_TYPE = { 'content-type': 'application/json' };
const encoder = new TextEncoder();

export function bodyOf(value: unknown, text = JSON.stringify(value)): Body {
  return { bytes: encoder.encode(text), headers: JSON_TYPE, value };
}

/** What a field may suddenly be. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 0.5, -0.001, '', ' ', '0', [], {}, [[]], [null]),
  fc.constantFrom<unknown>(2 ** 31, 2 ** 53 + 2, -(2 ** 63), 1e21, 1.7976931348623157e308, 5e-324),
  fc.constantFrom<unknown>(
    '\u0000',
    'a\u0000b',
    '\ud800',
    '\udc00\ud800',
    '\uffff',
    '\u202etxt.exe',
    '__proto__',
    "'; drop table events; --",
    '../../../../etc/passwd',
    '%00',
    '{{7*7}}',
    '9999-12-31T23:59:59.999999999+23:59',
    '0000-01-01T00:00:00Z',
    '-271821-04-20T00:00:00Z',
    'NaN',
    'audio/wav\r\nx-injected: 1',
  ),
  fc.constantFrom(300, 5_000, 120_000).map((length) => 'x'.repeat(length)),
  fc.constantFrom(50, 2_500).map((length) => Array.from({ length }, (_, index) => index)),
  fc.constant(nested(200)),
  fc.jsonValue({ maxDepth: 2 }),
);

/** `[[[…]]]` */
function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

type Change =
  | { readonly does: 'replace'; readonly at: number; readonly by: unknown }
  | { readonly does: 'remove'; readonly at: number }
  | { readonly does: 'add'; readonly at: number; readonly name: string; readonly value: unknown };

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant('replace'), at: fc.nat(), by: hostileValue }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('remove'), at: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('add'),
      at: fc.nat(),
      name: fc.oneof(
        fc.constantFrom(
          '__proto__',
          'constructor',
          'toString',
          'hasOwnProperty',
          '',
          '\u0000',
          '\ud800',
          'role',
          'userId',
        ),
        fc.string({ maxLength: 60 }),
      ),
      value: hostileValue,
    }),
  },
) as fc.Arbitrary<Change>;

/** One step away from `valid`. */
export function spoiltValue(valid: fc.Arbitrary<unknown>): fc.Arbitrary<Body> {
  return fc.tuple(valid, change).map(([value, each]) => {
    const changed = changedValue(value, each);
    return bodyOf(changed);
  });
}

/** A copy of the value with one of its places changed. */
function changedValue(value: unknown, each: Change): unknown {
  const holder = { value: structuredClone(value) };
  const places = placesOf(holder);
  const [parent, name] = places[each.at % places.length] ?? [holder, 'value'];
  const target = parent as Record<string, unknown>;
  if (each.does === 'replace') target[name] = each.by;
  else if (each.does === 'remove') {
    if (Array.isArray(parent)) parent.splice(Number(name), 1);
    else delete target[name];
  } else {
    const inside = target[name];
    const into = typeof inside === 'object' && inside !== null ? inside : holder.value;
    // Not by assignment: `__proto__` is to be a key like any other.
    if (typeof into === 'object' && into !== null && !Array.isArray(into))
      Object.defineProperty(into, each.name, {
        value: each.value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
  }
  return holder.value;
}

/** Every place of a JSON value, as the object that holds it and the name it has there. */
function placesOf(holder: object): [parent: object, name: string][] {
  return Object.entries(holder).flatMap(([name, inside]): [object, string][] => [
    [holder, name],
    ...(typeof inside === 'object' && inside !== null ? placesOf(inside) : []),
  ]);
}

const strange = (text: string | Uint8Array, headers: Readonly<Record<string, string>> = JSON_TYPE): Body => ({
  bytes: typeof text === 'string' ? encoder.encode(text) : text,
  headers,
  value: undefined,
});

/** 16 MB of spaces in 16 kB. */
const BOMB = new Uint8Array(gzipSync(Buffer.alloc(16 * 1024 * 1024, ' ')));

/** Nothing that is JSON, or not as it says. */
export const noJson: fc.Arbitrary<Body> = fc.oneof(
  fc
    .constantFrom(
      '',
      ' ',
      '{',
      '}',
      '{"a":1,}',
      '{"a":1e999}',
      '"text"',
      '7',
      'null',
      'true',
      '[]',
      '[]]',
      "{'a':1}",
      '{"a":NaN}',
      '{"mimeType":"audio/wav","mimeType":"audio/webm"}',
      '\ufeff{}',
      '{"a":"\\ud800"}',
      '{"a":"\\u0000"}',
      '{"a":-0}',
      '[1'.repeat(3_000),
      '['.repeat(200_000),
      `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
      ' '.repeat(600_000),
      `{"reason":"${'y'.repeat(600_000)}"}`,
    )
    .map((text) => strange(text)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => strange(bytes)),
  fc
    .constantFrom<Readonly<Record<string, string>>>(
      {},
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'application/json; charset=utf-7' },
      { 'content-type': 'application/json; charset=utf-16' },
      { 'content-type': 'application/json; charset="' },
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      { 'content-type': 'application/json', 'content-encoding': 'br' },
      { 'content-type': 'application/json', 'content-encoding': 'made-up' },
      { 'content-type': ';;;' },
      { 'content-type': 'multipart/form-data; boundary=x' },
    )
    .map((headers) => strange('{"reason":"said"}', headers)),
  fc.constant(strange(BOMB, { ...JSON_TYPE, 'content-encoding': 'gzip' })),
);
