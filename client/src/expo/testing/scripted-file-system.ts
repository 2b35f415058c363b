/**
 * A DOUBLE of `expo-file-system` over a real folder, by `node:fs`, which does what the sources of SDK 57 do: nothing is
 * atomic, a move over a file deletes that first, what is not there cannot be deleted. It can be killed at any step: the
 * step is done by half (a write writes half, a move has only deleted), and everything after it fails as if the app
 * had ended. Upload tasks are real requests.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type {
  DeviceDirectory,
  DeviceFile,
  DeviceFileHandle,
  FileSystemModules,
  UploadTask,
  UploadTaskOptions,
} from '../expo-modules.ts';

export type ScriptedFileSystem = FileSystemModules & {
  /** Changes of the disk so far. */
  readonly steps: number;
  /** The step with this number is done by half, and is the last. */
  killAt: number | null;
  /** Bytes that can still be written; null: as many as there are. */
  room: number | null;
  /** As the system says it. */
  freeBytes: number;
  readonly tasks: readonly ScriptedTask[];
};

export type ScriptedTask = { readonly options: UploadTaskOptions; readonly released: boolean };

export class Killed extends Error {}

export function scriptedFileSystem(folder: string): ScriptedFileSystem {
  const [documents, cache] = [join(folder, 'Documents'), join(folder, 'Caches')];
  mkdirSync(documents, { recursive: true });
  mkdirSync(cache, { recursive: true });
  const tasks: Task[] = [];
  let steps = 0;
  let killed = false;

  function step(whole: () => void, half: () => void): void {
    alive();
    steps++;
    killed = steps === fs.killAt;
    if (!killed) whole();
    else half();
    alive();
  }
  function alive(): void {
    if (killed) throw new Killed('the app was killed');
  }
  function take(bytes: Uint8Array): Uint8Array {
    if (fs.room === null) return bytes;
    const taken = bytes.subarray(0, fs.room);
    fs.room -= taken.length;
    return taken;
  }
  const full = () => new Error('write failed: ENOSPC (No space left on device)');
  const nothing = () => undefined;
  const pathOf = (uris: string[]) => {
    const [first = '', ...rest] = uris;
    return join(fileURLToPath(first), ...rest);
  };

  class File implements DeviceFile {
    #path: string;
    constructor(...uris: string[]) {
      this.#path = pathOf(uris);
    }
    get uri() {
      return pathToFileURL(this.#path).href;
    }
    get name() {
      return this.#path.split('/').at(-1) ?? '';
    }
    get exists() {
      alive();
      return existsSync(this.#path) && statSync(this.#path).isFile();
    }
    get size() {
      return this.exists ? statSync(this.#path).size : 0;
    }
    create({ intermediates = false, overwrite = false } = {}) {
      if (this.exists && !overwrite) throw new Error('it already exists');
      if (intermediates) mkdirSync(dirname(this.#path), { recursive: true });
      step(() => writeFileSync(this.#path, ''), nothing);
    }
    write(content: string | Uint8Array) {
      // The native side may be handed the buffer behind an array, whatever part of it was meant.
      const whole = typeof content === 'string' ? Buffer.from(content) : new Uint8Array(content.buffer);
      step(
        () => {
          const taken = take(whole);
          writeFileSync(this.#path, taken);
          if (taken.length < whole.length) throw full();
        },
        () => writeFileSync(this.#path, whole.subarray(0, whole.length >> 1)),
      );
    }
    async text() {
      return this.textSync();
    }
    textSync() {
      alive();
      return readFileSync(this.#path, 'utf8');
    }
    async bytes() {
      alive();
      return new Uint8Array(readFileSync(this.#path));
    }
    delete() {
      if (!this.exists) throw new Error(`'${this.uri}' does not exist`);
      step(() => rmSync(this.#path), nothing);
    }
    moveSync(destination: DeviceFile, { overwrite = false } = {}) {
      const target = fileURLToPath(destination.uri);
      if (existsSync(target) && !overwrite) throw new Error('the destination already exists');
      step(
        () => {
          rmSync(target, { force: true });
          renameSync(this.#path, target);
          this.#path = target;
        },
        () => rmSync(target, { force: true }),
      );
    }
    open(mode = 'rw'): DeviceFileHandle {
      alive();
      const descriptor = openSync(this.#path, mode === 'r' ? 'r' : 'r+');
      return handleOf(descriptor, mode);
    }
    createUploadTask(url: string, options: UploadTaskOptions = {}) {
      const task = new Task(this, url, options);
      tasks.push(task);
      return task;
    }
  }

  function handleOf(descriptor: number, mode: string): DeviceFileHandle {
    let offset: number | null = 0;
    return {
      get offset() {
        return offset;
      },
      set offset(next) {
        offset = next;
      },
      readBytes(length) {
        if (mode === 'w') throw new Error('File opened write-only');
        const bytes = new Uint8Array(Math.min(length, fstatSync(descriptor).size - (offset ?? 0)));
        offset = (offset ?? 0) + readSync(descriptor, bytes, 0, bytes.length, offset);
        return bytes;
      },
      writeBytes(bytes) {
        if (mode === 'r') throw new Error('File opened read-only');
        const whole = new Uint8Array(bytes.buffer);
        step(() => {
          const taken = take(whole);
          offset = (offset ?? 0) + writeSync(descriptor, taken, 0, taken.length, offset);
          if (taken.length < whole.length) throw full();
        }, nothing);
      },
      close() {
        offset = null;
        closeSync(descriptor);
      },
    };
  }

  class Directory implements DeviceDirectory {
    readonly #path: string;
    constructor(...uris: string[]) {
      this.#path = pathOf(uris);
    }
    get uri() {
      return `${pathToFileURL(this.#path).href}/`;
    }
    get name() {
      return this.#path.split('/').at(-1) ?? '';
    }
    get exists() {
      alive();
      return existsSync(this.#path) && statSync(this.#path).isDirectory();
    }
    create({ intermediates = false, idempotent = false } = {}) {
      if (this.exists) {
        if (idempotent) return;
        throw new Error('it already exists');
      }
      step(() => mkdirSync(this.#path, { recursive: intermediates }), nothing);
    }
    delete() {
      if (!this.exists) throw new Error(`'${this.uri}' does not exist`);
      step(
        () => rmSync(this.#path, { recursive: true }),
        () => {
          const [first] = readdirSync(this.#path);
          if (first !== undefined) rmSync(join(this.#path, first), { recursive: true });
        },
      );
    }
    list() {
      alive();
      return readdirSync(this.#path, { withFileTypes: true }).map((entry) =>
        entry.isDirectory() ? new Directory(this.uri, entry.name) : new File(this.uri, entry.name),
      );
    }
  }

  class Task implements UploadTask, ScriptedTask {
    released = false;
    readonly options: UploadTaskOptions;
    readonly #file: File;
    readonly #url: string;
    readonly #abort = new AbortController();
    constructor(file: File, url: string, options: UploadTaskOptions) {
      this.#file = file;
      this.#url = url;
      this.options = options;
    }
    async uploadAsync() {
      const body = await this.#file.bytes();
      const { httpMethod = 'POST', headers = {} } = this.options;
      const answer = await fetch(this.#url, {
        method: httpMethod,
        headers,
        body,
        signal: this.#abort.signal,
      });
      await answer.arrayBuffer();
      return { status: answer.status, headers: Object.fromEntries(answer.headers) };
    }
    cancel() {
      this.#abort.abort();
    }
    release() {
      this.released = true;
      this.#abort.abort();
    }
  }

  const fs: ScriptedFileSystem = {
    File,
    Directory,
    Paths: {
      document: new Directory(pathToFileURL(documents).href),
      cache: new Directory(pathToFileURL(cache).href),
      get availableDiskSpace() {
        return fs.freeBytes;
      },
    },
    FileMode: { ReadOnly: 'r', WriteOnly: 'w' },
    UploadType: { BINARY_CONTENT: 0 },
    get steps() {
      return steps;
    },
    killAt: null,
    room: null,
    freeBytes: 1_000_000_000,
    tasks,
  };
  return fs;
}
