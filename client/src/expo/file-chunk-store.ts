/**
 * Recordings in the app's document folder, one folder each (`recording-folder.ts` says how it survives a crash). Paths
 * are made anew of the document folder each time: iOS moves an app's folder with every update.
 */
import type { KeptRecording } from '../upload/kept-recording.ts';
import { isKeptRecording } from '../upload/kept-recording-guard.ts';
import { oldestFirst } from '../upload/oldest-first.ts';
import { type ChunkStore, type StoreCheck, StoreError } from '../upload/ports.ts';
import type { DeviceFile, FileSystemModules } from './expo-modules.ts';
import { type RecordingFolder, recordingFolder, sizeOf, writeWhole } from './recording-folder.ts';
import { storeErrorOf } from './store-error-of.ts';
import { createTemporaryFiles } from './temporary-files.ts';

const FOLDER = 'thankly-recordings';
/** Ten minutes of PCM are 19 MB, and once more as one file; and what waits for a connection is still here. */
const ROOM_BYTES = 64 * 1024 * 1024;

export function createFileChunkStore(fileSystem: FileSystemModules): ChunkStore {
  const { Directory, File, Paths } = fileSystem;
  const temporary = createTemporaryFiles(fileSystem);
  const root = () => new Directory(Paths.document.uri, FOLDER);

  function folderOf(recordingId: string): RecordingFolder {
    // It becomes the name of a folder.
    if (!/^\w[\w-]{0,99}$/.test(recordingId)) throw new StoreError('failed', 'no recording has such an id');
    return recordingFolder(fileSystem, new Directory(root().uri, recordingId).uri);
  }

  function chunkFile(recordingId: string, index: number): DeviceFile {
    const file = folderOf(recordingId).chunk(index);
    if (!file.exists) throw new StoreError('chunk-lost', `chunk ${index} is not on this device any more`);
    return file;
  }

  async function read(recordingId: string, index: number): Promise<Uint8Array> {
    const file = chunkFile(recordingId, index);
    try {
      return await file.bytes();
    } catch (error) {
      throw new StoreError('chunk-lost', `chunk ${index} cannot be read any more`, { cause: error });
    }
  }

  function write(recording: KeptRecording, chunk: { index: number; bytes: Uint8Array } | null): void {
    const record = JSON.stringify(recording);
    folderOf(recording.recordingId).write(record, chunk);
  }

  function probe(): void {
    const file = new File(root().uri, 'probe');
    root().create({ intermediates: true, idempotent: true });
    writeWhole(file, Uint8Array.of(1, 2, 3, 4));
    file.delete();
  }

  return {
    async check(): Promise<StoreCheck> {
      const freeBytes = freeBytesOf(Paths);
      try {
        probe();
      } catch (error) {
        const { code } = storeErrorOf(error, 'not-available');
        return { usable: false, reason: code === 'full' ? 'full' : 'not-available', freeBytes };
      }
      if (freeBytes !== null && freeBytes < ROOM_BYTES) return { usable: false, reason: 'full', freeBytes };
      return { usable: true, lasting: true, freeBytes };
    },

    list: () =>
      asStoreErrors(async () => {
        if (!root().exists) return [];
        const kept: KeptRecording[] = [];
        for (const entry of root().list()) {
          const record = recordIn(fileSystem, entry.uri);
          if (isKeptRecording(record)) kept.push(record);
        }
        return kept.sort(oldestFirst);
      }),

    save: (recording) => asStoreErrors(async () => write(recording, null)),

    saveChunk: (recording, index, bytes) => asStoreErrors(async () => write(recording, { index, bytes })),

    chunk: (recordingId, index) =>
      asStoreErrors(async () => {
        const file = chunkFile(recordingId, index);
        return { uri: file.uri, bytes: sizeOf(file) ?? 0 };
      }),

    bytes: (recordingId, index) => asStoreErrors(() => read(recordingId, index)),

    joined: (recordingId, indexes) =>
      asStoreErrors(async () => {
        const file = await temporary.writeAll(
          recordingId,
          (async function* () {
            for (const index of indexes) yield await read(recordingId, index);
          })(),
        );
        return { uri: file.uri, bytes: sizeOf(file) ?? 0 };
      }),

    remove: (recordingId) =>
      asStoreErrors(async () => {
        folderOf(recordingId).remove();
        temporary.remove(recordingId);
      }),
  };
}

/** One that cannot be read must not hide the others; one that was never written to its end goes. */
function recordIn(fileSystem: FileSystemModules, uri: string): unknown {
  try {
    const folder = recordingFolder(fileSystem, uri);
    const record = folder.read();
    if (record === undefined && folder.isNobodys) folder.remove();
    return record;
  } catch {
    return undefined;
  }
}

function freeBytesOf(paths: FileSystemModules['Paths']): number | null {
  try {
    const free = paths.availableDiskSpace;
    return Number.isFinite(free) && free >= 0 ? free : null;
  } catch {
    return null;
  }
}

async function asStoreErrors<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw storeErrorOf(error);
  }
}
