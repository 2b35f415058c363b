/** Bearer JWT: who is asking, and in which role. What a token must be is in token-verifier.ts. */
import type { Request, RequestHandler } from 'express';
import { Problem } from './problem.ts';
import {
  KeysUnavailable,
  type TokenKeys,
  TokenRefused,
  tokenVerifier,
  type VerifiedCaller,
} from './token-verifier.ts';

export { type Role, signDevToken, type TokenKeys } from './token-verifier.ts';

const callers = new WeakMap<Request, VerifiedCaller>();

/** Who sent the request. Only behind `authenticate`. */
export function callerOf(request: Request): VerifiedCaller {
  const caller = callers.get(request);
  if (caller === undefined) throw tokenMissing();
  return caller;
}

// "The server generating a 401 response MUST send a WWW-Authenticate header field" (RFC 9110 §15.5.2).
const CHALLENGE = { 'WWW-Authenticate': 'Bearer' };

const tokenMissing = () =>
  new Problem(401, 'token_missing', 'send Authorization: Bearer <token>', {}, CHALLENGE);

/** A token is taken from the header alone: addresses are written down on the way. */
export function authenticate(keys: TokenKeys): RequestHandler {
  const verify = tokenVerifier(keys);
  return async (request, response, next) => {
    // What is answered to somebody is for them: neither a browser nor a proxy keeps it.
    response.set('Cache-Control', 'private, no-store');
    const token = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
    if (token === undefined) throw tokenMissing();
    callers.set(request, await verify(token).catch(refuse));
    next();
  };
}

function refuse(error: unknown): never {
  if (error instanceof KeysUnavailable)
    throw new Problem(503, 'keys_unavailable', error.message, {}, { 'Retry-After': '5' });
  if (!(error instanceof TokenRefused)) throw error;
  throw new Problem(401, error.expired ? 'token_expired' : 'token_invalid', error.message, {}, CHALLENGE);
}
