import { describe, expect, it } from '@jest/globals';
import { importanceOf } from './importance.ts';
import { overloadFor, type Pressure } from './overload.ts';

const BOUNDS = { inFlight: 400, loopDelayMs: 400, poolWaiters: 100, waitingJobs: 1_000 };
const given = (pressure: Partial<Pressure>) => {
  const all = { inFlight: 0, loopDelayMs: 0, poolWaiters: 0, waitingJobs: 0, ...pressure };
  return (['other', 'new', 'vital'] as const).map((importance) => overloadFor(importance, all, BOUNDS));
};

describe('when there is too much to do', () => {
  it('all are welcome below half of each bound', () => {
    expect(given({ inFlight: 199, loopDelayMs: 199, poolWaiters: 49, waitingJobs: 999 })).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('reads are given up first, then what is new, and last what saves a recording', () => {
    expect(given({ inFlight: 200 })).toEqual(['in_flight', null, null]);
    expect(given({ inFlight: 300 })).toEqual(['in_flight', 'in_flight', null]);
    expect(given({ inFlight: 400 })).toEqual(['in_flight', 'in_flight', 'in_flight']);
    expect(given({ poolWaiters: 50 })).toEqual(['pool_waiters', null, null]);
    expect(given({ poolWaiters: 100 })).toEqual(['pool_waiters', 'pool_waiters', 'pool_waiters']);
  });

  it('a late event loop never costs a recording', () => {
    expect(given({ loopDelayMs: 200 })).toEqual(['loop_delay', null, null]);
    expect(given({ loopDelayMs: 60_000 })).toEqual(['loop_delay', 'loop_delay', null]);
  });

  it('with too many jobs waiting nothing is begun, and all else goes on', () => {
    expect(given({ waitingJobs: 1_000 })).toEqual([null, 'waiting_jobs', null]);
  });
});

describe('what a request is worth', () => {
  const id = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
  it.each([
    ['PUT', `/objects/${id}/chunks/0`],
    ['OPTIONS', `/objects/${id}/chunks/0`],
    ['POST', `/audio/session/${id}/chunks/3`],
    ['POST', `/audio/session/${id}/complete`],
    ['POST', `/audio/session/${id}/fallback`],
    ['GET', `/audio/session/${id}/presign`],
    ['POST', '/rollouts/chunked-upload/rollback'],
    ['GET', '/'],
    ['GET', '/console/sessions'],
    ['GET', '/assets/recorder-0gi7ZkqN.js'],
    ['GET', '/page.json'],
    ['PUT', '/rollouts/chunked-upload/percent'],
  ])('%s %s is vital', (method, path) => {
    expect(importanceOf(method, path)).toBe('vital');
  });
  it.each([
    ['POST', '/audio/session/create'],
    ['POST', `/audio/session/${id}/retry`],
    ['DELETE', '/users/me'],
    ['POST', '/'],
  ])('%s %s is new', (method, path) => {
    expect(importanceOf(method, path)).toBe('new');
  });
  it.each([
    ['GET', `/audio/session/${id}/status`],
    ['GET', `/objects/${id}/merged.wav`],
    ['GET', '/entries'],
    ['GET', '/rollouts/chunked-upload'],
    ['GET', '/consoles'],
    ['GET', '/docs'],
  ])('%s %s is given up first', (method, path) => {
    expect(importanceOf(method, path)).toBe('other');
  });
});
