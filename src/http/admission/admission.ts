/**
 * Who comes in, and who is told to come again.
 *
 *   1. by address, before anything of the request is believed: 429
 *   2. by how much there is to do, the least important first: 503, at once, and again when its place is taken
 *   3. by who the token says it is: 429
 *
 * All in this process's memory, and decided in microseconds: what refuses under load must not stand on what is loaded
 * (ADR 0028). A crash forgets the counts. Each refusal says when to come again.
 */
import type { Request, RequestHandler } from 'express';
import { callerOf } from '../authentication.ts';
import { Problem } from '../problem.ts';
import { addressKey } from './client-address.ts';
import { importanceOf } from './importance.ts';
import { type Bounds, type Overload, overloadFor, type Pressure } from './overload.ts';
import { requestLimit } from './request-limit.ts';

/** Why a request was turned away, as metrics name it. */
export const REFUSALS = [
  'address',
  'user',
  'in_flight',
  'loop_delay',
  'pool_waiters',
  'waiting_jobs',
] as const;
export type Refusal = (typeof REFUSALS)[number];

export type AdmissionOptions = {
  /** Requests a second, on the average of ten. */
  readonly addressPerSecond: number;
  /** Likewise; as many again for what saves a recording, so that nobody's reading costs him a recording. */
  readonly userPerSecond: number;
  readonly bounds: Bounds;
  /** What is not counted here. */
  readonly pressure: () => Omit<Pressure, 'inFlight'>;
  readonly onRefused: (why: Refusal) => void;
  /** Uniform in [0, 1). */
  readonly random: () => number;
};

export type Admission = {
  readonly byAddress: RequestHandler;
  readonly byPressure: RequestHandler;
  /** Behind the reading of bodies: who sends slowly takes nobody's place. */
  readonly takePlace: RequestHandler;
  /** Behind `authenticate`. */
  readonly byUser: RequestHandler;
};

const DETAILS: Readonly<Record<Overload, string>> = {
  in_flight: 'too many requests are under way',
  loop_delay: 'the service is busy',
  pool_waiters: 'the service is busy',
  waiting_jobs: 'too much work waits already',
};
/** Spread, so that those who were refused together don't come again together. Seconds: at least, and at most so many more. */
const RETRY_SECONDS: Readonly<Record<Overload, readonly [least: number, spread: number]>> = {
  in_flight: [1, 3],
  loop_delay: [1, 3],
  pool_waiters: [1, 3],
  waiting_jobs: [10, 20],
};

export function createAdmission(options: AdmissionOptions): Admission {
  const { addressPerSecond, userPerSecond, bounds, pressure, onRefused, random } = options;
  const addresses = requestLimit('address', addressPerSecond);
  const users = requestLimit('user', userPerSecond);
  const saving = requestLimit('user-saving', userPerSecond);
  let inFlight = 0;

  return {
    async byAddress(request, response, next) {
      const key = addressKey(request.ip ?? '');
      if (key !== null) await telling('address', () => addresses.count(key, response));
      next();
    },
    byPressure(request, _response, next) {
      refuseTooMuch(request);
      next();
    },
    takePlace(request, response, next) {
      // Who has gone meanwhile would never give it back.
      if (isLong(request) || response.closed) return next();
      // Again: of those who came in together each saw the places of none of the others taken.
      refuseTooMuch(request);
      inFlight += 1;
      response.once('close', () => {
        inFlight -= 1;
      });
      next();
    },
    async byUser(request, response, next) {
      const isVital = importanceOf(request.method, request.baseUrl + request.path) === 'vital';
      const { subject } = callerOf(request);
      await telling('user', () => (isVital ? saving : users).count(subject, response));
      next();
    },
  };

  function refuseTooMuch({ method, path }: Request): void {
    const overload = overloadFor(importanceOf(method, path), { ...pressure(), inFlight }, bounds);
    if (overload === null) return;
    onRefused(overload);
    throw busy(overload, random());
  }

  async function telling(why: Refusal, count: () => Promise<void>): Promise<void> {
    try {
      await count();
    } catch (error) {
      onRefused(why);
      throw error;
    }
  }
}

function busy(overload: Overload, random: number): Problem {
  const [least, spread] = RETRY_SECONDS[overload];
  const seconds = least + Math.floor(random * spread);
  const code = overload === 'waiting_jobs' ? 'queue_full' : 'overloaded';
  return new Problem(503, code, DETAILS[overload], {}, { 'Retry-After': String(seconds) });
}

/** These mostly wait, and have bounds of their own: they are no measure of what there is to do. */
function isLong(request: Request): boolean {
  const { path } = request;
  if (path.endsWith('/complete')) return request.get('prefer') !== undefined; // waits for its chunks
  return path.endsWith('/events') || path === '/users/me/export';
}
