import { expect, it } from '@jest/globals';
import { addressKey } from './client-address.ts';

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:0:1::5', '2001:db8:0:1::/64'],
  ['2001:0db8:0000:0001:ffff:ffff:ffff:ffff', '2001:db8:0:1::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s is counted as %s', (address, key) => {
  expect(addressKey(address)).toBe(key);
});

it.each(['127.0.0.1', '::ffff:127.0.0.1', '::1', '127.1.2.3'])(
  '%s is this machine, and not counted',
  (address) => {
    expect(addressKey(address)).toBeNull();
  },
);
