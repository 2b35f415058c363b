import { describe, expect, it } from '@jest/globals';
import { isConnectionTrouble } from './connection-trouble.ts';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

describe('trouble with the connection', () => {
  it.each([
    ...['08006', '40001', '40P01', '53300', '57P01', '57P03', '58030', '25006'],
    ...['ECONNREFUSED', 'ECONNRESET'],
  ])('is %s', (code) => expect(isConnectionTrouble(withCode(code))).toBe(true));

  it.each([
    'Connection terminated unexpectedly',
    'timeout exceeded when trying to connect',
    'Query read timeout',
  ])('is "%s"', (message) => expect(isConnectionTrouble(new Error(message))).toBe(true));

  it.each(['23505', '25001', '42P01', '22P02', '57014', 'refused', ''])(
    'is not %p: asked again, it fails again',
    (code) => expect(isConnectionTrouble(withCode(code))).toBe(false),
  );

  it('is not what is no error', () => {
    expect(isConnectionTrouble('ECONNRESET')).toBe(false);
    expect(isConnectionTrouble(null)).toBe(false);
  });
});
