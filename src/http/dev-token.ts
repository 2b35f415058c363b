import { isIP } from 'node:net';
import { Router } from 'express';
import { signDevToken } from './authentication.ts';
import { parseBody } from './parse.ts';
import { Problem } from './problem.ts';
import { TokenBody } from './schemas.ts';

/** `POST /dev/token`: in embedded mode, to callers on this machine only, a token for any user and role. */
export function devToken(secret: string): Router {
  return Router().post('/', async (request, response) => {
    // The peer's own address; forwarding headers are not believed.
    if (!isLoopback(request.socket.remoteAddress ?? '')) {
      throw new Problem(403, 'loopback_only', '/dev/token answers on this machine only');
    }
    const { userId, role } = parseBody(TokenBody, request);
    response.status(201).json({ token: await signDevToken(secret, { subject: userId, role }) });
  });
}

function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}
