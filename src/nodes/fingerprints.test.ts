import { expect, it } from '@jest/globals';
import { fingerprints, type Setting } from './fingerprints.ts';

const SETTINGS: Setting[] = [
  { name: 'JWT_SECRET', value: 'a secret of thirty-two characters', isSecret: true },
  { name: 'S3_BUCKET', value: 'recordings' },
  { name: 'S3_REGION', value: 'recordings' },
];

it('the same value has the same fingerprint under the same key, and under no other', async () => {
  const made = await fingerprints(SETTINGS, 'key');
  expect(await fingerprints(SETTINGS, 'key')).toEqual(made);
  const elsewhere = await fingerprints(SETTINGS, 'another key');
  for (const { name } of SETTINGS) expect(elsewhere[name]).not.toBe(made[name]);
});

it('two settings of one value do not look alike, nor does a secret look like a setting of its value', async () => {
  const made = await fingerprints(SETTINGS, 'key');
  expect(made.S3_BUCKET).not.toBe(made.S3_REGION);
  const plain = await fingerprints(
    SETTINGS.map(({ name, value }) => ({ name, value })),
    'key',
  );
  expect(plain.JWT_SECRET).not.toBe(made.JWT_SECRET);
  expect(plain.S3_BUCKET).toBe(made.S3_BUCKET);
});

it('no value is in it', async () => {
  const made = JSON.stringify(await fingerprints(SETTINGS, 'key'));
  for (const { value } of SETTINGS) {
    expect(made).not.toContain(value);
    expect(made).not.toContain(Buffer.from(value).toString('base64url'));
  }
});
