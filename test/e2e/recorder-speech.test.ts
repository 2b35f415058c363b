/** A person's voice, by the way a person's voice takes: microphone, browser, chunks, server, recogniser, entry. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { chromiumMissing } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { librivoxFile, speechMissing } from '../support/librivox.ts';
import { describeIf } from '../support/optional.ts';
import { entriesOf, openRecorder, recordFor } from '../support/recorder-page.ts';
import { Stage } from '../support/recorder-scenarios.ts';
import { wordErrorRate } from '../support/word-error-rate.ts';

const RATE = 16_000;
const HEADER_BYTES = 44;
const SAID =
  'had he married a more amiable woman he might have been made still more respectable than he was ' +
  'he was not an ill disposed young man';

/** Two seconds of nothing before and one between them. */
function readAloud(file: string): number {
  const silence = (seconds: number) => new Float32Array(seconds * RATE);
  const parts = [silence(2), samplesOf('0920'), silence(1), samplesOf('0880')];
  const samples = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(part, at);
    at += part.length;
  }
  writeFileSync(file, wavBytes(samples, RATE));
  return samples.length / RATE;
}

function samplesOf(number: string): Float32Array {
  const { buffer, byteOffset, length } = readFileSync(librivoxFile(number));
  const pcm = new Int16Array(buffer.slice(byteOffset + HEADER_BYTES, byteOffset + length));
  return Float32Array.from(pcm, (sample) => sample / 32_768);
}

describeIf(chromiumMissing() ?? speechMissing(), 'a person who talks to the recorder page', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage?.close(), 60_000);

  it('reads an entry made of what was said, most of its words right', async () => {
    const server = await stage.server('speech');
    const microphone = join(stage.folder, 'speech.wav');
    const seconds = readAloud(microphone);
    const { page } = await stage.browser({ microphone });
    await openRecorder(page, server.url);
    await recordFor(page, seconds + 1);
    const entry = await eventually(async () => {
      const entries = await entriesOf(server.url);
      expect(entries).toHaveLength(1);
      return entries[0];
    }, 60_000);
    const heard = entry?.transcript.split(' ') ?? [];
    // By the recogniser itself about a third is wrong (DESIGN: 26.6 % of the whole files).
    expect(wordErrorRate(SAID.split(' '), heard)).toBeLessThan(0.5);
    expect(entry?.title).not.toBe('');
    await page
      .getByText(entry?.title ?? '', { exact: false })
      .first()
      .waitFor();
  }, 120_000);
});
