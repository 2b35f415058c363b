import { mimeTypeOf } from './container.ts';
import { assertSameFormat } from './join-wavs.ts';
import { MAX_DECODED_BYTES } from './limits.ts';
import type { ArrivedSegment, CutWindow, TimeSpan } from './media.ts';
import { MediaError } from './media-error.ts';
import { runIn, type Sound, unlessEmpty } from './unbroken-run.ts';
import { wavFile, wavMs } from './wav.ts';
import { type WavPcm, wavPcm } from './wav-pcm.ts';
import { wholeMs } from './whole-ms.ts';

/**
 * The samples of a span, out of WAVEs that follow one another; of ADPCM only the blocks that hold them are decoded.
 * @throws MediaError
 */
export async function windowOfWavs(files: readonly ArrivedSegment[], span: TimeSpan): Promise<CutWindow> {
  const sounds: (Sound & { readonly pcm: WavPcm })[] = [];
  for (const { bytes, startMs } of files) {
    const pcm = await unlessEmpty(() => wavPcm(bytes));
    if (pcm !== null) sounds.push({ pcm, startMs, lengthMs: wavMs(pcm, pcm.frames), primingMs: 0 });
  }
  const { run, availableMs } = runIn(sounds, span);
  const taken: Uint8Array[] = [];
  let first: { readonly pcm: WavPcm; readonly startMs: number } | undefined;
  let endMs = 0;
  let bytesTaken = 0;
  for (const { sound, fromMs } of run) {
    const { pcm } = sound;
    const frameAt = (ms: number) =>
      Math.min(pcm.frames, Math.max(0, Math.round(((ms - fromMs) * pcm.sampleRate) / 1000)));
    const [from, to] = [frameAt(span.startMs), frameAt(span.endMs)];
    if (from >= to) continue;
    first ??= { pcm, startMs: fromMs + wavMs(pcm, from) };
    assertSameFormat(first.pcm, pcm);
    bytesTaken += (to - from) * pcm.frameBytes;
    if (bytesTaken > MAX_DECODED_BYTES) throw new MediaError('too_long', 'the window is too long');
    taken.push(pcm.slice(from, to));
    endMs = fromMs + wavMs(pcm, to);
  }
  if (first === undefined) return { window: null, availableMs };
  const bytes = wavFile(first.pcm.format, Buffer.concat(taken));
  return {
    window: { bytes, mimeType: mimeTypeOf('wav'), startMs: wholeMs(first.startMs), endMs: wholeMs(endMs) },
    availableMs,
  };
}
