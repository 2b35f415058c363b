import { StoreError, type StoreErrorCode } from '../upload/ports.ts';

/** What the systems say of a disk without room: POSIX, Android (libcore) and iOS (Cocoa 640, NSFileWriteOutOfSpace). */
const FULL =
  /ENOSPC|no space left|out of space|not enough (disk )?space|isn.t enough space|Code=640\b|EDQUOT|quota exceeded/i;

export function storeErrorOf(error: unknown, otherwise: StoreErrorCode = 'failed'): StoreError {
  if (error instanceof StoreError) return error;
  const { code = '', message = String(error) } = (error ?? {}) as { code?: string; message?: string };
  const full = FULL.test(`${code} ${message}`);
  return new StoreError(full ? 'full' : otherwise, full ? 'the disk is full' : message, { cause: error });
}
