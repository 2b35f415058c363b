/** `npm run send`: a small command-line client. The exit code says how it ended; see --help. */
import { readFile } from 'node:fs/promises';
import { ApiError, errorOf } from '../api-error.ts';
import { durationOf, imageTypeOf, mimeTypeOf } from './recording-file.ts';
import { HELP, readOptions, type SendOptions, UsageError } from './send-options.ts';
import { type LoadedRecording, sendRecording } from './send-recording.ts';
import { describe, showProgress } from './show.ts';

const EXIT = { usage: 1, upload: 2, processing: 3, interrupted: 130 } as const;
const DEV_TOKEN_TIMEOUT_MS = 10_000;

function fail(code: number, line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(code);
}

function options(): SendOptions {
  try {
    const read = readOptions(process.argv.slice(2));
    if (read !== null) return read;
    process.stdout.write(HELP);
    return process.exit(0);
  } catch (error) {
    if (error instanceof UsageError) fail(EXIT.usage, error.message);
    throw error;
  }
}

async function load({ file, images }: SendOptions): Promise<LoadedRecording> {
  const bytes = await readBytes(file);
  const mimeType = mimeTypeOf(bytes);
  if (mimeType === null) fail(EXIT.usage, `${file} is not a recording: WAV, WebM, mp4/m4a, Ogg or MP3`);
  const durationMs = await durationOf(bytes).catch(() =>
    fail(EXIT.usage, `${file} cannot be read: it may be cut off or empty`),
  );
  if (durationMs <= 0) fail(EXIT.usage, `${file} holds no sound`);
  const pictures = await Promise.all(
    images.map(async (name) => {
      const picture = await readBytes(name);
      const type = imageTypeOf(picture);
      return type === null
        ? fail(EXIT.usage, `${name} is not an image: JPEG, PNG, WebP or HEIC`)
        : { bytes: picture, mimeType: type };
    }),
  );
  return { bytes, mimeType, durationMs, images: pictures };
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    return fail(EXIT.usage, `${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

async function devToken({ url, user }: SendOptions): Promise<string> {
  const response = await fetch(`${url}/dev/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId: user }),
    signal: AbortSignal.timeout(DEV_TOKEN_TIMEOUT_MS),
  }).catch(() => fail(EXIT.upload, `${url} cannot be reached: is the server running (npm start)?`));
  if (response.status === 404) fail(EXIT.usage, `${url} gives no development tokens: use --token`);
  if (!response.ok) throw await errorOf(response);
  return ((await response.json()) as { token: string }).token;
}

const sendOptions = options();
const progress = showProgress(process.stderr);
process.on('SIGINT', () => {
  progress.stop();
  fail(EXIT.interrupted, 'interrupted');
});
try {
  const recording = await load(sendOptions);
  const token = sendOptions.token ?? (await devToken(sendOptions));
  const status = await sendRecording(recording, sendOptions, token, progress);
  progress.stop();
  process.stdout.write(sendOptions.json ? `${JSON.stringify(status)}\n` : `${describe(status)}\n`);
  process.exitCode = status.state === 'completed' ? 0 : EXIT.processing;
} catch (error) {
  progress.stop();
  if (!(error instanceof ApiError)) throw error;
  fail(EXIT.upload, `the upload failed: ${error.code}: ${error.message}`);
}
