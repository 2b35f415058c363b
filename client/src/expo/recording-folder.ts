/**
 * One recording's folder on the device, and what a crash may leave in it:
 *
 *   record.json        the record
 *   record.next.json   the record that is about to take its place, and the chunk that is written with it
 *   chunk-0, chunk-1 … their bytes
 *
 * Written in this order: `next`, the chunk, then `next` is moved over `record.json`. Neither a write nor the move is
 * atomic (both platforms delete the target first), so whoever opens the folder settles it by one rule:
 *
 *   `next` can be read, and the chunk it announces is there with all of its bytes → it takes the record's place;
 *   otherwise `next` goes, and the record is what it was.
 *
 * So a chunk and the record that names it are both there or neither, wherever it was cut off, and nothing that was
 * promised is lost. A chunk that no record names is nobody's, and goes with the folder; so does a
 * folder without any record. What is flushed to the disk is
 * the system's matter (`expo-file-system` has no fsync): this holds for a crash of the app, not for a battery pulled in
 * the same second; a chunk torn by that is found out by its digest at the server.
 *
 * Everything here is synchronous, so no two of an app's actions on a folder come between one another.
 */
import type { DeviceFile, FileSystemModules } from './expo-modules.ts';

export interface RecordingFolder {
  /** @param record JSON @throws what the file system throws; then neither of the two is written */
  write(record: string, chunk: { readonly index: number; readonly bytes: Uint8Array } | null): void;
  /** The record, whatever it is; undefined when there is none, or none that can be read. */
  read(): unknown;
  chunk(index: number): DeviceFile;
  /** No record was ever written to its end, or it was being removed: of what is left nothing is promised. */
  readonly isNobodys: boolean;
  remove(): void;
}

const RECORD = 'record.json';
const NEXT = 'record.next.json';

type Entry = {
  readonly record: unknown;
  /** What was written together with it. */
  readonly chunk: { readonly index: number; readonly bytes: number } | null;
};

export function recordingFolder({ File, Directory }: FileSystemModules, uri: string): RecordingFolder {
  const fileOf = (name: string) => new File(uri, name);
  const chunkOf = (index: number) => fileOf(`chunk-${index}`);

  function settle(): void {
    const next = fileOf(NEXT);
    if (!next.exists) return;
    const entry = entryOf(next);
    const chunk = entry?.chunk ?? null;
    const isWhole = chunk === null || sizeOf(chunkOf(chunk.index)) === chunk.bytes;
    if (entry !== null && isWhole) next.moveSync(fileOf(RECORD), { overwrite: true });
    else next.delete();
  }

  return {
    write(record, chunk) {
      new Directory(uri).create({ intermediates: true, idempotent: true });
      settle();
      const next = fileOf(NEXT);
      const target = chunk === null ? null : chunkOf(chunk.index);
      const isNew = target?.exists === false;
      const announced = chunk === null ? null : { index: chunk.index, bytes: chunk.bytes.length };
      try {
        next.write(`{"chunk":${JSON.stringify(announced)},"record":${record}}`);
        if (chunk !== null && target !== null) writeWhole(target, chunk.bytes);
      } catch (error) {
        // What can't be taken away now is settled when the folder is opened again.
        attempt(() => deleteIfThere(next));
        if (isNew && target !== null) attempt(() => deleteIfThere(target));
        throw error;
      }
      next.moveSync(fileOf(RECORD), { overwrite: true });
    },
    read() {
      settle();
      const record = fileOf(RECORD);
      return record.exists ? entryOf(record)?.record : undefined;
    },
    chunk: chunkOf,
    get isNobodys() {
      // By what is listed, not by what can't be found: nobody's folders are thrown away.
      const names = new Directory(uri).list().map(({ name }) => name);
      return !names.includes(RECORD) && !names.includes(NEXT);
    },
    remove() {
      // The record first: cut off in between, what is left is nobody's.
      deleteIfThere(fileOf(NEXT));
      deleteIfThere(fileOf(RECORD));
      deleteIfThere(new Directory(uri));
    },
  };
}

function entryOf(file: DeviceFile): Entry | null {
  try {
    const entry: unknown = JSON.parse(file.textSync());
    return typeof entry === 'object' && entry !== null && 'record' in entry ? (entry as Entry) : null;
  } catch {
    return null;
  }
}

export function sizeOf(file: DeviceFile): number | null {
  return file.exists ? (file.size ?? 0) : null;
}

export function writeWhole(file: DeviceFile, bytes: Uint8Array): void {
  // A copy where it is a part of something larger: the native side is handed the buffer.
  file.write(bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice());
  const written = sizeOf(file);
  if (written !== bytes.length) {
    throw new Error(`no space left? ${written ?? 0} of ${bytes.length} bytes were written`);
  }
}

export function deleteIfThere(entry: { readonly exists: boolean; delete(): void }): void {
  if (entry.exists) entry.delete();
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // Said where it is called.
  }
}
