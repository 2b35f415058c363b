import { expect, it } from '@jest/globals';
import { consumerState } from './consumer-state.ts';
import { CONSUMERS } from './testing/documents.ts';

it('says of each consumer what is worst about it', () => {
  expect(CONSUMERS.map(consumerState)).toEqual(['up-to-date', 'catching-up', 'parked', 'behind']);
});
