import type { RequestHandler } from 'express';
import { Problem, sendProblem } from '../problem.ts';

/**
 * Gives up a request whose body trickles: what is parsed as a whole has at most 512 kB, and a phone that cannot send that
 * in time has a dead link. (Audio is not parsed here, and has a patience of its own.)
 */
export function bodyInTime(milliseconds: number): RequestHandler {
  return (request, response, next) => {
    const hasBody =
      request.headers['transfer-encoding'] !== undefined || request.get('content-length') !== undefined;
    if (!hasBody || request.complete) return next();
    const timer = setTimeout(() => {
      if (response.headersSent) return;
      const late = new Problem(
        408,
        'body_too_slow',
        'the request body did not arrive in time',
        {},
        { Connection: 'close' },
      );
      sendProblem(response, late);
    }, milliseconds);
    const settle = () => clearTimeout(timer);
    request.once('end', settle).once('close', settle);
    next();
  };
}
