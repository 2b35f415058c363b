/**
 * One WAV of the segments we recorded, written piece by piece. All of ADPCM, it is ADPCM (whole blocks, one behind the
 * other); when the encoding changed on the way, it is PCM. Read once more for its digest, so that what is told to the
 * server is what the disk has. One segment is in memory at a time.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { JoinSegments, WholeFile } from '../upload/ports.ts';
import type { DeviceFile, FileSystemModules } from './expo-modules.ts';
import { createTemporaryFiles } from './temporary-files.ts';
import { beginWavDraft, type WavDraft } from './wav-draft.ts';
import { readWav } from './wav-file.ts';

/** Hashing is done by the runtime, and a phone has no JIT for it: between two pieces others have their turn. */
const PIECE_BYTES = 128 * 1024;

/** @param newId names the file @throws Error when a segment is no WAV of ours, or of another rate than the first */
export function createJoinWavSegments(fileSystem: FileSystemModules, newId: () => string): JoinSegments {
  const temporary = createTemporaryFiles(fileSystem);
  const { FileMode } = fileSystem;

  /** @returns the name of the two that the file has in the end, and its length */
  async function write(names: Names, segments: AsyncIterable<Uint8Array>) {
    let draft: WavDraft | null = null;
    let name = names.first;
    try {
      for await (const segment of segments) {
        const wav = readWav(segment);
        draft ??= beginWavDraft(FileMode, temporary.create(name), {
          encoding: wav.encoding,
          sampleRate: wav.sampleRate,
        });
        if (wav.sampleRate !== draft.format.sampleRate) throw new Error('a segment has another rate');
        if (!draft.takes(wav)) {
          draft = await draft.asPcm(temporary.create(names.second));
          temporary.remove(name);
          name = names.second;
        }
        draft.append(wav);
      }
      if (draft === null) throw new Error('there are no segments');
      return { name, bytes: draft.finish() };
    } finally {
      draft?.close();
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
    const id = newId();
    const names = { first: `${id}.wav`, second: `${id}-pcm.wav` };
    try {
      const written = await write(names, segments);
      const file = temporary.at(written.name);
      const { bytes, sha256: digest } = await digestOf(file);
      if (bytes !== written.bytes)
        throw new Error(`no space left? ${bytes} of ${written.bytes} bytes were written`);
      // The same recording joined again takes the same place.
      const target = temporary.create(`${digest}.wav`);
      file.moveSync(target, { overwrite: true });
      return { body: { uri: target.uri, bytes }, bytes, sha256: digest };
    } catch (error) {
      temporary.remove(names.first);
      temporary.remove(names.second);
      throw error;
    }
  };
}

type Names = { readonly first: string; readonly second: string };
