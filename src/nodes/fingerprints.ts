/**
 * What a node lets others know of its settings: enough to see that two differ, and no more.
 *
 * HMAC-SHA-256 of name and value, keyed with the database's own random key: without it nothing can be told from a
 * fingerprint, and with it no table made beforehand helps. Whoever reads the whole database has the key, too, and could
 * try values: so a password or a token is never among the settings (of a URL its hosts are, of a flag server's token its
 * environment), and the one secret that has to be, which signs tokens, is made slow to try by scrypt first (RFC 7914:
 * 2¹⁵ × 8 × 128 B = 32 MiB and about a tenth of a second a guess). Who holds any token tries the same at the speed of one
 * HMAC: the fingerprint is no way in that was not there.
 */
import { createHmac, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { SettingName } from './settings.ts';

export type Setting = {
  readonly name: SettingName;
  readonly value: string;
  /** Something that people are let in by. */
  readonly isSecret?: boolean;
};

const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;
const BYTES = 32;

const derive = promisify<string, string, number, typeof COST, Buffer>(scrypt);

/** By name; the same for the same value under the same key, base64url. */
export async function fingerprints(
  settings: readonly Setting[],
  key: string,
): Promise<Readonly<Record<string, string>>> {
  const made = await Promise.all(
    settings.map(async ({ name, value, isSecret }) => {
      const told = isSecret ? await derive(value, key, BYTES, COST) : value;
      return [name, createHmac('sha256', key).update(`${name}\0`).update(told).digest('base64url')] as const;
    }),
  );
  return Object.fromEntries(made);
}
