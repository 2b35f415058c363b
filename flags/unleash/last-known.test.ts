import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { lastKnown } from './last-known.ts';

const STATE = {
  version: 2,
  features: [
    {
      name: 'chunked-upload',
      enabled: true,
      strategies: [{ name: 'default', parameters: {}, constraints: [] }],
    },
  ],
  segments: [],
};

let root: string;
let folder: string;
const errors: Error[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'thankly-state-'));
  folder = join(root, 'made/if/need/be');
  errors.length = 0;
});
afterEach(() => rmSync(root, { recursive: true }));

const open = () => lastKnown(folder, (error) => errors.push(error));
const file = () => join(folder, 'unleash-state.json');

it('gives back what was written last, by whomever', async () => {
  await open().write('any', STATE);
  await open().write('any', { ...STATE, version: 3 });
  expect(await open().read()).toEqual({ ...STATE, version: 3 });
  expect(readdirSync(folder)).toEqual(['unleash-state.json']);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
});

it('is nothing at first', async () => {
  expect([await open().read(), errors]).toEqual([undefined, []]);
});

it.each([
  '',
  '{"version":2,"features":[{"na',
  'null',
  '{"version":2,"features":[{"name":"a","enabled":true,"strategies":7}]}',
])('does not take %j for a state, and says so', async (text) => {
  await open().write('any', STATE);
  writeFileSync(file(), text);
  expect(await open().read()).toBeUndefined();
  expect(errors.map(({ message }) => message)).toEqual([
    'the last known state of the flags could not be read',
  ]);
});

it('does not write what is there already', async () => {
  const state = open();
  await state.write('any', STATE);
  const { ino } = statSync(file());
  await state.write('any', STATE);
  expect(statSync(file()).ino).toBe(ino);
});

it('tells that it cannot write, and lives on', async () => {
  writeFileSync(join(root, 'made'), 'a file where the folder should be');
  await open().write('any', STATE);
  expect(errors.map(({ message }) => message)).toEqual([
    'the last known state of the flags could not be written',
  ]);
});

it('writes no more once it is closed', async () => {
  const state = open();
  void state.write('any', STATE);
  await state.close();
  await state.write('any', { ...STATE, version: 3 });
  expect(await open().read()).toEqual(STATE);
});
