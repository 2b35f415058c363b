/** What a file system says, as the port's errors. */
import { ObjectStoreUnavailable } from '../object-store.ts';

/** An object already stands under the key of a write that may only create. */
export class ObjectExists extends Error {
  readonly code = 'already_uploaded';
  constructor(key: string) {
    super(`an object stands under ${key}`);
    this.name = 'ObjectExists';
  }
}

/** The disk, its quota or its reserve (`minFreeBytes`) is used up. */
export class StorageFull extends ObjectStoreUnavailable {
  constructor(options?: ErrorOptions) {
    super('the disk of the object store is full', options);
    this.name = 'StorageFull';
  }
}

/** Runs file system work; what it throws comes out as `StorageFull` or `ObjectStoreUnavailable` with its cause. */
export async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskError(error);
  }
}

export function diskError(error: unknown): ObjectStoreUnavailable {
  if (error instanceof ObjectStoreUnavailable) return error;
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new StorageFull({ cause: error });
  return new ObjectStoreUnavailable(`object store on disk: ${code ?? String(error)}`, { cause: error });
}

/** By shape, not by class: Node's own errors are of another realm inside a test runner. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
