import { describe, expect, it } from '@jest/globals';
import { forge } from './signed-urls.ts';

describe('a forged URL', () => {
  it.each([
    ['https://s3.example/b/k?X-Amz-Date=1&X-Amz-Signature=00ff&x-id=PutObject', 'X-Amz-Signature', 'a0ff'],
    ['https://voice.example/objects/k?expires=1&signature=abca', 'signature', 'bbca'],
    ['https://store.example/k?a=1&token=xyz', 'token', 'ayz'],
  ])('%s has another signature, and nothing else', (signed, name, value) => {
    const url = new URL(signed);
    url.searchParams.set(name, value);
    expect(forge(signed)).toBe(url.href);
  });

  it('cannot be made of one that is not signed', () => {
    expect(() => forge('https://store.example/k')).toThrow('not signed');
  });
});
