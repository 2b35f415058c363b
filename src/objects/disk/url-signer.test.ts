import { describe, expect, it } from '@jest/globals';
import { type Grant, UrlSigner } from './url-signer.ts';

const signer = new UrlSigner('sixteen bytes at least');
const put: Grant = {
  method: 'PUT',
  key: 'a/b',
  expires: 1_800_000_000,
  contentType: 'audio/webm;codecs=opus',
  maxBytes: 10,
};
const get: Grant = { method: 'GET', key: 'a/b', expires: 1_800_000_000 };

describe('UrlSigner', () => {
  it.each([put, get])('verifies what it signed for $method', (grant) => {
    expect(signer.verify('a/b', signer.query(grant))).toEqual(grant);
    expect(signer.verify('a/b', new URLSearchParams(signer.query(grant).toString()))).toEqual(grant);
  });

  it.each([
    ['exp', '1800000001'],
    ['exp', '01800000000'],
    ['exp', '-1'],
    ['exp', 'NaN'],
    ['max', '11'],
    ['max', '1e1'],
    ['type', 'text/html'],
    ['type', 'audio/webm;codecs=opus\n'],
    ['sig', ''],
    ['sig', 'AAAA'],
    ['sig', 'A'.repeat(43)],
  ])('refuses a PUT whose %s became %j', (name, value) => {
    const query = signer.query(put);
    query.set(name, value);
    expect(signer.verify('a/b', query)).toBeNull();
  });

  it('refuses a signature of which only the last character was changed, also where both decode to the same', () => {
    const query = signer.query(put);
    const sig = query.get('sig') ?? '';
    const others = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_='].filter(
      (character) => character !== sig.at(-1),
    );
    for (const last of others) {
      query.set('sig', `${sig.slice(0, -1)}${last}`);
      expect(signer.verify('a/b', query)).toBeNull();
    }
  });

  it.each(['exp', 'max', 'type', 'sig'])('refuses a PUT without %s', (name) => {
    const query = signer.query(put);
    query.delete(name);
    expect(signer.verify('a/b', query)).toBeNull();
  });

  it('refuses a PUT stripped down to the form of a GET', () => {
    const query = signer.query(put);
    query.delete('max');
    query.delete('type');
    expect(signer.verify('a/b', query)).toBeNull();
  });

  it('refuses another key and another secret', () => {
    expect(signer.verify('a/c', signer.query(put))).toBeNull();
    expect(new UrlSigner('another sixteen bytes').verify('a/b', signer.query(put))).toBeNull();
  });

  it('refuses a short secret', () => {
    expect(() => new UrlSigner('short')).toThrow(RangeError);
  });
});
