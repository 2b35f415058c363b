/**
 * One WAV of the segments we recorded, written piece by piece: their samples one behind the other (whole blocks, in
 * ADPCM) under one header, which is written last, when their number is known. Read once more for its digest, so that
 * what is told to the server is what the disk has. One segment is in memory at a time.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { JoinSegments, WholeFile } from '../upload/ports.ts';
import type { DeviceFile, FileSystemModules } from './expo-modules.ts';
import { ADPCM_BLOCK_SAMPLES } from './ima-adpcm.ts';
import { createTemporaryFiles } from './temporary-files.ts';
import { readWav, type Wav, type WavFormat, wavHeader } from './wav-file.ts';

/** Hashing is done by the runtime, and a phone has no JIT for it: between two pieces others have their turn. */
const PIECE_BYTES = 128 * 1024;

/** @param newId names the file @throws Error when a segment is no WAV of ours, or of another format than the first */
export function createJoinWavSegments(fileSystem: FileSystemModules, newId: () => string): JoinSegments {
  const temporary = createTemporaryFiles(fileSystem);
  const { FileMode } = fileSystem;

  async function write(file: DeviceFile, segments: AsyncIterable<Uint8Array>): Promise<number> {
    const handle = file.open(FileMode.WriteOnly);
    let format: WavFormat | null = null;
    let [samples, dataBytes] = [0, 0];
    try {
      for await (const segment of segments) {
        const wav = readWav(segment);
        if (format === null) handle.writeBytes(wavHeader(wav, 0, 0));
        assertFits(format, samples, wav);
        format ??= { encoding: wav.encoding, sampleRate: wav.sampleRate };
        handle.writeBytes(wav.data.slice());
        samples += wav.samples;
        dataBytes += wav.data.length;
      }
      if (format === null) throw new Error('there are no segments');
      const header = wavHeader(format, samples, dataBytes);
      handle.offset = 0;
      handle.writeBytes(header);
      return header.length + dataBytes;
    } finally {
      handle.close();
    }
  }

  async function digestOf(file: DeviceFile): Promise<{ bytes: number; sha256: string }> {
    const hash = sha256.create();
    const handle = file.open(FileMode.ReadOnly);
    let bytes = 0;
    try {
      for (;;) {
        const piece = handle.readBytes(PIECE_BYTES);
        if (piece.length === 0) return { bytes, sha256: bytesToHex(hash.digest()) };
        hash.update(piece);
        bytes += piece.length;
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    } finally {
      handle.close();
    }
  }

  return async (segments): Promise<WholeFile> => {
    const name = `${newId()}.wav`;
    const file = temporary.create(name);
    try {
      const written = await write(file, segments);
      const { bytes, sha256: digest } = await digestOf(file);
      if (bytes !== written) throw new Error(`no space left? ${bytes} of ${written} bytes were written`);
      // The same recording joined again takes the same place.
      const target = temporary.create(`${digest}.wav`);
      file.moveSync(target, { overwrite: true });
      return { body: { uri: target.uri, bytes }, bytes, sha256: digest };
    } catch (error) {
      temporary.remove(name);
      throw error;
    }
  };
}

/** Both encodings have whole bytes of even number only, so nothing has to be filled up between them. */
function assertFits(first: WavFormat | null, samplesBefore: number, next: Wav): void {
  if (first === null) return;
  if (first.encoding !== next.encoding || first.sampleRate !== next.sampleRate) {
    throw new Error('a segment has another format than the first');
  }
  if (first.encoding === 'ima-adpcm' && samplesBefore % ADPCM_BLOCK_SAMPLES !== 0) {
    throw new Error('a segment before the last ends within a block');
  }
}
