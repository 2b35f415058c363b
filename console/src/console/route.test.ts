import { describe, expect, it } from '@jest/globals';
import { ALL_SESSIONS } from '../sre/session-filters.ts';
import { addresses, routeOf } from './route.ts';

const ID = '0b9f6c1e-4a51-4c0e-9d3b-2f6f0d2c7a11';

describe('an address of the console', () => {
  it('names a page', () => {
    expect(routeOf('/console')).toEqual({ page: 'rollout', flag: 'chunked-upload' });
    expect(routeOf('/console/?flag=other')).toEqual({ page: 'rollout', flag: 'other' });
    expect(routeOf('/console/sessions')).toEqual({ page: 'sessions', filters: ALL_SESSIONS });
    expect(routeOf('/console/sessions?stuck=true')).toMatchObject({ filters: { stuck: true } });
    expect(routeOf(`/console/sessions/${ID}`)).toEqual({ page: 'session', sessionId: ID });
    expect(routeOf('/console/dead-letters/')).toEqual({ page: 'dead-letters' });
    expect(routeOf('/console/consumers')).toEqual({ page: 'consumers' });
    expect(routeOf('/console/provider')).toEqual({ page: 'provider' });
  });

  it('or none', () => {
    const wrong = ['/console/x', `/console/sessions/${ID}/more`, '/console/consumers/x'];
    expect(wrong.map((address) => routeOf(address).page)).toEqual(['nowhere', 'nowhere', 'nowhere']);
    expect(routeOf('/console/sessions/%zz')).toEqual({ page: 'session', sessionId: '%zz' });
  });

  it('is made as it is read', () => {
    expect(addresses.rollout('chunked-upload')).toBe('/console');
    expect(routeOf(addresses.rollout('a b'))).toEqual({ page: 'rollout', flag: 'a b' });
    expect(addresses.sessions(ALL_SESSIONS)).toBe('/console/sessions');
    expect(addresses.sessions({ ...ALL_SESSIONS, state: 'failed', dead: true })).toBe(
      '/console/sessions?state=failed&dead=true',
    );
    expect(routeOf(addresses.session('../x'))).toEqual({ page: 'session', sessionId: '../x' });
  });
});
