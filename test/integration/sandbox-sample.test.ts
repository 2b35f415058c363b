/** `npm run sample` as a person runs it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { listen } from '../../src/ai/sandbox/listen.ts';
import { ffmpegMissing } from '../support/ffmpeg.ts';
import { describeIf } from '../support/optional.ts';
import { type Ended, runProgram } from '../support/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'thankly-sample-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sample = (args: string[], environment: Record<string, string> = {}): Promise<Ended> =>
  runProgram('src/ai/sandbox/sample-cli.ts', args, environment).ended;
const wordsIn = async (file: string) =>
  (await listen(new Uint8Array(readFileSync(file)))).words.map(({ word }) => word);

describe('npm run sample', () => {
  it('writes a recording with pauses, the words beside it, and says what it wrote', async () => {
    const out = join(folder, 'half-a-minute.wav');
    const text = join(folder, 'words.txt');
    const args = ['--words', '48', '--pause-every', '12', '--pause-seconds', '2', '--seed', '995'];
    const { code, stdout, stderr } = await sample([...args, '--out', out, '--words-out', text]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`${out}: 48 words, 995 to 042, in 30.0 s\n`);
    const words = numberedWords(48, 995);
    expect(readFileSync(text, 'utf8')).toBe(`${words.join(' ')}\n`);
    expect(await wordsIn(out)).toEqual(words);
    expect(readFileSync(out).length).toBe(44 + 30 * 16_000 * 2);
  });

  it('writes the same for the same options', async () => {
    const [one, other] = [join(folder, 'one.wav'), join(folder, 'other.wav')];
    await sample(['--words', '5', '--out', one]);
    await sample(['--words', '5', '--out', other]);
    expect(readFileSync(one).equals(readFileSync(other))).toBe(true);
  });

  it.each([
    [['--words', '0'], '--words: a whole number from 1 to 100000\n'],
    [['--words', '1.5'], '--words: a whole number from 1 to 100000\n'],
    [['--words', ''], '--words: a whole number from 1 to 100000\n'],
    [['--rate', '4000'], '--rate: a whole number from 8000 to 48000\n'],
    [['--pause-seconds', 'long'], '--pause-seconds: a number from 0 to 600\n'],
    [['--out', 'words.mp3'], '--out: a name ending in .wav, .webm, .ogg, .m4a or .mp4\n'],
    [['--out', '/nowhere/at/all.wav'], '/nowhere/at/all.wav cannot be written: ENOENT\n'],
  ])('says in a line what is wrong with %j', async (args, line) => {
    const { code, stderr } = await sample(args);
    expect([code, stderr]).toEqual([1, line]);
  });

  it('says that anything but WAV needs ffmpeg, and leaves nothing behind', async () => {
    const out = join(folder, 'none.webm');
    const { code, stderr } = await sample(['--words', '5', '--out', out], { PATH: '/nowhere' });
    expect(code).toBe(1);
    expect(stderr).toBe(
      `${out} cannot be written: ffmpeg is not installed: only .wav can be written without it (Debian: apt-get install ffmpeg)\n`,
    );
    expect(readdirSync(folder).filter((name) => name.startsWith('none'))).toEqual([]);
  });

  it('explains itself', async () => {
    const { code, stdout } = await sample(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('--pause-every');
  });
});

describeIf(ffmpegMissing(), 'npm run sample with ffmpeg', () => {
  it.each(['webm', 'ogg', 'm4a', 'mp4'])('writes .%s that holds the same words', async (extension) => {
    const out = join(folder, `some.${extension}`);
    const { code, stderr } = await sample(['--words', '20', '--out', out]);
    expect([code, stderr]).toEqual([0, '']);
    expect(await wordsIn(out)).toEqual(numberedWords(20));
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});
