/** The program itself, as a process of its own, against a double of the server. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiDouble, type DoubleOptions, sendProblem, startApiDouble } from '../testing/api-double.ts';

let folder: string;
let note: string;
/** 12 s of silence, 8,000 samples a second of 8 bits. */
const wav = wavOfSilence(12);
const doubles: ApiDouble[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thankly-send-'));
  note = join(folder, 'note.wav');
  await writeFile(note, wav);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const double of doubles.splice(0)) await double.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function begin(options: DoubleOptions = {}): Promise<ApiDouble> {
  const double = await startApiDouble(options);
  doubles.push(double);
  return double;
}

function start(args: readonly string[]) {
  const { NODE_OPTIONS: _, THANKLY_TOKEN: __, ...env } = process.env;
  const child = spawn(process.execPath, [join(import.meta.dirname, 'send.ts'), ...args], { env });
  children.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return { child, ended: once(child, 'close').then(([code]) => ({ code, stdout, stderr })) };
}
const send = (...args: string[]) => start(args).ended;

/** What was put, in order of index. */
function chunksOf(double: ApiDouble): Buffer[] {
  const [session] = double.sessions.values();
  const indexes = session?.completed?.chunks.map(({ index }) => index) ?? [];
  return indexes.map((index) => double.chunk(session?.id ?? '', index) ?? Buffer.alloc(0));
}

describe('npm run send', () => {
  it('uploads the file in slices, follows it, prints the entry and ends with 0', async () => {
    const double = await begin();
    const { code, stdout, stderr } = await send(note, '--url', double.url);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^session [0-9a-f-]{36}, chunked/),
    });
    for (const part of ['one two', 'One, two.', 'calm', 'Well said.', 'total 0.0 s'])
      expect(stdout).toContain(part);
    const chunks = chunksOf(double);
    expect(chunks).toHaveLength(3);
    expect(Buffer.concat(chunks)).toEqual(wav);
    const [session] = double.sessions.values();
    expect(session?.completed).toMatchObject({ durationMs: 12_000 });
  });

  it('--json prints the final status alone on stdout', async () => {
    const double = await begin();
    const { code, stdout } = await send(note, '--url', double.url, '--json', '--mode', 'stream');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'completed', entry: { title: 'One' } });
  });

  it('--mode segments sends complete files', async () => {
    const double = await begin();
    const { code } = await send(note, '--url', double.url, '--mode', 'segments', '--chunk-seconds', '4');
    expect(code).toBe(0);
    expect(chunksOf(double).map((chunk) => [chunk.toString('latin1', 0, 4), chunk.length])).toEqual(
      Array(3).fill(['RIFF', 44 + 4 * 8_000]),
    );
  });

  it('sends the whole file as chunk 0 when the strategy is single', async () => {
    const double = await begin({ strategy: 'single' });
    expect(await send(note, '--url', double.url)).toMatchObject({ code: 0 });
    expect(chunksOf(double)).toEqual([wav]);
  });

  it('--realtime sends nothing before it would have been recorded', async () => {
    const double = await begin();
    const short = join(folder, 'short.wav');
    await writeFile(short, wavOfSilence(1.5));
    const started = Date.now();
    expect(await send(short, '--url', double.url, '--realtime', '--chunk-seconds', '0.5')).toMatchObject({
      code: 0,
    });
    expect(Date.now() - started).toBeGreaterThanOrEqual(1_500);
    expect(chunksOf(double)).toHaveLength(3);
  });

  it('sends the whole file when the server asks for it, and completes again', async () => {
    const failure = {
      code: 'merge_failed',
      message: 'no',
      retriable: true,
      action: 'upload_whole_file' as const,
    };
    const double = await begin({
      end: (round) => (round === 0 ? { state: 'failed', failure } : { state: 'completed' }),
    });
    expect(await send(note, '--url', double.url)).toMatchObject({ code: 0 });
    expect(chunksOf(double)).toEqual([wav]);
    const fallback = double.calls.find(({ path }) => path.endsWith('/fallback'));
    expect(JSON.parse(fallback?.body.toString() ?? '')).toEqual({ reason: 'merge_failed' });
  });

  it('asks for a development token for --user, and uses --token as it is', async () => {
    const double = await begin();
    await send(note, '--url', double.url, '--user', 'someone');
    expect(JSON.parse(double.calls[0]?.body.toString() ?? '')).toEqual({ userId: 'someone', role: 'user' });
    const before = double.calls.length;
    await send(note, '--url', double.url, '--token', 'mine');
    expect(double.calls[before]).toMatchObject({
      path: '/audio/session/create',
      headers: { authorization: 'Bearer mine' },
    });
  });

  it('survives a server that is away for a while', async () => {
    let refused = 0;
    const double = await begin({
      interfere: (_, response) => {
        // Every second call is cut off, whichever it is.
        if (refused++ % 2 === 1) return false;
        response.destroy();
        return true;
      },
    });
    const { code, stderr } = await send(note, '--url', double.url);
    expect(code).toBe(0);
    expect(stderr).toContain('trying again');
    expect(Buffer.concat(chunksOf(double))).toEqual(wav);
    expect(double.sessions.size).toBe(1);
  });

  it('waits for a server that comes up only then', async () => {
    const { url, close } = await startApiDouble();
    await close();
    const sending = send(note, '--url', url, '--patience', '20');
    const [first] = children;
    if (first?.stderr == null) throw new Error('no child');
    await once(first.stderr, 'data'); // "trying again ..."
    await begin({ port: Number(new URL(url).port) });
    expect(await sending).toMatchObject({ code: 0 });
  });

  it('keeps control characters of a text from the terminal', async () => {
    const double = await begin({
      end: () => ({ state: 'completed', transcript: { text: 'red\u001b[31m\u0007' } }),
    });
    const { stdout } = await send(note, '--url', double.url);
    expect(stdout).toContain('red[31m\n');
  });
});

describe('the exit code', () => {
  it('is 0 for --help, which is on stdout', async () => {
    expect(await send('--help')).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('Usage'),
    });
  });

  it('is 1, with one line, when the command line or a file is wrong', async () => {
    const text = join(folder, 'text.wav');
    await writeFile(text, 'dear diary');
    const cut = join(folder, 'cut.webm');
    await writeFile(cut, '\x1aE\xdf\xa3', 'latin1');
    const silent = join(folder, 'silent.wav');
    await writeFile(silent, wavOfSilence(0));
    const cases: [string[], string][] = [
      [[], 'which file?'],
      [['--loud'], '--loud'],
      [[join(folder, 'none.wav')], 'there is no such file'],
      [[folder], 'it is a folder'],
      [[text], 'is not a recording'],
      [[cut], 'cannot be read'],
      [[silent], 'holds no sound'],
      [[note, '--image', text], 'is not an image'],
    ];
    const found = await Promise.all(cases.map(([args]) => send(...args)));
    expect(found).toEqual(
      cases.map(([, part]) => ({ code: 1, stdout: '', stderr: expect.stringContaining(part) })),
    );
    for (const { stderr } of found) expect(stderr.trim().split('\n')).toHaveLength(1);
  }, 60_000);

  it('is 1 when the server gives no development tokens', async () => {
    const double = await begin({
      interfere: ({ path }, response) => {
        if (path !== '/dev/token') return false;
        sendProblem(response, 404, 'route_not_found');
        return true;
      },
    });
    const { code, stderr } = await send(note, '--url', double.url);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('use --token') });
  });

  it('is 2 when the server is not reached', async () => {
    const { url, close } = await startApiDouble();
    await close();
    const { code, stderr } = await send(note, '--url', url, '--patience', '0.2');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('cannot be reached') });
  });

  it('is 2 when the upload is refused, and the token is in no message', async () => {
    const double = await begin({
      interfere: ({ method }, response) => {
        if (method !== 'PUT') return false;
        sendProblem(response, 413, 'object_too_large');
        return true;
      },
    });
    const { code, stderr } = await send(note, '--url', double.url, '--token', 'very-secret');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('object_too_large') });
    expect(stderr).not.toMatch(/very-secret|sig=/);
  });

  it.each(['failed', 'expired', 'erased'] as const)('is 3 when the session %s', async (state) => {
    const failure = { code: 'provider_unavailable', message: 'away', retriable: true };
    const double = await begin({ end: () => ({ state, stage: state, failure }) });
    const { code, stdout } = await send(note, '--url', double.url, '--json');
    expect({ code, state: JSON.parse(stdout).state }).toEqual({ code: 3, state });
  });

  it('is 130 when interrupted', async () => {
    const double = await begin();
    const { child, ended } = start([note, '--url', double.url, '--realtime']);
    await once(child.stderr as NodeJS.ReadableStream, 'data'); // the session is made
    child.kill('SIGINT');
    expect(await ended).toMatchObject({
      code: 130,
      stdout: '',
      stderr: expect.stringContaining('interrupted'),
    });
  });
});

function wavOfSilence(seconds: number): Buffer {
  const samples = Math.round(seconds * 8_000);
  const file = Buffer.alloc(44 + samples, 0x80);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + samples, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // channels
  file.writeUInt32LE(8_000, 24);
  file.writeUInt32LE(8_000, 28); // bytes a second
  file.writeUInt16LE(1, 32); // bytes a frame
  file.writeUInt16LE(8, 34); // bits a sample
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(samples, 40);
  return file;
}
