/**
 * PCM at 16 kHz is 256 kbit/s, IMA ADPCM 65 kbit/s. PCM is what the microphone gave; where the link can't carry it while
 * somebody talks, the rest would have to go up after stop, and ADPCM is the better bargain.
 *
 * Chosen for each segment, by the speed of the uploads before: the server joins segments of both. Two thresholds, so
 * that a link near one of them doesn't make it change each time.
 */
import type { SoundEncoding } from './wav-file.ts';

/** Bytes a second: two and a half times what PCM needs. A connection has other things to carry, and bad moments. */
const FAST = 80_000;
/** One and a half times: below this, PCM lags behind each time the link has a bad moment. */
const SLOW = 48_000;

/** Before anything was measured: on whatever link, nothing is lost by PCM but time. */
export const FIRST_ENCODING: SoundEncoding = 'pcm';

/** @param bytesPerSecond as measured; null: not yet */
export function chooseEncoding(before: SoundEncoding, bytesPerSecond: number | null): SoundEncoding {
  if (bytesPerSecond === null) return before;
  if (bytesPerSecond >= FAST) return 'pcm';
  return bytesPerSecond < SLOW ? 'ima-adpcm' : before;
}
