import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keptSecret } from './secrets.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'thankly-secrets-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('a secret kept under DATA_DIR', () => {
  it('is made once, long, and for its owner only', () => {
    const secret = keptSecret(dataDir, 'token');
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(keptSecret(dataDir, 'token')).toBe(secret);
    expect(keptSecret(dataDir, 'other')).not.toBe(secret);
    expect(statSync(join(dataDir, 'token')).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir).sort()).toEqual(['other', 'token']);
  });

  it('makes the folder', () => {
    expect(keptSecret(join(dataDir, 'a', 'b'), 'token')).toHaveLength(64);
  });

  it('is not replaced when it is there already', () => {
    writeFileSync(join(dataDir, 'token'), 'given\n');
    expect(keptSecret(dataDir, 'token')).toBe('given');
  });
});
