import { describe, expect, it } from '@jest/globals';
import type { Remembered } from '../shared/remembered.ts';
import { ownedToken, subjectOf } from './owner.ts';

const tokenOf = (sub: unknown) =>
  `e30.${Buffer.from(JSON.stringify({ sub, role: 'user' })).toString('base64url')}.signature`;

function keptAs(value: string | null): Remembered {
  let kept = value;
  return {
    read: () => kept,
    write: (next) => {
      kept = next;
    },
  };
}

describe('whose the recordings on the device are', () => {
  it('is the subject of the token', () => {
    expect(subjectOf(tokenOf('anna'))).toBe('anna');
    expect(subjectOf(tokenOf('安娜 ü'))).toBe('安娜 ü');
    for (const none of ['', 'no token', 'a.b.c', tokenOf(7), tokenOf('')]) expect(subjectOf(none)).toBeNull();
  });

  it('changes before another one’s token is given, and not when there is none', async () => {
    const tokens = ['', tokenOf('anna'), tokenOf('anna'), '', tokenOf('ben')];
    const happened: string[] = [];
    const kept = keptAs(null);
    const token = ownedToken(
      async () => tokens.shift() ?? '',
      kept,
      async (owner) => void happened.push(owner),
    );
    for (let asked = 0; asked < 5; asked++) {
      const given = await token();
      happened.push(given === '' ? 'none' : `token of ${subjectOf(given)}`);
    }
    expect(happened).toEqual([
      'none',
      'anna',
      'token of anna',
      'token of anna',
      'none',
      'ben',
      'token of ben',
    ]);
    expect(kept.read()).toBe('ben');
  });

  it('is remembered: the same person after a reload changes nothing', async () => {
    const changed: string[] = [];
    const token = ownedToken(
      async () => tokenOf('anna'),
      keptAs('anna'),
      async (owner) => void changed.push(owner),
    );
    await token();
    expect(changed).toEqual([]);
  });
});
