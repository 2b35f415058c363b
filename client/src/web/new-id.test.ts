import { describe, expect, it } from '@jest/globals';
import { newId } from './new-id.ts';

const VERSION_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('a new id', () => {
  it('is a UUID of version 4', () => {
    expect(newId()).toMatch(VERSION_4);
  });

  it('is one also on a page without https', () => {
    Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true });
    const ids = Array.from({ length: 100 }, newId);
    Reflect.deleteProperty(crypto, 'randomUUID');
    for (const id of ids) expect(id).toMatch(VERSION_4);
    expect(new Set(ids).size).toBe(100);
  });
});
