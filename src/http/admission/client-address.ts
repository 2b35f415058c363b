/** Whose address counts: of IPv6, who has one has a whole /64 (RFC 6177), and is counted by that. */
import { isIP } from 'node:net';

/** The key to count an address by; null for this machine's own, which is not counted. */
export function addressKey(address: string): string | null {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (plain === '::1' || plain.startsWith('127.')) return null;
  return isIP(plain) === 6 ? `${network64(plain)}::/64` : plain;
}

function network64(address: string): string {
  const [head = '', tail] = address.split('::', 2);
  const before = head === '' ? [] : head.split(':');
  if (tail === undefined) return groups(before);
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return groups([...before, ...zeros, ...after]);
}

function groups(all: readonly string[]): string {
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
