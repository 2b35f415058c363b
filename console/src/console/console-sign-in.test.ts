import { describe, expect, it } from '@jest/globals';
import { ApiError } from '@thankly/voice-client';
import { createConsoleSignIn, type Role, roleOf } from './console-sign-in.ts';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenOf = (claims: object) => `${part({ alg: 'HS256' })}.${part(claims)}.signature`;

function kept(value: string | null) {
  return { read: () => value, write: () => undefined };
}

describe('the role', () => {
  it('is what the token claims', () => {
    expect(roleOf(tokenOf({ sub: 'zoë', role: 'release-manager' }))).toBe('release-manager');
    expect(roleOf(tokenOf({ sub: 'pm', role: 'sre' }))).toBe('sre');
  });

  it('is a user’s when the token claims none, or none that we know, or is no token', () => {
    expect([tokenOf({ sub: 'pm' }), tokenOf({ role: 'emperor' }), 'nonsense', ''].map(roleOf)).toEqual([
      'user',
      'user',
      'user',
      'user',
    ]);
  });
});

describe('looking at the rollout', () => {
  const devToken = async (role: Role) => tokenOf({ sub: 'pm', role });

  it('happens as a release manager where tokens are given for development', async () => {
    const signIn = createConsoleSignIn({ devToken, kept: kept(null) });
    expect(signIn.role).toBeNull();
    expect(roleOf(await signIn.token())).toBe('release-manager');
    expect(signIn.role).toBe('release-manager');
  });

  it('happens as who the page is for, where one may choose', async () => {
    const signIn = createConsoleSignIn({ devToken, kept: kept(null), first: 'sre' });
    expect(roleOf(await signIn.token())).toBe('sre');
  });

  it('may be done as another, who is known as soon as it is told', async () => {
    const signIn = createConsoleSignIn({ devToken, kept: kept(null) });
    await signIn.token();
    const seen: (Role | null)[] = [];
    signIn.subscribe(() => seen.push(signIn.role));
    await signIn.lookAs('viewer');
    expect(seen).toEqual(['viewer']);
    expect(roleOf(await signIn.token())).toBe('viewer');
  });

  it('takes the role from the token that a person gave', async () => {
    const nowhere = () => Promise.reject(new ApiError(404, 'route_not_found', 'there is none'));
    const signIn = createConsoleSignIn({ devToken: nowhere, kept: kept(null) });
    expect(await signIn.token()).toBe('');
    expect([signIn.state.phase, signIn.role]).toEqual(['asked', null]);
    signIn.give(`Bearer ${tokenOf({ sub: 'dana', role: 'viewer' })}`);
    expect(signIn.role).toBe('viewer');
  });

  it('knows the role of a token that the tab has kept', () => {
    const signIn = createConsoleSignIn({ devToken, kept: kept(tokenOf({ role: 'sre' })) });
    expect(signIn.role).toBe('sre');
  });
});
