/** What a run is made of: steps as plain data, so that a run can be printed, repeated and made smaller. */
import fc from 'fast-check';
import { type ApiDocument, type Operation, type Parameter, resolved } from './api-document.ts';
import { type Body, bodyOf, noJson, spoiltValue } from './spoilt-body.ts';
import { TOKEN_KINDS, type TokenKind } from './tokens.ts';
import { validValue } from './valid-value.ts';
import type { KnownKind } from './world.ts';

/** The value of a parameter: one that an answer told (`own`: of the caller's), or a made-up one. */
export type Value =
  | { readonly known: KnownKind; readonly own: boolean; readonly pick: number; readonly otherwise: string }
  | { readonly text: string; readonly spoilt: boolean };

export type Call = {
  readonly does: 'call';
  readonly operation: Operation;
  readonly by: { readonly role: 'user' | 'viewer' | 'release-manager' | 'sre'; readonly pick: number };
  readonly token: TokenKind;
  readonly values: Readonly<Record<string, Value | undefined>>;
  readonly body: Body | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Behind the path, as it is. */
  readonly more: string;
};

/** Something said, from create to complete: `sound` says what is put. */
export type Recording = {
  readonly does: 'record';
  readonly by: number;
  readonly sound: 'words' | 'noise' | 'cut' | 'other-type';
  readonly pieces: number;
  readonly ends: boolean;
  readonly acknowledged: boolean;
};

export const PUT_FAULTS = [
  'none',
  'other-bytes',
  'type',
  'longer',
  'signature',
  'key',
  'read',
  'delete',
] as const;
/** Bytes to a signed URL, or to one that was changed. */
export type Put = {
  readonly does: 'put';
  readonly session: number;
  readonly index: number;
  readonly fault: (typeof PUT_FAULTS)[number];
};
/** What was put is told, rightly. */
export type Told = {
  readonly does: 'acknowledge' | 'complete';
  readonly session: number;
  readonly index: number;
};
export type OneStep = Call | Recording | Put | Told;
export type Step = OneStep | { readonly does: 'at-once'; readonly steps: readonly OneStep[] };

/** @throws Error when the document has what the fuzzer cannot read */
export function anyStep(operations: readonly Operation[], document: ApiDocument): fc.Arbitrary<Step> {
  const calls = operations.map((operation) => ({
    weight: weightOf(operation),
    arbitrary: callOf(operation, document) as fc.Arbitrary<OneStep>,
  }));
  const one: fc.Arbitrary<OneStep> = fc.oneof(
    { weight: 16, arbitrary: fc.oneof(...calls) },
    { weight: 1, arbitrary: recording },
    { weight: 2, arbitrary: put },
    { weight: 2, arbitrary: told },
  );
  const atOnce = fc.record({
    does: fc.constant('at-once' as const),
    steps: fc.array(one, { minLength: 2, maxLength: 6 }),
  });
  return fc.oneof({ weight: 5, arbitrary: one }, { weight: 1, arbitrary: atOnce });
}

/** These set off long work, of the whole application: once in a while is enough. */
const COSTLY: readonly string[] = [
  'POST /admin/dead-letters/requeue',
  'POST /admin/projections/{name}/rebuild',
  'GET /users/me/export',
  'GET /metrics',
];

/** A person's ways are walked more than an operator's, and forgetting somebody ends what was built up. */
function weightOf({ id, path }: Operation): number {
  if (COSTLY.includes(id)) return 1;
  if (path.startsWith('/audio')) return 18;
  if (id === 'DELETE /users/me') return 3;
  return path.startsWith('/entries') || path.startsWith('/users') ? 12 : 6;
}

const recording: fc.Arbitrary<Recording> = fc.record({
  does: fc.constant('record'),
  by: fc.nat(2),
  sound: fc.constantFrom('words', 'words', 'words', 'noise', 'cut', 'other-type'),
  pieces: fc.integer({ min: 1, max: 3 }),
  ends: fc.constantFrom(true, true, false),
  acknowledged: fc.boolean(),
});

const put: fc.Arbitrary<Put> = fc.record({
  does: fc.constant('put'),
  session: fc.nat(),
  index: fc.nat(3),
  fault: fc.constantFrom('none', 'none', 'none', ...PUT_FAULTS),
});

const told: fc.Arbitrary<Told> = fc.record({
  does: fc.constantFrom('acknowledge', 'complete'),
  session: fc.nat(),
  index: fc.nat(3),
});

function callOf(operation: Operation, document: ApiDocument): fc.Arbitrary<Call> {
  const values = Object.fromEntries(
    operation.parameters.map((parameter) => [parameter.name, parameterValue(operation, parameter, document)]),
  );
  const suitable = suitableRole(operation);
  return fc.record({
    does: fc.constant('call'),
    operation: fc.constant(operation),
    by: fc.record({
      role: fc.oneof(
        { weight: 9, arbitrary: fc.constant(suitable) },
        { weight: 1, arbitrary: fc.constantFrom('user' as const, 'viewer', 'release-manager', 'sre') },
      ),
      pick: fc.nat(2),
    }),
    token: fc.oneof(
      { weight: 19, arbitrary: fc.constant('good' as const) },
      { weight: 1, arbitrary: fc.constantFrom(...TOKEN_KINDS) },
    ),
    values: fc.record(values) as fc.Arbitrary<Record<string, Value | undefined>>,
    body: bodyFor(operation, document),
    headers: fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: oddHeaders }),
    more: fc.oneof({ weight: 30, arbitrary: fc.constant('') }, { weight: 1, arbitrary: oddEnd }),
  });
}

function suitableRole({ path }: Operation): Call['by']['role'] {
  if (path.startsWith('/admin')) return 'sre';
  return path.startsWith('/rollouts') || path.startsWith('/experiments') ? 'release-manager' : 'user';
}

function bodyFor({ body }: Operation, document: ApiDocument): fc.Arbitrary<Body | null> {
  if (body === null) return fc.constant(null);
  const valid = validValue(body, document);
  return fc.oneof(
    { weight: 5, arbitrary: valid.map((value) => bodyOf(value)) },
    { weight: 4, arbitrary: spoiltValue(valid) },
    { weight: 1, arbitrary: noJson },
    { weight: 1, arbitrary: fc.constant(null) },
  );
}

function parameterValue(
  operation: Operation,
  parameter: Parameter,
  document: ApiDocument,
): fc.Arbitrary<Value | undefined> {
  const valid = validValue(resolved(parameter.schema, document), document).map(String);
  const kind = kindOf(operation, parameter);
  const usual: fc.Arbitrary<Value> =
    kind === null
      ? valid.map((text) => ({ text, spoilt: false }))
      : fc.record({
          known: fc.constant(kind),
          own: fc.oneof(
            { weight: 5, arbitrary: fc.constant(true) },
            { weight: 1, arbitrary: fc.constant(false) },
          ),
          pick: fc.nat(),
          otherwise: valid,
        });
  return fc.oneof(
    { weight: 14, arbitrary: usual },
    { weight: 2, arbitrary: valid.map((text) => ({ text, spoilt: false })) },
    { weight: 1, arbitrary: oddText.map((text) => ({ text, spoilt: true })) },
    { weight: unsaid(parameter, kind), arbitrary: fc.constant(undefined) },
  );
}

/** How often a parameter is left out; a cursor is only good once a page has told one. */
function unsaid({ in: place, required }: Parameter, kind: KnownKind | null): number {
  if (place === 'path') return 0;
  if (required) return 1;
  return kind === null ? 6 : 30;
}

function kindOf({ path }: Operation, { name }: Parameter): KnownKind | null {
  switch (name) {
    case 'id':
      if (path.startsWith('/users')) return 'erasure';
      return path.startsWith('/admin/dead-letters') ? 'dead-letter' : 'session';
    case 'flag':
      return 'flag';
    case 'name':
      return 'projection';
    case 'before':
      return 'cursor';
    case 'if-match':
      return 'moves';
    case 'index':
      return null;
    default:
      return null;
  }
}

const oddText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '..',
    '../..',
    '%00',
    '\u0000',
    '\u00ff',
    '/',
    'null',
    '-1',
    '1e9',
    '00',
    '__proto__',
  ),
  fc.constantFrom(
    'constructor',
    '*',
    "' or 1=1 --",
    '99999999999999999999',
    '0-99999',
    '3-1',
    'W/"',
    'é',
    '💥',
  ),
  fc.constant('x'.repeat(3_000)),
  fc.constantFrom(
    'WyIyMDI2IiwieCJd',
    'bnVsbA',
    'WzEsMl0',
    'WyJjb25zdW1lciIsIngiLCJ5Il0',
    'WyJzdGVwIiwieCIsInkiXQ',
  ),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);

const oddHeaders: fc.Arbitrary<Record<string, string>> = fc.oneof(
  fc.constantFrom<Record<string, string>>(
    { 'if-none-match': '*' },
    { 'if-none-match': 'W/"1-0", W/"2-10", "' },
    { 'last-event-id': '0' },
    { 'last-event-id': '99999999999999' },
    { 'last-event-id': '-1' },
    { accept: 'text/html' },
    { accept: ';;;' },
    { 'accept-encoding': 'br;q=x' },
    { range: 'bytes=0-' },
    { traceparent: '00-0-0-00' },
    { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
    { host: 'example.org' },
    { host: '' },
    { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'gopher' },
    { 'x-http-method-override': 'DELETE' },
    { cookie: `a=${'b'.repeat(4_000)}` },
    { origin: 'https://evil.example' },
  ),
);

/** A query that nobody asked for, or a path that goes on. */
const oddEnd = fc.constantFrom(
  '?',
  '?%',
  '?a[b]=c',
  '?limit=1&limit=2',
  '?__proto__[x]=1',
  '?chunks=0&chunks=1',
  '/',
  '//',
  '/%2e%2e',
  '%',
  '?=&=&',
  '#x',
);
