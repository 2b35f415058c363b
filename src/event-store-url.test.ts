import { describe, expect, it } from '@jest/globals';
import { readEventStoreUrl } from './event-store-url.ts';

describe('EVENT_STORE_URL', () => {
  it.each([
    ['kurrentdb://db.example', { hosts: ['db.example'], tls: true, verified: true }],
    ['kdb://127.0.0.1:2113/?tls=false', { hosts: ['127.0.0.1'], tls: false, verified: true }],
    [
      'kurrentdb://thankly:p4ss.w~rd@a.example:2113,b.example:2114?tlsCAFile=/etc/ca.pem',
      { hosts: ['a.example', 'b.example'], tls: true, verified: true },
    ],
    [
      'kurrentdb+discover://cluster.example?tlsVerifyCert=false&keepAliveInterval=10000',
      { hosts: ['cluster.example'], tls: true, verified: false },
    ],
  ])('may be %s', (url, read) => {
    expect(readEventStoreUrl(url)).toMatchObject(read);
  });

  it('names the same servers in whatever order and letters', () => {
    for (const url of ['kurrentdb://b.example:2114,A.example', 'kdb://x:y@a.example:2113,B.example:2114'])
      expect(readEventStoreUrl(url)).toMatchObject({ members: ['a.example:2113', 'b.example:2114'] });
  });

  it.each([
    ['another scheme', 'https://hush@db.example', 'such as'],
    ['the scheme of before, which its client complains of', 'esdb://db.example', 'such as'],
    ['no host', 'kurrentdb://', 'hosts such as'],
    ['a port that is none', 'kurrentdb://db.example:99999', 'hosts such as'],
    ['a path', 'kurrentdb://db.example/hush', 'hosts such as'],
    ['a password that is sent wrongly', 'kurrentdb://me:hu%40sh@db.example', 'letters, digits'],
    ['a password with an @', 'kurrentdb://me:hush@hush@db.example', 'hosts such as'],
    ['a name without a password', 'kurrentdb://hush@db.example', 'letters, digits'],
    ['a password in the clear', 'kurrentdb://me:hush@db.example?tls=false', 'with TLS only'],
    ['an option that nobody knows', 'kurrentdb://db.example?hush=1', 'after ? only'],
    ['another member than the leader', 'kurrentdb://db.example?nodePreference=follower', 'after ? only'],
    ['a value that is none', 'kurrentdb://db.example?tls=hush', 'tls has no such value'],
  ])('may not have %s, and is not shown', (_what, url, why) => {
    expect(readEventStoreUrl(url)).toContain(why);
    expect(readEventStoreUrl(url)).not.toContain('hush');
  });
});
