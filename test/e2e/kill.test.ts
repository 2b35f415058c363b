/** kill −9 of the application at random moments of a session: restarted, it completes with every word exactly once. */

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dtmfSamples, mulberry32, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { freePort } from '../support/free-port.ts';
import { endProgram, type Program, runProgram } from '../support/process.ts';

/** The soak kills more (`npm run soak`); of these each takes a start of the whole. */
const ROUNDS = Number(process.env.TEST_KILLS ?? 3);
/** What a start may take on a slow machine; the sender waits for it. */
const START_MS = 180_000;
const seed = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000);
const random = mulberry32(seed);

let folder: string;
let port: number;
let application: Program;

const start = async () => {
  application = runProgram('src/main.ts', [], {
    PORT: String(port),
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: 'warn',
  });
  await application.printed(/^ready /m, START_MS);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thankly-kill-'));
  await chmod(folder, 0o755); // as root, PostgreSQL runs as another user, who must be able to enter
  port = await freePort();
  await start();
}, 300_000);
afterAll(async () => {
  if (application !== undefined) await endProgram(application);
  await rm(folder, { recursive: true, force: true });
}, 300_000);

describe(`kill −9 at ${ROUNDS} random moments (TEST_SEED=${seed})`, () => {
  it('loses no session and no word, and doubles none', async () => {
    const moments: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const words = numberedWords(60, round * 40);
      const file = join(folder, `round-${round}.wav`);
      await writeFile(file, wavBytes(dtmfSamples(words, { rate: 8_000, pauseEvery: 12 }), 8_000));
      const sender = runProgram('client/src/cli/send.ts', [
        file,
        '--json',
        '--url',
        `http://127.0.0.1:${port}`,
        '--patience',
        String(START_MS / 1000),
      ]);
      await sender.printed(/session [0-9a-f-]{36}/);
      const moment = Math.round(random() * 900);
      await delay(moment);
      application.child.kill('SIGKILL');
      await application.ended;
      await start();
      const { code, stdout, stderr } = await sender.ended;
      moments.push(`${moment} ms: ${/"stage":"(\w+)"/.exec(stdout)?.[1]}`);
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
      expect(JSON.parse(stdout)).toMatchObject({ state: 'completed', transcript: { text: words.join(' ') } });
    }
    process.stdout.write(`kill −9, TEST_SEED=${seed}: killed after ${moments.join(', ')}\n`);
  }, 600_000);
});
