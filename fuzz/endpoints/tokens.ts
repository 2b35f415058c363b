/** Tokens as they come: good ones, and those that must not open any door. */
import { SignJWT, UnsecuredJWT } from 'jose';
import { type Role, signDevToken } from '../../src/http/authentication.ts';

/** `good` is the caller's own; the others are all to be refused. */
export const TOKEN_KINDS = [
  'good',
  'none',
  'expired',
  'unsigned',
  'other-secret',
  'changed',
  'no-expiry',
  'no-subject',
  'unknown-role',
  'garbage',
] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

export type Caller = { readonly name: string; readonly role: Role };

/** The value of the Authorization header; undefined: none is sent. */
export async function authorization(
  kind: TokenKind,
  caller: Caller,
  secret: string,
): Promise<string | undefined> {
  if (kind === 'none') return undefined;
  if (kind === 'garbage') return 'Bearer ey.J.0';
  return `Bearer ${await token(kind, caller, secret)}`;
}

async function token(
  kind: Exclude<TokenKind, 'none' | 'garbage'>,
  { name, role }: Caller,
  secret: string,
): Promise<string> {
  const sign = (jwt: SignJWT, key = secret) =>
    jwt.setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(key));
  switch (kind) {
    case 'good':
      return signDevToken(secret, { subject: name, role });
    case 'expired':
      return sign(new SignJWT({ role }).setSubject(name).setExpirationTime(1_000_000_000));
    case 'unsigned':
      return new UnsecuredJWT({ role }).setSubject(name).setExpirationTime('1h').encode();
    case 'other-secret':
      return sign(new SignJWT({ role }).setSubject(name).setExpirationTime('1h'), `${secret} not`);
    case 'changed': {
      const [head, , signature] = (await signDevToken(secret, { subject: name, role })).split('.');
      const claims = Buffer.from(JSON.stringify({ sub: name, role: 'sre', exp: 4_000_000_000 }));
      return [head, claims.toString('base64url'), signature].join('.');
    }
    case 'no-expiry':
      return sign(new SignJWT({ role }).setSubject(name));
    case 'no-subject':
      return sign(new SignJWT({ role }).setExpirationTime('1h'));
    case 'unknown-role':
      return sign(new SignJWT({ role: 'root' }).setSubject(name).setExpirationTime('1h'));
    default:
      return kind satisfies never;
  }
}
