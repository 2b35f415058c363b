import { expect, it } from '@jest/globals';
import { environmentOf, requireToken, unleashAddress } from './address.ts';

it.each([
  ['http://127.0.0.1:4242', 'http://127.0.0.1:4242'],
  ['http://127.0.0.1:4242/', 'http://127.0.0.1:4242'],
  ['https://flags.example/api', 'https://flags.example'],
  ['https://flags.example/team/api/', 'https://flags.example/team'],
  ['https://api.example', 'https://api.example'],
])('takes %s as %s', (given, address) => {
  expect(unleashAddress(given)).toBe(address);
});

it.each([
  ['default:development.0123abcd', 'development'],
  ['*:production.0123abcd', 'production'],
  ['[]:pre-live.0123abcd', 'pre-live'],
  ['*:*.0123abcd', null],
  ['user:0123abcd', null],
  ['', null],
])('reads the environment of the token %s: %s', (token, environment) => {
  expect(environmentOf(token)).toBe(environment);
});

it.each(['', 'two words', 'line\n', 'é'])('refuses the token %j without showing it', (token) => {
  expect(() => requireToken(token)).toThrow(
    expect.objectContaining({
      code: 'unauthorized',
      message: 'the token for Unleash is empty or has a character that no token has',
    }),
  );
});
