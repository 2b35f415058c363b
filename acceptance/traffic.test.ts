import { describe, expect, it } from '@jest/globals';
import { coverageOf, Traffic } from './traffic.ts';

const PATHS = {
  '/flags': { get: { responses: { 200: {}, 401: {} } } },
  '/users/me/export': { get: { responses: { 200: {} } } },
  '/users/{id}/export': { get: { responses: { 200: {} } } },
  '/audio/session/{id}': { delete: { responses: { 204: {} } } },
};

describe('what was called of /openapi.json', () => {
  it('is told from the requests, a path with parameters too, the most literal one first', () => {
    const traffic = new Traffic();
    traffic.note('get', '/flags?x=1', 200);
    traffic.note('GET', '/users/me/export', 200);
    traffic.note('GET', '/audio/session/1', 200);
    traffic.note('GET', '/assets/page.js', 200);
    expect(coverageOf(PATHS, traffic.seen())).toEqual({
      called: ['GET /flags', 'GET /users/me/export'],
      notCalled: ['GET /users/{id}/export', 'DELETE /audio/session/{id}'],
      unnamed: [],
    });
  });

  it('names the answers that the document does not', () => {
    const traffic = new Traffic();
    traffic.note('GET', '/flags', 401);
    traffic.note('GET', '/flags', 418);
    traffic.note('DELETE', '/audio/session/1', 500);
    expect(coverageOf(PATHS, traffic.seen()).unnamed).toEqual([
      'GET /flags: 418',
      'DELETE /audio/session/{id}: 500',
    ]);
  });
});
