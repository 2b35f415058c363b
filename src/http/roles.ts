import type { RequestHandler } from 'express';
import { callerOf } from './authentication.ts';
import { Problem } from './problem.ts';
import type { Role } from './token-verifier.ts';

/** Lets only these roles pass. Only behind `authenticate`. */
export function requireRole(...roles: readonly Role[]): RequestHandler {
  return (request, _response, next) => {
    const { role } = callerOf(request);
    if (!roles.includes(role)) {
      throw new Problem(
        403,
        'role_forbidden',
        `this needs the role ${roles.join(' or ')}; the token has ${role}`,
        {
          needed: roles,
        },
      );
    }
    next();
  };
}
