/**
 * Files that can be made again at any time, in the cache folder: the system may take them away when room gets scarce,
 * and `clear` does at each launch. One a name, so that a second try takes no more room than the first.
 */
import type { DeviceFile, FileSystemModules } from './expo-modules.ts';
import { deleteIfThere } from './recording-folder.ts';

export interface TemporaryFiles {
  /** Written piece by piece; what was there is written over. */
  writeAll(name: string, pieces: AsyncIterable<Uint8Array>): Promise<DeviceFile>;
  /** For who writes it by itself: new and empty. */
  create(name: string): DeviceFile;
  /** One that is there already. */
  at(name: string): DeviceFile;
  remove(name: string): void;
  clear(): void;
}

const FOLDER = 'thankly-joined';

export function createTemporaryFiles({
  Directory,
  File,
  FileMode,
  Paths,
}: FileSystemModules): TemporaryFiles {
  const folder = () => new Directory(Paths.cache.uri, FOLDER);
  const fileOf = (name: string) => new File(folder().uri, name);

  function create(name: string): DeviceFile {
    const file = fileOf(name);
    file.create({ intermediates: true, overwrite: true });
    return file;
  }

  return {
    create,
    at: fileOf,
    async writeAll(name, pieces) {
      const file = create(name);
      const handle = file.open(FileMode.WriteOnly);
      try {
        for await (const piece of pieces) handle.writeBytes(piece);
      } finally {
        handle.close();
      }
      return file;
    },
    remove: (name) => deleteIfThere(fileOf(name)),
    clear: () => deleteIfThere(folder()),
  };
}
