/**
 * `npm run sample` and `npm run send`, as a person uses them: the transcript equals the words sent, for every length,
 * chunk mode and format. And human speech, by a real recogniser: in chunks it hears what it hears in the whole file.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApplication, type TestApplication } from '../support/application.ts';
import { ffmpegMissing } from '../support/ffmpeg.ts';
import { LIBRIVOX, speechMissing } from '../support/librivox.ts';
import { describeIf } from '../support/optional.ts';
import { runProgram } from '../support/process.ts';

const MODES = ['stream', 'segments', 'slices'] as const;
/** Words that, with a pause of 1.2 s after every twelve, take so long. */
const LENGTHS = [
  ['30 s', 52],
  ['2 minutes', 200],
  ['5 minutes', 500],
  ['10 minutes', 1_000],
] as const;
const FORMATS = ['wav', 'webm', 'm4a'] as const;

let application: TestApplication;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thankly-formats-'));
  application = await startApplication();
}, 120_000);
afterAll(async () => {
  await application?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function sample(words: number, file: string): Promise<string> {
  const wordsFile = `${file}.txt`;
  const args = [
    '--words',
    String(words),
    '--out',
    file,
    '--words-out',
    wordsFile,
    '--seed',
    String(words % 500),
  ];
  const { code, stderr } = await runProgram('src/ai/sandbox/sample-cli.ts', args).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return (await readFile(wordsFile, 'utf8')).trim();
}

async function send(file: string, mode: string): Promise<any> {
  const token = await application.token('sender');
  const args = [file, '--mode', mode, '--json', '--url', application.url, '--token', token];
  const { code, stdout, stderr } = await runProgram('client/src/cli/send.ts', args).ended;
  if (code !== 0) throw new Error(`send ended with ${code}: ${stderr}${stdout}`);
  return JSON.parse(stdout);
}

const suite = (format: (typeof FORMATS)[number]) =>
  it.each(LENGTHS)(
    `${format}, %s, in every mode`,
    async (length, count) => {
      const file = join(folder, `${length.replace(' ', '-')}.${format}`);
      const words = await sample(count, file);
      for (const mode of MODES) {
        const status = await send(file, mode);
        expect({ mode, state: status.state, text: status.transcript?.text }).toEqual({
          mode,
          state: 'completed',
          text: words,
        });
      }
    },
    240_000,
  );

describe('a recording of numbered words', () => {
  suite('wav');
});

describeIf(ffmpegMissing(), 'a recording of numbered words, as a phone encodes it', () => {
  suite('webm');
  suite('m4a');
});

describeIf(speechMissing() ?? ffmpegMissing(), 'human speech', () => {
  const recordings = existsSync(LIBRIVOX)
    ? readdirSync(LIBRIVOX).filter((name) => name.endsWith('.wav'))
    : [];

  it('is there: five recordings', () => expect(recordings).toHaveLength(5));

  it.each(recordings)(
    '%s in chunks is heard as the whole file is',
    async (name) => {
      const wav = join(LIBRIVOX, name);
      const webm = join(folder, `${basename(name, '.wav')}.webm`);
      execFileSync('ffmpeg', ['-y', '-loglevel', 'error', '-i', wav, '-c:a', 'libopus', '-b:a', '32k', webm]);
      for (const [file, type] of [
        [wav, 'audio/wav'],
        [webm, 'audio/webm'],
      ] as const) {
        const whole = await hearWhole(file, type);
        expect(whole.split(' ').length).toBeGreaterThan(3);
        for (const mode of ['stream', 'segments'] as const) {
          expect({ mode, text: (await send(file, mode)).transcript.text }).toEqual({ mode, text: whole });
        }
      }
    },
    240_000,
  );
});

/** What the recogniser gives for the file, asked directly. */
async function hearWhole(file: string, type: string): Promise<string> {
  const form = new FormData();
  form.set('file', new File([await readFile(file)], basename(file), { type }));
  form.set('model', 'whisper-1');
  const response = await fetch(`${application.sandboxUrl}/v1/audio/transcriptions`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-test' },
    body: form,
  });
  return ((await response.json()) as { text: string }).text.trim();
}
