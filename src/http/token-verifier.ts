/** From a token to who holds it. Nothing in a token is believed before its signature, and no key comes from the token itself. */
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { ROLES, Subject } from './schemas.ts';

export type Role = (typeof ROLES)[number];

export type Caller = {
  /** The token's subject. Never written to the log: events carry its pseudonym. */
  readonly subject: string;
  readonly role: Role;
};

/** What a token must say of where it comes from and whom it is for; what is not given is not looked at. */
export type TokenScope = { readonly issuer?: string; readonly audience?: string };

/** Either one shared secret (HS256) or the issuer's published keys (asymmetric algorithms only). */
export type TokenKeys = TokenScope & ({ readonly secret: string } | { readonly jwksUrl: string });

/** The token cannot be read now, whatever it is: its issuer does not tell its keys. */
export class KeysUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('the keys of the token issuer cannot be read', options);
    this.name = 'KeysUnavailable';
  }
}

/** The token is none of ours; `expired` when it was. */
export class TokenRefused extends Error {
  readonly expired: boolean;
  constructor(expired: boolean) {
    super(expired ? 'the token has expired' : 'the token is not valid here');
    this.name = 'TokenRefused';
    this.expired = expired;
  }
}

export type VerifiedCaller = Caller & {
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
};

// One family a key: a public key must never serve as the secret of an HMAC (RFC 8725 §2.1, §3.1).
const SYMMETRIC = ['HS256'];
const ASYMMETRIC = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** "typ" of an access token (RFC 9068 §2.1), or of who says nothing more; a logout token or a proof is neither. */
const TYPES = [undefined, 'jwt', 'at+jwt', 'application/at+jwt'];

const JWKS_TIMEOUT_MS = 3_000;
/** While the issuer is away, one request in so long asks it; a token with an unknown key id asks once in 30 s (jose). */
const AFTER_FAILURE_MS = 5_000;
const MAX_KEY_SET_BYTES = 512 * 1024;
const DEV_TOKEN_LIFE = '12h';

const Claims = z.object({
  sub: Subject.max(256).refine((sub) => sub.isWellFormed()),
  role: z.enum(ROLES).default('user'),
  exp: z.number(),
});

/** @throws (the function it gives) TokenRefused, KeysUnavailable */
export function tokenVerifier(keys: TokenKeys): (token: string) => Promise<VerifiedCaller> {
  const { issuer, audience } = keys;
  const required = {
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
    requiredClaims: ['exp', 'sub'],
    algorithms: 'secret' in keys ? SYMMETRIC : ASYMMETRIC,
  };
  const secret = 'secret' in keys ? new TextEncoder().encode(keys.secret) : null;
  const published = 'jwksUrl' in keys ? publishedKeys(keys.jwksUrl) : null;
  return async (token) => {
    try {
      const { payload, protectedHeader } =
        secret !== null
          ? await jwtVerify(token, secret, required)
          : await jwtVerify(token, published as JWTVerifyGetKey, required);
      if (!TYPES.includes(protectedHeader.typ?.toLowerCase())) throw new TokenRefused(false);
      const { sub, role, exp } = Claims.parse(payload);
      return { subject: sub, role, expiresAt: exp * 1000 };
    } catch (error) {
      if (error instanceof KeysUnavailable) throw error;
      throw new TokenRefused(error instanceof errors.JWTExpired);
    }
  };
}

/** The issuer's keys, read when they are needed, kept for ten minutes, and read anew for a key id that is not among them. */
function publishedKeys(url: string): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(url), {
    timeoutDuration: JWKS_TIMEOUT_MS,
    [customFetch]: notAtOnceAgain(readKeySet),
  });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      // Read well, and not among them: that is about the token.
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
        throw error;
      if (error instanceof errors.JOSENotSupported) throw error;
      throw new KeysUnavailable({ cause: error });
    }
  };
}

/** jose asks again with every token while there are no keys: callers must not be able to make that a flood. */
function notAtOnceAgain(ask: typeof readKeySet) {
  let failure: { readonly at: number; readonly error: unknown } | null = null;
  return async (url: string, init: object): Promise<Response> => {
    if (failure !== null && performance.now() - failure.at < AFTER_FAILURE_MS) throw failure.error;
    try {
      const keys = await ask(url, init);
      failure = null;
      return Response.json(keys);
    } catch (error) {
      failure = { at: performance.now(), error };
      throw error;
    }
  };
}

const KeySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** @throws what is no set of keys, or more than anybody publishes */
async function readKeySet(url: string, init: object): Promise<z.output<typeof KeySet>> {
  const { status, body } = await fetch(url, init as RequestInit);
  if (status !== 200 || body === null) throw new Error(`the token issuer answered ${status}`);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body) {
    bytes += part.byteLength;
    if (bytes > MAX_KEY_SET_BYTES) throw new Error('the token issuer answered at too great length');
    parts.push(part);
  }
  return KeySet.parse(JSON.parse(Buffer.concat(parts).toString('utf8')));
}

/** A token for development, as `/dev/token` gives it. */
export function signDevToken(
  secret: string,
  { subject, role }: Caller,
  { issuer, audience }: TokenScope = {},
): Promise<string> {
  const token = new SignJWT({ role })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime(DEV_TOKEN_LIFE);
  if (issuer !== undefined) token.setIssuer(issuer);
  if (audience !== undefined) token.setAudience(audience);
  return token.sign(new TextEncoder().encode(secret));
}
