/** A file that somebody chose or dropped: what it really is, and how long it sounds. */
import { mimeTypeOf } from '../file-type.ts';

export type AudioFileErrorCode =
  /** Not a WAV, WebM, mp4, Ogg or MP3. */
  | 'not-a-recording'
  /** It is one, but broken or cut off. */
  | 'unreadable'
  /** It has no sound. */
  | 'silent';

export class AudioFileError extends Error {
  readonly code: AudioFileErrorCode;
  constructor(code: AudioFileErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AudioFileError';
    this.code = code;
  }
}

/** More than any first bytes that tell. */
const HEAD_BYTES = 16;

/**
 * The file's type by its first bytes (names and what the system says lie), such as `audio/mp4`; and its length. Reads
 * the parts it needs, not the whole file.
 * @throws AudioFileError
 */
export async function describeAudioFile(file: Blob): Promise<{ mimeType: string; durationMs: number }> {
  const head = await file
    .slice(0, HEAD_BYTES)
    .arrayBuffer()
    .catch((cause) => {
      throw new AudioFileError('unreadable', 'the file cannot be read', { cause });
    });
  const mimeType = mimeTypeOf(new Uint8Array(head));
  if (mimeType === null) throw new AudioFileError('not-a-recording', 'the file is no recording that we know');
  const durationMs = await durationOf(file).catch((cause) => {
    throw new AudioFileError('unreadable', 'the file may be broken or cut off', { cause });
  });
  if (!(durationMs > 0)) throw new AudioFileError('silent', 'the file has no sound');
  return { mimeType, durationMs };
}

async function durationOf(file: Blob): Promise<number> {
  const { ALL_FORMATS, BlobSource, Input } = await import('mediabunny');
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
  try {
    const track = await input.getPrimaryAudioTrack();
    return track === null ? 0 : Math.round((await track.computeDuration()) * 1000);
  } finally {
    input.dispose();
  }
}
