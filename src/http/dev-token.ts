import { isIP } from 'node:net';
import { type Request, Router } from 'express';
import { parseBody } from './parse.ts';
import { Problem } from './problem.ts';
import { TokenBody } from './schemas.ts';
import { signDevToken, type TokenScope } from './token-verifier.ts';

/** `POST /dev/token`: in embedded mode, to callers on this machine only, a token for any user and role. */
export function devToken(secret: string, scope: TokenScope = {}): Router {
  return Router().post('/', async (request, response) => {
    if (!isFromThisMachine(request)) {
      throw new Problem(403, 'loopback_only', '/dev/token answers on this machine only');
    }
    const { userId, role } = parseBody(TokenBody, request);
    const token = await signDevToken(secret, { subject: userId, role }, scope);
    response.status(201).set('Cache-Control', 'private, no-store').json({ token });
  });
}

/**
 * The peer's own address says so, and nothing says otherwise: a proxy or a tunnel on this machine has that address too,
 * but tells for whom it asks; and a page whose name was made to lead here (DNS rebinding) asks for that name.
 */
function isFromThisMachine(request: Request): boolean {
  if (FORWARDED.some((header) => request.headers[header] !== undefined)) return false;
  return isLoopback(request.socket.remoteAddress ?? '') && isLoopback(hostnameOf(request.headers.host ?? ''));
}

const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'] as const;

function hostnameOf(host: string): string {
  return URL.parse(`http://${host}`)?.hostname.replace(/^\[|\]$/g, '') ?? '';
}

function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return plain === 'localhost' || plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}
