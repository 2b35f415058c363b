import { expect, it } from '@jest/globals';
import { startFailure } from './start-failure.ts';

const CONFIG = { PORT: 8080, HOST: '10.1.2.3' };
const failing = (code: string, message = 'as the system says it') =>
  Object.assign(new Error(message), { code });

it.each([
  ['EADDRINUSE', /^Port 8080 is taken/],
  ['EADDRNOTAVAIL', /^HOST 10\.1\.2\.3 /],
  ['ECONNREFUSED', /^DATABASE_URL: nothing answers there$/],
  ['28P01', /^DATABASE_URL: .* does not let this user and password in$/],
  ['3D000', /^DATABASE_URL: there is no such database$/],
  ['53300', /^DATABASE_URL: .* no connection left/],
  ['database_read_only', /^as the system says it$/],
  ['XX000', /^Thankly Voice could not start: as the system says it$/],
])('%s is told by the name of what is to be mended', (code, line) => {
  expect(startFailure(failing(code), CONFIG)).toMatch(line);
});

it('a name that nobody knows is ours or the database’s', () => {
  const unknown = (hostname: string) =>
    startFailure(Object.assign(failing('ENOTFOUND'), { hostname }), CONFIG);
  expect(unknown('10.1.2.3')).toMatch(/^HOST 10\.1\.2\.3 /);
  expect(unknown('db.example')).toBe('DATABASE_URL: there is no such host');
});

it('what is no error is told as it is', () => {
  expect(startFailure('stopped', CONFIG)).toBe('Thankly Voice could not start: stopped');
});
