/** The provider's process is away for twenty seconds while people talk: it costs time, and not a word. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PAUSES, saidIn } from '../../bench/stop-to-text/said.ts';
import { type BenchRecording, longRecording } from '../../bench/upload/long-recording.ts';
import { benchManager, until } from '../../bench/upload/record-with-manager.ts';
import { type Sandbox, startSandbox } from '../../src/ai/sandbox/launch.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { httpClient } from '../support/http-client.ts';

const AWAY_AFTER_MS = 8_000;
const AWAY_MS = 20_000;
/** From when all is said and the provider is back: a window waits ten seconds for its next try, at most; the rest is a
 * machine that has other work. What it may not be is a step's long wait. */
const ENTRY_WITHIN_MS = 60_000;
const STOPS = { 'after the provider was back': 35_000, 'while the provider was away': 20_000 };

describe('the provider is killed eight seconds into a recording, and back twenty seconds later', () => {
  let provider: Sandbox;
  let application: TestApplication;
  /** In real time, so all talk at once, and a test each waits for its own. */
  const talks = new Map<string, Promise<void>>();

  beforeAll(async () => {
    provider = await startSandbox();
    application = await startApplication({ OPENAI_BASE_URL: `${provider.url}/v1` });
    const long = await longRecording(Math.max(...Object.values(STOPS)) / 1000, PAUSES);
    const back = awayForAWhile();
    for (const [name, milliseconds] of Object.entries(STOPS)) {
      const talk = talkThrough(long.first(milliseconds), back, name);
      talk.catch(() => undefined); // told by its own test
      talks.set(name, talk);
    }
  }, 120_000);
  afterAll(async () => {
    await Promise.allSettled(talks.values());
    await application?.stop();
    await provider?.stop();
  }, 60_000);

  async function awayForAWhile(): Promise<void> {
    const port = Number(new URL(provider.url).port);
    await delay(AWAY_AFTER_MS);
    process.kill(provider.pid, 'SIGKILL');
    await provider.ended;
    await delay(AWAY_MS);
    provider = await startSandbox({ port });
  }

  async function talkThrough(recording: BenchRecording, back: Promise<void>, who: string): Promise<void> {
    const { durationMs } = recording;
    const token = await application.token(who);
    const manager = benchManager({ url: application.url, token }, recording, fetch);
    try {
      await manager.open();
      await manager.start();
      await delay(durationMs);
      await manager.stop();
      await back;
      const couldBeHeardAt = Date.now();
      await until(manager, () => manager.state.phase === 'ready');
      expect(Date.now() - couldBeHeardAt).toBeLessThan(ENTRY_WITHIN_MS);
      const status = 'status' in manager.state ? manager.state.status : null;
      expect(status).toMatchObject({
        state: 'completed',
        transcript: { text: saidIn(durationMs).join(' ') },
        coverage: { gaps: [] },
      });
      const { failed, givenUp } = await transcriptionsOf(status?.sessionId ?? '');
      expect(failed).toBeGreaterThan(0); // it was missed
      expect(givenUp).toBe(0);
    } finally {
      await manager.close();
    }
  }

  async function transcriptionsOf(sessionId: string) {
    const sre = httpClient(application.url, await application.token('sre', 'sre'));
    const { body } = await sre.request('GET', `/admin/sessions/${sessionId}/timeline`);
    const events = body.events as { type: string; facts: { step?: string; gap?: string } }[];
    const isTranscription = ({ facts }: (typeof events)[number]) => facts.step === 'transcribe';
    return {
      failed: events.filter((event) => event.type === 'StepAttemptFailed' && isTranscription(event)).length,
      givenUp: events.filter(({ type, facts }) => type === 'StepFailed' || facts.gap !== undefined).length,
    };
  }

  it.each(Object.keys(STOPS))(
    'each word is read once by somebody who stops %s',
    (name) => talks.get(name),
    120_000,
  );
});
