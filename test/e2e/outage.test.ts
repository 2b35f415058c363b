/** The provider's process is down for a while, then back: every session completes, whoever came in between. */

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { type Sandbox, startSandbox } from '../../src/ai/sandbox/launch.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { httpClient } from '../support/http-client.ts';

const DOWN_MS = Number(process.env.TEST_DOWN_SECONDS ?? 25) * 1_000;
const SESSIONS = 10;

let provider: Sandbox;
let application: TestApplication;

beforeAll(async () => {
  provider = await startSandbox();
  application = await startApplication({ OPENAI_BASE_URL: `${provider.url}/v1` });
}, 300_000);
afterAll(async () => {
  await application?.stop();
  await provider?.stop();
});

it('completes every session with every word once', async () => {
  const me = httpClient(application.url, await application.token('me'));
  const port = Number(new URL(provider.url).port);
  const record = async (round: number) => {
    const words = numberedWords(10, round * 50);
    const recording = wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000);
    const id = await me.upload([recording]);
    await me.complete(id, [recording]);
    return { id, text: words.join(' ') };
  };
  const sessions = [await record(0)];
  await provider.stop();
  const back = delay(DOWN_MS).then(() => startSandbox({ port }));
  for (let round = 1; round < SESSIONS; round++) {
    sessions.push(await record(round));
    await delay(DOWN_MS / SESSIONS / 2); // they come in all through the first half of it
  }
  const states = await Promise.all(sessions.map(({ id }) => me.status(id)));
  expect(states.filter(({ body }) => body.state === 'processing').length).toBeGreaterThanOrEqual(
    SESSIONS - 1,
  );
  provider = await back;
  for (const { id, text } of sessions) {
    expect(await me.statusWhen(id, me.ended, 60_000)).toMatchObject({
      state: 'completed',
      transcript: { text },
    });
  }
}, 240_000);
