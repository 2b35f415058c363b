/**
 * A WAV in the making on the disk: samples behind one another, the header written last, when their number is known.
 * Begun as ADPCM it stays so while segments join as they are; when one doesn't, what was written is decoded into a
 * second file, and goes on there as PCM.
 */
import type { DeviceFile, DeviceFileHandle, FileSystemModules } from './expo-modules.ts';
import { ADPCM_BLOCK_BYTES, ADPCM_BLOCK_SAMPLES, decodeImaAdpcm } from './ima-adpcm.ts';
import { littleEndian } from './pcm-samples.ts';
import { type Wav, type WavFormat, wavHeader } from './wav-file.ts';

export interface WavDraft {
  readonly format: WavFormat;
  /** Whether it can take these samples as they are stored, or has to become PCM for them. */
  takes(wav: Wav): boolean;
  append(wav: Wav): void;
  /** The same sound in another file, to go on there. Others have their turn in between. */
  asPcm(file: DeviceFile): Promise<WavDraft>;
  /** Writes the header; returns the file's length. */
  finish(): number;
  close(): void;
}

/** Blocks that are decoded at a time: five seconds. A phone has no JIT for it. */
const BLOCKS_AT_ONCE = 128;

export function beginWavDraft(
  modes: FileSystemModules['FileMode'],
  file: DeviceFile,
  format: WavFormat,
): WavDraft {
  const handle = file.open(modes.WriteOnly);
  const headerBytes = wavHeader(format, 0, 0).length;
  let [samples, dataBytes] = [0, 0];
  let open = true;

  function close(): void {
    if (open) handle.close();
    open = false;
  }
  function write(data: Uint8Array, count: number): void {
    handle.writeBytes(data);
    samples += count;
    dataBytes += data.length;
  }
  try {
    handle.writeBytes(wavHeader(format, 0, 0));
  } catch (error) {
    close();
    throw error;
  }

  return {
    format,
    takes: ({ encoding }) =>
      format.encoding === 'pcm' || (encoding === 'ima-adpcm' && samples % ADPCM_BLOCK_SAMPLES === 0),
    append: (wav) => write(format.encoding === 'pcm' ? pcmOf(wav) : wav.data.slice(), wav.samples),
    async asPcm(target) {
      close();
      const draft = beginWavDraft(modes, target, { ...format, encoding: 'pcm' });
      const written = file.open(modes.ReadOnly);
      try {
        written.offset = headerBytes;
        for await (const piece of pieces(written, format, samples)) draft.append(piece);
        return draft;
      } catch (error) {
        draft.close();
        throw error;
      } finally {
        written.close();
      }
    },
    finish() {
      handle.offset = 0;
      handle.writeBytes(wavHeader(format, samples, dataBytes));
      return headerBytes + dataBytes;
    },
    close,
  };
}

async function* pieces(handle: DeviceFileHandle, format: WavFormat, samples: number): AsyncGenerator<Wav> {
  for (let left = samples; left > 0; ) {
    const data = handle.readBytes(BLOCKS_AT_ONCE * ADPCM_BLOCK_BYTES);
    const count = Math.min(left, (data.length / ADPCM_BLOCK_BYTES) * ADPCM_BLOCK_SAMPLES);
    // A full disk may have kept a part of what was written, without saying so.
    if (!Number.isInteger(count) || count === 0) throw new Error('no space left? samples are missing');
    yield { ...format, samples: count, data };
    left -= count;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

function pcmOf({ encoding, samples, data }: Wav): Uint8Array {
  return encoding === 'pcm' ? data.slice() : littleEndian(decodeImaAdpcm(data, samples));
}
