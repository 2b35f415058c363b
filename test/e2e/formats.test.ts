/**
 * `npm run sample` and `npm run send`, as a person uses them: the transcript equals the words sent, for every length,
 * chunk mode and format. What is long takes most of the time: each mode with one format of it, and of the longest one;
 * TEST_ALL_FORMATS=1 tries all of all. And human speech, by a real recogniser: in chunks it hears what it hears in the
 * whole file.
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
const FORMATS = ['wav', 'webm', 'm4a'] as const;
type Format = (typeof FORMATS)[number];
type Mode = (typeof MODES)[number];
const isAll = process.env.TEST_ALL_FORMATS !== undefined;
const ALL = MODES.flatMap((mode) => FORMATS.map((format) => `${mode} ${format}`));
/** Words that, with a pause of 1.2 s after every twelve, take so long; and what is always tried of them. */
const LENGTHS: readonly (readonly [string, number, readonly string[]])[] = [
  ['30 s', 52, ALL],
  ['2 minutes', 200, ['stream wav', 'segments webm', 'slices m4a']],
  ['5 minutes', 500, ['segments m4a']],
  ['10 minutes', 1_000, ['stream webm']],
];

function modesOf(format: Format, always: readonly string[]): readonly Mode[] {
  return MODES.filter((mode) => isAll || always.includes(`${mode} ${format}`));
}

let application: TestApplication;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thankly-formats-'));
  application = await startApplication();
}, 300_000);
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

const suite = (format: Format) =>
  it.each(
    LENGTHS.map(([length, count, always]) => [length, modesOf(format, always), count] as const).filter(
      ([, modes]) => modes.length > 0,
    ),
  )(
    `${format}, %s, as %j`,
    async (length, modes, count) => {
      const file = join(folder, `${length.replace(' ', '-')}.${format}`);
      const words = await sample(count, file);
      for (const mode of modes) {
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
      const ways = ([wav, webm] as const).flatMap((file) =>
        (['stream', 'segments'] as const).map((mode) => ({ file, mode })),
      );
      const own = recordings.indexOf(name) % ways.length;
      for (const { file, mode } of ways.filter((_, place) => isAll || place === own)) {
        const whole = await hearWhole(file, file === wav ? 'audio/wav' : 'audio/webm');
        expect(whole.split(' ').length).toBeGreaterThan(3);
        expect({ mode, text: (await send(file, mode)).transcript.text }).toEqual({ mode, text: whole });
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
