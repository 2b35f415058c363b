import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { forgetPart, runningParts, tellPart } from './parts-file.ts';

const sandbox = { url: 'http://127.0.0.1:9090', pid: 41 };
const unleash = { url: 'http://127.0.0.1:4242', pid: 42 };
/** Higher than any process id that Linux gives. */
const NOBODY = 2 ** 22 + 1;

describe('the parts of a running application', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'thankly-parts-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('are none where none was told', () => {
    expect(runningParts(dataDir)).toBeNull();
  });

  it('are told one after the other', () => {
    tellPart(dataDir, 'sandbox', sandbox);
    tellPart(dataDir, 'unleash', unleash);
    expect(runningParts(dataDir)).toMatchObject({ pid: process.pid, sandbox, unleash });
  });

  it('have another process after a restart', () => {
    tellPart(dataDir, 'unleash', unleash);
    tellPart(dataDir, 'unleash', { ...unleash, pid: 43 });
    expect(runningParts(dataDir)?.unleash).toEqual({ ...unleash, pid: 43 });
  });

  it('stand in one file, for its owner only', () => {
    tellPart(dataDir, 'sandbox', sandbox);
    expect(readdirSync(dataDir)).toEqual(['parts.json']);
    expect(statSync(join(dataDir, 'parts.json')).mode & 0o777).toBe(0o600);
  });

  it('are forgotten one after the other, and the file with the last', () => {
    tellPart(dataDir, 'sandbox', sandbox);
    tellPart(dataDir, 'unleash', unleash);
    forgetPart(dataDir, 'unleash');
    expect(runningParts(dataDir)).toMatchObject({ sandbox });
    expect(runningParts(dataDir)?.unleash).toBeUndefined();
    forgetPart(dataDir, 'sandbox');
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('are none when the application that told them is gone', () => {
    const left = { pid: NOBODY, began: null, sandbox };
    writeFileSync(join(dataDir, 'parts.json'), JSON.stringify(left));
    expect(runningParts(dataDir)).toBeNull();
  });

  it('are none when its process id is another process now', () => {
    writeFileSync(join(dataDir, 'parts.json'), JSON.stringify({ pid: process.pid, began: '1', sandbox }));
    expect(runningParts(dataDir)).toBeNull();
  });

  it('begin anew over what another application has left', () => {
    writeFileSync(join(dataDir, 'parts.json'), JSON.stringify({ pid: NOBODY, began: null, unleash }));
    tellPart(dataDir, 'sandbox', sandbox);
    expect(runningParts(dataDir)?.unleash).toBeUndefined();
    expect(runningParts(dataDir)).toMatchObject({ sandbox });
  });

  it('are none when the file is no such file', () => {
    writeFileSync(join(dataDir, 'parts.json'), 'half of');
    expect(runningParts(dataDir)).toBeNull();
  });
});
