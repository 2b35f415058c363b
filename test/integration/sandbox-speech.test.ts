/** Real speech (LibriVox, from Debian's pocketsphinx-testdata), heard by a real recogniser behind the real server. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import OpenAI, { toFile } from 'openai';
import { type Sandbox, startSandbox } from '../../src/ai/sandbox/launch.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { eventually } from '../support/eventually.ts';
import { librivoxFile, speechMissing } from '../support/librivox.ts';
import { describeIf } from '../support/optional.ts';
import { wordErrorRate } from '../support/word-error-rate.ts';

describeIf(speechMissing(), 'the sandbox provider listening to people', () => {
  let sandbox: Sandbox;
  let client: OpenAI;
  beforeAll(async () => {
    sandbox = await startSandbox();
    client = new OpenAI({ apiKey: 'sk-test', baseURL: `${sandbox.url}/v1`, maxRetries: 0, logLevel: 'off' });
  });
  afterAll(() => sandbox?.stop());

  const hear = async (bytes: Uint8Array) =>
    client.audio.transcriptions.create({
      file: await toFile(bytes, 'speech.wav'),
      model: 'whisper-1',
      response_format: 'verbose_json',
      timestamp_granularities: ['word'],
    });

  it.each([
    ['0880', 'he was not an ill disposed young man'],
    [
      '0920',
      'had he married a more amiable woman he might have been made still more respectable than he was',
    ],
  ])('writes down real words with their times, most of them right: %s', async (number, reference) => {
    const { text, words = [], duration } = await hear(readFileSync(librivoxFile(number)));
    expect(wordErrorRate(reference.split(' '), text.split(' '))).toBeLessThan(0.4);
    expect(words.map(({ word }) => word).join(' ')).toBe(text);
    for (const [index, { start, end }] of words.entries()) {
      expect(end).toBeGreaterThan(start);
      expect(start).toBeGreaterThanOrEqual(words[index - 1]?.start ?? 0);
      expect(end).toBeLessThanOrEqual(Number(duration) + 0.5);
    }
  });

  it('hears the same in the same', async () => {
    const bytes = readFileSync(librivoxFile('0880'));
    const [one, other] = await Promise.all([hear(bytes), hear(bytes)]);
    expect(one.text).not.toBe('');
    expect(other).toEqual(one);
  });

  it('stops the recogniser when the caller goes away or the process is ended, and leaves no sound behind', async () => {
    const before = process.env.TMPDIR;
    const folder = mkdtempSync(join(tmpdir(), 'thankly-sandbox-test-'));
    process.env.TMPDIR = folder;
    const other = await startSandbox().finally(() => {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    });
    try {
      const speech = readFileSync(librivoxFile('0870'));
      const call = (signal?: AbortSignal) => {
        const body = new FormData();
        body.set('model', 'whisper-1');
        body.set('file', new Blob([speech]), 'speech.wav');
        const headers = { authorization: 'Bearer sk-test' };
        return fetch(`${other.url}/v1/audio/transcriptions`, {
          method: 'POST',
          headers,
          body,
          signal: signal ?? null,
        });
      };
      const controller = new AbortController();
      const given = expect(call(controller.signal)).rejects.toThrow();
      await eventually(() => expect(readdirSync(folder)).toHaveLength(1));
      controller.abort();
      await given;
      await eventually(() => expect(readdirSync(folder)).toHaveLength(0));
      const broken = expect(call()).rejects.toThrow();
      await eventually(() => expect(readdirSync(folder)).toHaveLength(1));
      await other.stop();
      await broken;
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      await other.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('gives times of the whole recording, not of each utterance', async () => {
    const speech = readFileSync(librivoxFile('0930'));
    const pcm = new Int16Array(
      speech.buffer.slice(speech.byteOffset + 44, speech.byteOffset + speech.length),
    );
    const samples = new Float32Array(pcm.length + 5 * 16_000);
    samples.set(
      Array.from(pcm, (sample) => sample / 32_768),
      5 * 16_000,
    );
    const { words = [] } = await hear(wavBytes(samples, 16_000));
    expect(words.length).toBeGreaterThan(4);
    expect(words[0]?.start).toBeGreaterThan(4.5);
  });
});
