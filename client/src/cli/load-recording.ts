/** The files named on the command line, read and looked at. */
import { readFile, stat } from 'node:fs/promises';
import { imageTypeOf, mimeTypeOf } from '../file-type.ts';
import { durationOf, FileError } from './recording-file.ts';
import type { SendOptions } from './send-options.ts';
import type { LoadedRecording } from './send-recording.ts';

/** It is held in memory; the server takes less. */
const MAX_FILE_BYTES = 1024 ** 3;

/** @throws FileError */
export async function loadRecording({ file, images }: SendOptions): Promise<LoadedRecording> {
  const bytes = await readBytes(file);
  const mimeType = mimeTypeOf(bytes);
  if (mimeType === null) throw new FileError(`${file} is not a recording: WAV, WebM, mp4/m4a, Ogg or MP3`);
  const durationMs = await durationOf(bytes).catch(() => {
    throw new FileError(`${file} cannot be read: it may be cut off or empty`);
  });
  if (!(durationMs > 0)) throw new FileError(`${file} holds no sound`);
  return { bytes, mimeType, durationMs, images: await Promise.all(images.map(loadImage)) };
}

async function loadImage(file: string) {
  const bytes = await readBytes(file);
  const mimeType = imageTypeOf(bytes);
  if (mimeType === null) throw new FileError(`${file} is not an image: JPEG, PNG, WebP or HEIC`);
  return { bytes, mimeType };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    if ((await stat(file)).size > MAX_FILE_BYTES) throw new FileError(`${file} is larger than 1 GiB`);
    return await readFile(file);
  } catch (error) {
    if (error instanceof FileError) throw error;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new FileError(`${file} cannot be read: ${REASONS[code] ?? code}`);
  }
}
