/** What is made from a schema is what the schema accepts: every body of our own API document, by another validator. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openApiDocument } from '../../src/http/openapi.ts';
import { checksOf } from './answers.ts';
import { type ApiDocument, operationsOf } from './api-document.ts';
import { spoiltValue } from './spoilt-body.ts';
import { validValue } from './valid-value.ts';

const document = JSON.parse(JSON.stringify(openApiDocument(true))) as ApiDocument;
const checks = checksOf(document);
const withBody = operationsOf(document).filter(({ body }) => body !== null);

describe('a value made from a schema', () => {
  it.each(withBody.map((operation) => [operation.id, operation] as const))(
    'is accepted: %s',
    (_, operation) => {
      const value = validValue(operation.body ?? {}, document);
      fc.assert(
        fc.property(value, (each) => checks.accepts(operation, JSON.parse(JSON.stringify(each)))),
        { numRuns: 30 },
      );
    },
  );

  it('is mostly not, one step away', () => {
    const [operation] = withBody;
    if (operation === undefined) throw new Error('no operation takes a body');
    const bodies = fc.sample(spoiltValue(validValue(operation.body ?? {}, document)), {
      numRuns: 200,
      seed: 8,
    });
    expect(bodies.filter(({ value }) => !checks.accepts(operation, value)).length).toBeGreaterThan(100);
  });

  it('is not guessed at where a keyword is unknown', () => {
    expect(() => validValue({ type: 'string', contentEncoding: 'base64' }, document)).toThrow(
      'contentEncoding',
    );
  });
});
