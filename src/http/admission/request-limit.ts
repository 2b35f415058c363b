/**
 * How many requests somebody may send: counted in windows of ten seconds, so that a burst of as much as ten seconds'
 * worth is nobody's fault. In this process's memory: see ADR 0028.
 */
import type { Response } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../problem.ts';

const WINDOW_SECONDS = 10;

export type RequestLimit = {
  /**
   * Counts one request, and tells in the answer's headers how many are left.
   * @throws Problem 429 `too_many_requests`
   */
  count(key: string, response: Response): Promise<void>;
};

/** @param name in the headers and the problem: `user`, `address` */
export function requestLimit(name: string, perSecond: number): RequestLimit {
  const points = Math.ceil(perSecond * WINDOW_SECONDS);
  const limiter = new RateLimiterMemory({ points, duration: WINDOW_SECONDS });
  return {
    async count(key, response) {
      const { isAllowed, left } = await counted(limiter, key);
      const resetSeconds = Math.max(1, Math.ceil(left.msBeforeNext / 1000));
      // "RateLimit-Policy … RateLimit" (draft-ietf-httpapi-ratelimit-headers-10, 3 and 4); one line each limit.
      response.append('RateLimit-Policy', `"${name}";q=${points};w=${WINDOW_SECONDS}`);
      response.append('RateLimit', `"${name}";r=${left.remainingPoints};t=${resetSeconds}`);
      if (isAllowed) return;
      throw new Problem(
        429,
        'too_many_requests',
        `more than ${points} requests in ${WINDOW_SECONDS} seconds`,
        { limit: name },
        { 'Retry-After': String(resetSeconds) },
      );
    },
  };
}

async function counted(
  limiter: RateLimiterMemory,
  key: string,
): Promise<{ readonly isAllowed: boolean; readonly left: RateLimiterRes }> {
  try {
    return { isAllowed: true, left: await limiter.consume(key) };
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return { isAllowed: false, left: refused };
    throw refused;
  }
}
