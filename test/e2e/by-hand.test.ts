/** The plan's four calls (create, presign, complete, status), as docs/by-hand.md has them for curl: they are run as they stand. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { eventually } from '../support/eventually.ts';
import { describeIf } from '../support/optional.ts';
import { entriesOf } from '../support/recorder-page.ts';
import { Stage } from '../support/recorder-scenarios.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage?.close(), 60_000);

const curlMissing = spawnSync('curl', ['--version']).status === 0 ? null : 'there is no curl';

describeIf(curlMissing, 'a recording by hand', () => {
  it('becomes an entry by the four calls of the docs, typed into a shell', async () => {
    const server = await stage.server('by-hand');
    const words = numberedWords(20);
    writeFileSync(join(stage.folder, 'note.wav'), wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000));
    const text = readFileSync(join(import.meta.dirname, '../../docs/by-hand.md'), 'utf8');
    const script = /```sh\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
    expect(script).toContain('BASE=http://127.0.0.1:8080\n');
    const typed = script.replace('BASE=http://127.0.0.1:8080', `BASE=${server.url}`);
    const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', typed], {
      cwd: stage.folder,
      encoding: 'utf8',
      timeout: 30_000,
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('"sessionId"');
    await eventually(async () => {
      const heard = (await entriesOf(server.url)).map(({ transcript }) => transcript);
      expect(heard).toEqual([words.join(' ')]);
    }, 30_000);
  }, 90_000);
});
