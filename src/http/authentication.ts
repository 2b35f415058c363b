/** Bearer JWT: who is asking, and in which role. Algorithms are pinned by how the keys are given. */
import type { Request, RequestHandler } from 'express';
import { createRemoteJWKSet, errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { Problem } from './problem.ts';
import { ROLES } from './schemas.ts';

export type Role = (typeof ROLES)[number];

export type Caller = {
  /** The token's subject. Never written to the log: events carry its pseudonym. */
  readonly subject: string;
  readonly role: Role;
};

/** Either one shared secret (HS256) or the issuer's published keys (asymmetric algorithms only). */
export type TokenKeys =
  | { readonly secret: string }
  | { readonly jwksUrl: string; readonly issuer?: string; readonly audience?: string };

const ASYMMETRIC = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const JWKS_TIMEOUT_MS = 3_000;
const DEV_TOKEN_LIFE = '12h';

const Claims = z.object({ sub: z.string().min(1).max(256), role: z.enum(ROLES).default('user') });

const callers = new WeakMap<Request, Caller>();

/** Who sent the request. Only behind `authenticate`. */
export function callerOf(request: Request): Caller {
  const caller = callers.get(request);
  if (caller === undefined)
    throw new Problem(401, 'token_missing', 'send Authorization: Bearer <token>', {}, CHALLENGE);
  return caller;
}

// "The server generating a 401 response MUST send a WWW-Authenticate header field" (RFC 9110 §15.5.2).
const CHALLENGE = { 'WWW-Authenticate': 'Bearer' };

export function authenticate(keys: TokenKeys): RequestHandler {
  const verify = verifier(keys);
  return async (request, _response, next) => {
    const token = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
    if (token === undefined) {
      throw new Problem(401, 'token_missing', 'send Authorization: Bearer <token>', {}, CHALLENGE);
    }
    callers.set(request, await verify(token));
    next();
  };
}

function verifier(keys: TokenKeys): (token: string) => Promise<Caller> {
  const secret = 'secret' in keys ? new TextEncoder().encode(keys.secret) : null;
  const jwks =
    'jwksUrl' in keys
      ? createRemoteJWKSet(new URL(keys.jwksUrl), { timeoutDuration: JWKS_TIMEOUT_MS })
      : null;
  const scope =
    'jwksUrl' in keys
      ? {
          ...(keys.issuer === undefined ? {} : { issuer: keys.issuer }),
          ...(keys.audience === undefined ? {} : { audience: keys.audience }),
        }
      : {};
  return async (token) => {
    try {
      const { payload } =
        secret !== null
          ? await jwtVerify(token, secret, { algorithms: ['HS256'], requiredClaims: ['exp', 'sub'] })
          : await jwtVerify(token, jwks as NonNullable<typeof jwks>, {
              ...scope,
              algorithms: ASYMMETRIC,
              requiredClaims: ['exp', 'sub'],
            });
      const { sub, role } = Claims.parse(payload);
      return { subject: sub, role };
    } catch (error) {
      if (error instanceof errors.JWTExpired)
        throw new Problem(401, 'token_expired', 'the token has expired', {}, CHALLENGE);
      if (error instanceof errors.JWKSTimeout || (error instanceof TypeError && jwks !== null)) {
        throw new Problem(
          503,
          'keys_unavailable',
          'the keys of the token issuer cannot be read',
          {},
          { 'Retry-After': '5' },
        );
      }
      throw new Problem(401, 'token_invalid', 'the token is not valid here', {}, CHALLENGE);
    }
  };
}

/** A token for development, as `/dev/token` gives it. */
export function signDevToken(secret: string, { subject, role }: Caller): Promise<string> {
  return new SignJWT({ role })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime(DEV_TOKEN_LIFE)
    .sign(new TextEncoder().encode(secret));
}
