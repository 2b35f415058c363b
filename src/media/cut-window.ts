/** A window out of a recording that is still arriving: what `Media.cutWindow` does. */
import { containerOf } from './container.ts';
import type { Arrived, ArrivedSegment, CutWindow, TimeSpan } from './media.ts';
import { MediaError, segmentsDiffer } from './media-error.ts';
import { windowOfPackets } from './window-of-packets.ts';
import { windowOfWavs } from './window-of-wavs.ts';

/** @throws MediaError */
export async function cutWindow(arrived: Arrived, span: TimeSpan): Promise<CutWindow> {
  if ('segments' in arrived) return windowOf(arrived.segments, span);
  const { bytes } = arrived;
  if (bytes.length < MAGIC_BYTES) return NOTHING;
  containerOf(bytes);
  try {
    return await windowOf([{ bytes, startMs: 0 }], span);
  } catch (error) {
    if (bytes.length < LONGEST_HEADER && isOfCutHeader(error)) return NOTHING;
    throw error;
  }
}

/** By then a file's container is known. */
const MAGIC_BYTES = 12;
/** Recorders' headers have 44 (WAV) to 1,300 bytes (mp4). */
const LONGEST_HEADER = 4096;

/** What a growing file's first bytes do not say, the next may. */
function isOfCutHeader(error: unknown): boolean {
  return error instanceof MediaError && (error.code === 'unreadable' || error.code === 'not_audio');
}

const NOTHING: CutWindow = { window: null, availableMs: 0 };

async function windowOf(files: readonly ArrivedSegment[], span: TimeSpan): Promise<CutWindow> {
  const [first, ...others] = files;
  if (first === undefined) return NOTHING;
  const container = containerOf(first.bytes);
  if (container === 'mp3')
    throw new MediaError('unsupported', 'MP3 frames lean on those before: no clean windows');
  if (others.some(({ bytes }) => containerOf(bytes) !== container)) throw segmentsDiffer('another container');
  return container === 'wav' ? windowOfWavs(files, span) : windowOfPackets(files, container, span);
}
